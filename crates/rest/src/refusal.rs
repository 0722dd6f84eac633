//! Answers to what never comes as far as the routes: written as text, in HTTP/1.1.

use fhir::outcome;
use http::StatusCode;

use crate::failure::Failure;

/// There are too many connections.
pub(crate) fn no_room() -> String {
    text(Failure::Overloaded { of: "connections" })
}

/// There are too many long heads.
pub(crate) fn no_memory() -> String {
    text(Failure::Overloaded { of: "long heads of requests" })
}

/// TLS is spoken here.
pub(crate) fn no_tls() -> String {
    text(Failure::TlsWanted)
}

/// The head of a request could not be read: 414, 431 or 400.
pub(crate) fn of_head(status: u16) -> String {
    text(match status {
        414 => Failure::AddressTooLong,
        431 => Failure::HeadTooLarge,
        _ => Failure::MalformedHead,
    })
}

fn text(failure: Failure) -> String {
    let told = failure.outcome();
    let body = fhir::json::to_string(&outcome::operation_outcome(&told.issues));
    let reason = StatusCode::from_u16(told.status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let retry = told.retry_after_s.map(|seconds| format!("retry-after: {seconds}\r\n")).unwrap_or_default();
    let (status, length) = (told.status, body.len());
    format!(
        "HTTP/1.1 {status} {reason}\r\ncontent-type: application/fhir+json\r\ncontent-length: {length}\r\n{retry}connection: close\r\n\r\n{body}"
    )
}
