//! The text of a Bundle, put together from the texts of its resources: nothing is parsed.

use bytes::Bytes;
use fhir::primitive::instant_text;
use fhir::{Issue, Value, json, outcome};
use store::commit::Instant;

use crate::etag::etag;

/// A Bundle being written: its links and total first, then its entries.
pub(crate) struct BundleText {
    out: Vec<u8>,
    links: usize,
    entries: usize,
}

/// An entry.
#[derive(Default)]
pub(crate) struct EntryText<'a> {
    pub(crate) full_url: Option<&'a str>,
    /// The JSON text of the resource, in UTF-8.
    pub(crate) resource: Option<&'a [u8]>,
    /// `match`, `include` or `outcome`.
    pub(crate) search_mode: Option<&'static str>,
    /// How well it matches, in thousandths.
    pub(crate) score: Option<u16>,
    /// The method, and the url below the base address.
    pub(crate) request: Option<(&'static str, &'a str)>,
    pub(crate) response: Option<ResponseText<'a>>,
}

/// What became of an entry.
#[derive(Default)]
pub(crate) struct ResponseText<'a> {
    pub(crate) status: u16,
    pub(crate) location: Option<&'a str>,
    pub(crate) version: Option<u64>,
    pub(crate) last_modified: Option<Instant>,
    pub(crate) issues: &'a [Issue],
}

impl BundleText {
    /// A Bundle of a type, with room for about `size` bytes.
    pub(crate) fn new(kind: &str, size: usize) -> Self {
        let mut text = Self { out: Vec::with_capacity(size + 256), links: 0, entries: 0 };
        text.push("{\"resourceType\":\"Bundle\",\"type\":\"");
        text.push(kind);
        text.push("\"");
        text
    }

    /// How many resources match in all. Before the links.
    pub(crate) fn total(&mut self, total: u64) {
        self.push(&format!(",\"total\":{total}"));
    }

    /// A link to this or another page. Before the entries.
    pub(crate) fn link(&mut self, relation: &'static str, url: &str) {
        self.push(if self.links == 0 { ",\"link\":[{\"relation\":\"" } else { ",{\"relation\":\"" });
        self.links += 1;
        self.push(relation);
        self.push("\"");
        self.text("url", url);
        self.push("}");
    }

    /// An entry.
    pub(crate) fn entry(&mut self, entry: EntryText<'_>) {
        if self.entries == 0 {
            self.close_links();
            self.push(",\"entry\":[");
        } else {
            self.push(",");
        }
        self.entries += 1;
        let start = self.out.len();
        if let Some(url) = entry.full_url {
            self.text("fullUrl", url);
        }
        if let Some(resource) = entry.resource {
            self.push(",\"resource\":");
            self.out.extend_from_slice(resource);
        }
        if let Some(mode) = entry.search_mode {
            self.push(",\"search\":{\"mode\":\"");
            self.push(mode);
            self.push("\"");
            if let Some(score) = entry.score {
                self.push(&format!(",\"score\":{}.{:03}", score / 1000, score % 1000));
            }
            self.push("}");
        }
        if let Some((method, url)) = entry.request {
            self.push(",\"request\":{\"method\":\"");
            self.push(method);
            self.push("\"");
            self.text("url", url);
            self.push("}");
        }
        if let Some(response) = entry.response {
            self.response(response);
        }
        // Every member was written with a comma before it: the first one's becomes the brace.
        if let Some(comma) = self.out.get_mut(start) {
            *comma = b'{';
        }
        self.push("}");
    }

    fn response(&mut self, response: ResponseText<'_>) {
        self.push(",\"response\":{\"status\":\"");
        self.push(&status_line(response.status));
        self.push("\"");
        if let Some(location) = response.location {
            self.text("location", location);
        }
        if let Some(version) = response.version {
            self.text("etag", &etag(version));
        }
        if let Some(at) = response.last_modified {
            self.text("lastModified", &instant_text(at));
        }
        if !response.issues.is_empty() {
            self.push(",\"outcome\":");
            self.push(&json::to_string(&outcome::operation_outcome(response.issues)));
        }
        self.push("}");
    }

    fn close_links(&mut self) {
        if self.links > 0 {
            self.push("]");
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        self.push(",\"");
        self.push(name);
        self.push("\":");
        // Most addresses have nothing that JSON escapes.
        if value.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
            self.push("\"");
            self.push(value);
            self.push("\"");
        } else {
            self.push(&json::to_string(&Value::from(value)));
        }
    }

    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// The text.
    pub(crate) fn finish(mut self) -> Bytes {
        if self.entries == 0 {
            self.close_links();
        } else {
            self.push("]");
        }
        self.push("}");
        Bytes::from(self.out)
    }
}

/// `201 Created`.
fn status_line(status: u16) -> String {
    let reason = match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        422 => "Unprocessable Entity",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        507 => "Insufficient Storage",
        _ => return status.to_string(),
    };
    format!("{status} {reason}")
}
