//! What the server answered.

use fhir::{Value, json};
use http::{HeaderMap, StatusCode};

/// A status, headers and a body.
#[derive(Clone, Debug)]
pub struct Told {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Told {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        json::parse(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The resources of a Bundle's entries in one search mode, as `Type/id`, sorted.
    pub fn found(&self, mode: &str) -> Vec<String> {
        found(&self.json(), mode)
    }

    /// The status and the text, in which the id that was asked about is called so: whatever else differs shows.
    pub fn about(&self, id: &str) -> (u16, String) {
        (self.status.as_u16(), self.text().replace(&format!("/{id}"), "/ID"))
    }

    /// Where a link of the Bundle leads.
    pub fn link(&self, relation: &str) -> Option<String> {
        let bundle = self.json();
        bundle.list("link").find(|link| link.text("relation") == Some(relation))?.text("url").map(str::to_owned)
    }
}

/// The resources of a Bundle's entries in one search mode, as `Type/id`, sorted.
pub fn found(bundle: &Value, mode: &str) -> Vec<String> {
    let entries = bundle.list("entry").filter(|entry| entry.get("search").and_then(|search| search.text("mode")) == Some(mode));
    let resources = entries.filter_map(|entry| entry.get("resource"));
    let mut found: Vec<String> = resources.map(place).collect();
    found.sort_unstable();
    found
}

/// `Patient/own`.
pub fn place(resource: &Value) -> String {
    format!("{}/{}", resource.resource_type().unwrap_or("?"), resource.text("id").unwrap_or("?"))
}
