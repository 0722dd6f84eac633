//! `$purge`: the record of a patient removed for good, as the draft of FHIR R6 has it (<https://build.fhir.org/patient-operation-purge.html>).

use fhir::outcome::operation_outcome;
use fhir::{Issue, IssueCode, Severity};

use super::limits::MOST_TIME;
use super::{Call, Operation, Parameter, Place, Reply, Right, Types};
use crate::erase::{EraseRecordRequest, Record, erase_record};
use crate::{Context, Error, codes};

pub(super) const FORCE: Parameter =
    Parameter::input("force", "boolean", 0, Some(1), "Also when resources that stay refer to it: their references then lead to nothing.");

pub(super) const BY_LAW: Parameter =
    Parameter::input("byLaw", "boolean", 0, Some(1), "Also before the time is over for which records are kept, because a law demands it.");

pub(super) const OPERATION: Operation = Operation {
    code: "purge",
    id: "Patient-purge",
    name: "PatientPurge",
    doc: "Removes a patient and what belongs to no other patient with all versions for good, where the settings allow it.",
    is_standard: false,
    system: false,
    on_type: false,
    on_instance: true,
    on_version: false,
    types: Types::Only(&["Patient"]),
    affects_state: true,
    takes_criteria: false,
    right: Right::Named,
    parameters: &[
        FORCE,
        BY_LAW,
        Parameter::output("return", "OperationOutcome", 1, Some(1), "What is gone, and whether something is left for another call."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// [`Error::EraseOff`] unless the settings let clients erase.
pub(super) fn check_allowed(ctx: &Context) -> Result<(), Error> {
    if ctx.settings().erase { Ok(()) } else { Err(Error::EraseOff) }
}

/// An OperationOutcome: how many resources and versions are gone, and a warning when the time was over before all of them were.
///
/// [`Error::EraseOff`] when the settings do not allow it, and the errors of [`erase_record`].
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    check_allowed(ctx)?;
    let Place::Instance(patient) = call.place else { return Err(Error::BadId) };
    let force = call.arguments.truth("force") == Some(true);
    let by_law = call.arguments.truth("byLaw") == Some(true);
    let record = erase_record(ctx, EraseRecordRequest { patient, force, by_law, most_time: Some(MOST_TIME) }).await?;
    Ok(Reply::resource(&operation_outcome(&issues(record))))
}

fn issues(record: Record) -> Vec<Issue> {
    let Record { resources, versions, is_complete } = record;
    let gone = format!("{resources} resources with {versions} versions are gone for good");
    let mut issues = vec![Issue::error(codes::ERASED, IssueCode::Informational, "", gone).with_severity(Severity::Information)];
    if !is_complete {
        let left = "the time was over before all of the record was gone, and the patient is still there: call the operation again";
        issues.push(Issue::error(codes::ERASE_INCOMPLETE, IssueCode::Incomplete, "", left).with_severity(Severity::Warning));
    }
    issues
}
