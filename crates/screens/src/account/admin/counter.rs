//! Where the pages of administration ask: what stands behind `/api/v1`, asked in this process.

use std::pin::Pin;

use fhir::Value;
use http::request::Parts;
use identity::Secret;

/// Something that is asked.
pub struct Wanted {
    /// The method of HTTP.
    pub method: &'static str,
    /// The path below `/api/v1`, in its parts.
    pub path: Vec<String>,
    /// The parameters.
    pub query: Vec<(String, String)>,
    /// The body; `None`: there is none.
    pub body: Option<Value>,
    /// The version that what is changed must have; `None`: any.
    pub version: Option<u64>,
}

/// What was answered.
pub struct Done {
    /// The body; `null` where there is none.
    pub body: Value,
    /// The version of what is answered, where it has one.
    pub version: Option<u64>,
}

/// What was not done, and why.
#[derive(Debug)]
pub struct Refused {
    /// The status of HTTP.
    pub status: u16,
    /// All that is wrong, for people.
    pub problems: Vec<String>,
}

/// What comes back.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Done, Refused>> + Send + 'a>>;

/// Asks and answers as `/api/v1` does.
pub trait Counter: Send + Sync {
    /// Does what is asked, as whoever has this session would by `/api/v1`, and tells the audit trail of it.
    fn ask<'a>(&'a self, head: &'a Parts, session: &'a Secret, wanted: Wanted) -> Answering<'a>;

    /// The codes of the permissions that whoever has this session has, once they have shown a second factor; none when that cannot be told.
    fn permissions<'a>(&'a self, head: &'a Parts, session: &'a Secret) -> Pin<Box<dyn Future<Output = Vec<&'static str>> + Send + 'a>>;
}
