//! The text of a Bundle, put together from the texts of its resources: nothing is parsed.

use bytes::Bytes;
use fhir::primitive::instant_text;
use fhir::{Issue, Value, json, outcome};
use store::commit::Instant;

use crate::etag::etag;

/// A Bundle being written: its links and total first, then its entries.
pub(crate) struct BundleText {
    out: String,
    links: usize,
    entries: usize,
}

/// An entry.
#[derive(Default)]
pub(crate) struct EntryText<'a> {
    pub(crate) full_url: Option<&'a str>,
    /// The JSON text of the resource.
    pub(crate) resource: Option<&'a str>,
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
        let mut out = String::with_capacity(size + 256);
        out.push_str("{\"resourceType\":\"Bundle\",\"type\":\"");
        out.push_str(kind);
        out.push('"');
        Self { out, links: 0, entries: 0 }
    }

    /// How many resources match in all. Before the links.
    pub(crate) fn total(&mut self, total: u64) {
        self.out.push_str(&format!(",\"total\":{total}"));
    }

    /// A link to this or another page. Before the entries.
    pub(crate) fn link(&mut self, relation: &'static str, url: &str) {
        self.out.push_str(if self.links == 0 { ",\"link\":[{\"relation\":\"" } else { ",{\"relation\":\"" });
        self.links += 1;
        self.out.push_str(relation);
        self.out.push('"');
        self.text("url", url);
        self.out.push('}');
    }

    /// An entry.
    pub(crate) fn entry(&mut self, entry: EntryText<'_>) {
        if self.entries == 0 {
            self.close_links();
            self.out.push_str(",\"entry\":[");
        } else {
            self.out.push(',');
        }
        self.entries += 1;
        let start = self.out.len();
        if let Some(url) = entry.full_url {
            self.text("fullUrl", url);
        }
        if let Some(resource) = entry.resource {
            self.out.push_str(",\"resource\":");
            self.out.push_str(resource);
        }
        if let Some(mode) = entry.search_mode {
            self.out.push_str(",\"search\":{\"mode\":\"");
            self.out.push_str(mode);
            self.out.push('"');
            if let Some(score) = entry.score {
                self.out.push_str(&format!(",\"score\":{}.{:03}", score / 1000, score % 1000));
            }
            self.out.push('}');
        }
        if let Some((method, url)) = entry.request {
            self.out.push_str(",\"request\":{\"method\":\"");
            self.out.push_str(method);
            self.out.push('"');
            self.text("url", url);
            self.out.push('}');
        }
        if let Some(response) = entry.response {
            self.response(response);
        }
        // Every member was written with a comma before it: the first one's becomes the brace.
        self.out.replace_range(start..start + 1, "{");
        self.out.push('}');
    }

    fn response(&mut self, response: ResponseText<'_>) {
        self.out.push_str(",\"response\":{\"status\":\"");
        self.out.push_str(&status_line(response.status));
        self.out.push('"');
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
            self.out.push_str(",\"outcome\":");
            json::write(&outcome::operation_outcome(response.issues), &mut self.out);
        }
        self.out.push('}');
    }

    fn close_links(&mut self) {
        if self.links > 0 {
            self.out.push(']');
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        self.out.push_str(",\"");
        self.out.push_str(name);
        self.out.push_str("\":");
        json::write(&Value::from(value), &mut self.out);
    }

    /// The text.
    pub(crate) fn finish(mut self) -> Bytes {
        if self.entries == 0 {
            self.close_links();
        } else {
            self.out.push(']');
        }
        self.out.push('}');
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
