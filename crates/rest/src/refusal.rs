//! Answers to what never comes as far as the routes: written as text, in HTTP/1.1.

use axum::response::{IntoResponse, Response};
use fhir::outcome;
use http::StatusCode;
use http::header::{CONNECTION, CONTENT_TYPE};
use interaction::Outcome;

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

/// The request names no host, or several: an answer for the parser, which then closes the connection.
pub(crate) fn two_hosts() -> Response {
    let (told, body) = told(Failure::BadHost);
    let headers = [(CONTENT_TYPE, "application/fhir+json"), (CONNECTION, "close")];
    (StatusCode::from_u16(told.status).unwrap_or(StatusCode::BAD_REQUEST), headers, body).into_response()
}

fn told(failure: Failure) -> (Outcome, String) {
    let told = failure.outcome();
    let body = fhir::json::to_string(&outcome::operation_outcome(&told.issues));
    (told, body)
}

fn text(failure: Failure) -> String {
    let (told, body) = told(failure);
    let reason = StatusCode::from_u16(told.status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let retry = told.retry_after_s.map(|seconds| format!("retry-after: {seconds}\r\n")).unwrap_or_default();
    let (status, length) = (told.status, body.len());
    format!(
        "HTTP/1.1 {status} {reason}\r\ncontent-type: application/fhir+json\r\ncontent-length: {length}\r\n{retry}connection: close\r\n\r\n{body}"
    )
}
