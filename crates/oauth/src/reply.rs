//! What an endpoint answers, for whoever speaks HTTP.

use fhir::{Value, json};

/// An answer: status, JSON object, and the headers that belong to it.
#[derive(Clone, PartialEq)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// The body; `None`: an empty one.
    pub body: Option<Value>,
    /// The value of `WWW-Authenticate`.
    pub challenge: Option<String>,
    /// How many seconds it may be kept. `None`: `Cache-Control: no-store`.
    pub max_age_seconds: Option<u32>,
}

impl Reply {
    /// A JSON object that nobody may keep.
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, body: Some(body), challenge: None, max_age_seconds: None }
    }

    /// An empty answer that nobody may keep.
    pub fn empty(status: u16) -> Self {
        Self { status, body: None, challenge: None, max_age_seconds: None }
    }

    /// A document that may be kept so long.
    pub fn document(body: Value, max_age_seconds: u32) -> Self {
        Self { max_age_seconds: Some(max_age_seconds), ..Self::json(200, body) }
    }

    /// The same with `WWW-Authenticate`.
    pub fn with_challenge(mut self, challenge: String) -> Self {
        self.challenge = Some(challenge);
        self
    }

    /// The body as text; empty when there is none.
    pub fn text(&self) -> String {
        self.body.as_ref().map_or_else(String::new, json::to_string)
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let error = self.body.as_ref().and_then(|body| body.get("error")).and_then(Value::as_str);
        f.debug_struct("Reply").field("status", &self.status).field("error", &error).finish_non_exhaustive()
    }
}
