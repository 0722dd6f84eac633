//! What HTTP says to a resource that was written.

use fhir::{Issue, json, outcome};
use http::{StatusCode, header};
use interaction::{Returning, Written};

use crate::answer::Answer;
use crate::exchange::Exchange;

/// 200 or 201, with Location, ETag, Last-Modified, and what Prefer asks for: the resource when it says nothing.
pub(super) fn written(exchange: &Exchange, base_url: &str, done: &Written) -> Answer {
    let status = if done.status() == 201 { StatusCode::CREATED } else { StatusCode::OK };
    let answer = match exchange.returning() {
        Returning::Minimal => Answer::empty(status),
        Returning::Representation => Answer { status, ..Answer::ok(done.text()) },
        Returning::OperationOutcome => Answer { status, ..Answer::ok(json::to_string(&outcome::operation_outcome(&issues(done))).into()) },
    };
    let location = format!("{base_url}/{}", done.location());
    answer.at_version(done.version, done.last_updated).with(header::LOCATION, &location)
}

/// The warnings, or that all is well: an OperationOutcome has at least one issue.
fn issues(done: &Written) -> Vec<Issue> {
    if !done.issues.is_empty() {
        return done.issues.clone();
    }
    vec![interaction::all_well()]
}
