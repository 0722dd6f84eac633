//! `CodeSystem/$subsumes` (<http://hl7.org/fhir/R4/codesystem-operation-subsumes.html>).

use std::sync::Arc;

use fhir::{IssueCode, Value};

use crate::engine::Terminology;
use crate::error::{Failure, TerminologyError};
use crate::issue::{Kind, TxIssue};
use crate::messages;
use crate::request::{Coding, SubsumesRequest};
use crate::session::{Rules, Session};
use crate::system::System;

/// How two concepts stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subsumption {
    /// They are the same.
    Equivalent,
    /// The first stands above the second.
    Subsumes,
    /// The second stands above the first.
    SubsumedBy,
    /// Neither.
    NotSubsumed,
}

impl Subsumption {
    /// The code that FHIR writes.
    pub fn code(self) -> &'static str {
        match self {
            Subsumption::Equivalent => "equivalent",
            Subsumption::Subsumes => "subsumes",
            Subsumption::SubsumedBy => "subsumed-by",
            Subsumption::NotSubsumed => "not-subsumed",
        }
    }
}

/// How two codes of a system stand to each other: Parameters with `outcome`.
///
/// # Errors
/// When the code system or a code is not known, or the codes are of two systems.
pub fn subsumes(engine: &Terminology<'_>, request: &SubsumesRequest) -> Result<Value, TerminologyError> {
    let session = Session::new(*engine, request.options.clone());
    let (left, right) = (&request.left, &request.right);
    if left.system != right.system || left.version != right.version {
        return Err(TerminologyError::request("Subsumption can only be tested between two codes of the same code system and version"));
    }
    let url = left.system.as_deref().unwrap_or_default();
    let Some(system) = session.system(url, left.version.as_deref(), Rules::Apply)? else {
        let message = messages::unknown_system_of_code(url, left.version.as_deref(), &session.known_versions(url));
        return Err(TerminologyError::not_found(message).with_failure(Failure::NotFound));
    };
    let outcome = compare(&system, known(left)?, known(right)?)?;
    let parameter = fhir::object! { "name": "outcome", "valueCode": outcome.code() };
    Ok(fhir::object! { "resourceType": "Parameters", "parameter": fhir::array![parameter] })
}

fn known(coding: &Coding) -> Result<&str, TerminologyError> {
    coding.code.as_deref().ok_or_else(|| TerminologyError::request("A coding without a code cannot be tested"))
}

/// How two codes stand to each other.
///
/// # Errors
/// When the system does not have one of them.
pub(crate) fn compare(system: &Arc<dyn System>, left: &str, right: &str) -> Result<Subsumption, TerminologyError> {
    let find = |code: &str| {
        system.find(code).ok_or_else(|| {
            let message = messages::unknown_code(code, &system.about().url, system.about().version.as_deref());
            let issue = TxIssue::error(IssueCode::NotFound, Kind::InvalidCode, message);
            TerminologyError::new(Failure::NotFound, issue)
        })
    };
    let (left, right) = (find(left)?, find(right)?);
    if left == right {
        return Ok(Subsumption::Equivalent);
    }
    Ok(match (left.row(), right.row()) {
        (Some(left), Some(right)) if system.is_above(left, right) => Subsumption::Subsumes,
        (Some(left), Some(right)) if system.is_above(right, left) => Subsumption::SubsumedBy,
        _ => Subsumption::NotSubsumed,
    })
}
