//! The Prefer header (RFC 7240, <http://hl7.org/fhir/R4/http.html#ops>).

use http::{HeaderMap, header::HeaderName};
use interaction::Returning;

/// What a client prefers. What it does not say, or says in unknown words, is `None`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Preference {
    /// `return=minimal`, `representation` or `OperationOutcome`.
    pub(crate) returning: Option<Returning>,
    /// `handling=lenient`.
    pub(crate) lenient: bool,
}

impl Preference {
    /// Reads all Prefer headers; the first word on a matter counts.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut preference = Self::default();
        let mut handling = None;
        for value in headers.get_all(HeaderName::from_static("prefer")) {
            for part in value.to_str().unwrap_or_default().split([',', ';']) {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                match (name.trim(), value.trim().trim_matches('"')) {
                    ("return", "minimal") => preference.returning = preference.returning.or(Some(Returning::Minimal)),
                    ("return", "representation") => preference.returning = preference.returning.or(Some(Returning::Representation)),
                    ("return", "OperationOutcome") => preference.returning = preference.returning.or(Some(Returning::OperationOutcome)),
                    ("handling", value @ ("lenient" | "strict")) => handling = handling.or(Some(value == "lenient")),
                    _ => {}
                }
            }
        }
        preference.lenient = handling.unwrap_or(false);
        preference
    }
}
