//! What is asked of the desk, and what it answers.

use std::sync::Arc;

use access::{Grant, Principal};
use fhir::Value;
use store::commit::Tenant;

/// Something that is asked.
#[derive(Clone)]
pub struct Asked {
    /// What whoever asks may do, and who that is. Their tenant is the one that is administered.
    pub grant: Arc<Grant>,
    /// The method of HTTP: `GET`, `POST`, `PUT` or `DELETE`.
    pub method: String,
    /// The path below `/api/v1`, in its parts: `["users", "u-12"]`.
    pub path: Vec<String>,
    /// The parameters, decoded.
    pub query: Vec<(String, String)>,
    /// The body; `None`: there is none.
    pub body: Option<Value>,
    /// The version that what is changed must have (`If-Match`); `None`: any.
    pub if_match: Option<u64>,
    /// Whether what is written must not be there yet (`If-None-Match: *`).
    pub if_absent: bool,
    /// Where people reach the pages, without a slash at its end: links begin with it.
    pub site: String,
}

impl Asked {
    /// Whoever asks.
    pub fn who(&self) -> &Arc<Principal> {
        &self.grant.principal
    }

    /// In whose data.
    pub fn tenant(&self) -> Tenant {
        self.grant.principal.tenant
    }

    /// The value of a parameter; `None` when it is not there.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// 200, 201 or 204.
    pub status: u16,
    /// The body; `None` with 204.
    pub body: Option<Value>,
    /// The version of what is answered, for `ETag`.
    pub version: Option<u64>,
    /// Where what was made is, below `/api/v1`.
    pub location: Option<String>,
    /// What was done, for the audit trail: to what, and how it changed, without any secret.
    pub told: String,
}

impl Reply {
    /// 200 with a body.
    pub(crate) fn ok(body: Value, told: impl Into<String>) -> Self {
        Self { status: 200, body: Some(body), version: None, location: None, told: told.into() }
    }

    /// 201 with a body, and where that is.
    pub(crate) fn created(body: Value, location: String, told: impl Into<String>) -> Self {
        Self { status: 201, body: Some(body), version: None, location: Some(location), told: told.into() }
    }

    /// 204.
    pub(crate) fn done(told: impl Into<String>) -> Self {
        Self { status: 204, body: None, version: None, location: None, told: told.into() }
    }

    pub(crate) fn at(mut self, version: u64) -> Self {
        self.version = Some(version);
        self
    }
}
