//! What kind of event it is: type, subtype, action and the profile of the Basic Audit Log Patterns that it follows.

use fhir::{Value, object};

use super::coding::{self, Code};
use crate::happening::{Administered, Done, Happening, Interaction, Outcome, What};

/// How an event begins.
pub(super) struct Kind {
    pub(super) of: Code,
    pub(super) subtypes: Vec<Value>,
    /// `C`, `R`, `U`, `D` or `E`.
    pub(super) action: &'static str,
    /// The id of the profile for what touches no patient, without `IHE.BasicAudit.`; that with a patient has `Patient` before it.
    pub(super) pattern: Option<&'static str>,
}

/// The kind of a happening.
pub(super) fn kind(happening: &Happening) -> Kind {
    let mut kind = match &happening.what {
        What::Rest(interaction) => rest(*interaction),
        What::Operation(_) => of(coding::REST, "E", vec![interaction("operation")]),
        What::SignIn(_) => of(coding::AUTHENTICATION, "E", vec![coding::coding(coding::LOGIN)]),
        What::StepUp => of(coding::AUTHENTICATION, "E", vec![object! { "system": coding::OWN_SYSTEM, "code": "step-up" }]),
        What::SignOut(_) => of(coding::AUTHENTICATION, "E", vec![coding::coding(coding::LOGOUT)]),
        What::Export => of(coding::EXPORT, "R", Vec::new()),
        What::BreakGlass => of(coding::SECURITY_ALERT, "E", vec![coding::coding(coding::OVERRIDE_STARTED)]),
        What::BreakGlassEnd => of(coding::SECURITY_ALERT, "E", vec![coding::coding(coding::OVERRIDE_STOPPED)]),
        What::Configuration(_) => of(coding::SECURITY_ALERT, "U", vec![coding::coding(coding::CONFIGURATION)]),
        What::Administration(administered, done, _) => {
            of(coding::SECURITY_ALERT, done.code(), vec![coding::coding(administration(*administered, *done))])
        }
        What::Consent => of(coding::SECURITY_ALERT, "E", vec![coding::coding(coding::CONSENT_DECISION)]),
        What::Disclosure(_) => of(coding::EXPORT, "R", vec![coding::coding(coding::DISCLOSE)]),
        What::Alert(code, _) => of(coding::SECURITY_ALERT, "E", vec![object! { "system": coding::OWN_SYSTEM, "code": &**code }]),
        What::Recording(true) => of(coding::AUDIT_USED, "E", vec![coding::coding(coding::RECORDING_STARTED)]),
        What::Recording(false) => of(coding::AUDIT_USED, "E", vec![coding::coding(coding::RECORDING_STOPPED)]),
    };
    if matches!(happening.outcome, Outcome::Denied(_)) {
        kind.subtypes.push(object! { "system": coding::OWN_SYSTEM, "code": "denied" });
    }
    // The patterns are for what was done.
    kind.pattern = kind.pattern.filter(|_| happening.outcome == Outcome::Done);
    kind
}

/// What DICOM calls it (PS3.16, CID 403).
fn administration(administered: Administered, done: Done) -> Code {
    match (administered, done) {
        (_, Done::Read) => coding::RESTRICTED_FUNCTION,
        (Administered::Account, _) => coding::USER_CHANGED,
        (Administered::Role, _) => coding::ROLES_CHANGED,
        (Administered::Client | Administered::Explanation, _) => coding::CONFIGURATION,
    }
}

fn of(of: Code, action: &'static str, subtypes: Vec<Value>) -> Kind {
    Kind { of, subtypes, action, pattern: None }
}

fn interaction(code: &'static str) -> Value {
    object! { "system": coding::INTERACTION_SYSTEM, "code": code, "display": code }
}

fn rest(interaction: Interaction) -> Kind {
    let (action, pattern) = match interaction {
        Interaction::Create => ("C", Some("Create")),
        Interaction::Read | Interaction::Vread => ("R", Some("Read")),
        Interaction::Update | Interaction::Patch => ("U", Some("Update")),
        Interaction::Delete => ("D", Some("Delete")),
        Interaction::SearchType | Interaction::SearchSystem => ("E", Some("Query")),
        Interaction::HistoryInstance => ("R", None),
        Interaction::HistoryType | Interaction::HistorySystem | Interaction::Batch | Interaction::Transaction => ("E", None),
    };
    Kind { pattern, ..of(coding::REST, action, vec![self::interaction(interaction.code())]) }
}

/// AuditEvent.outcome (<http://hl7.org/fhir/R4/valueset-audit-event-outcome.html>): 4 for what is the client's doing, 8 for what is the server's.
pub(super) fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "0",
        Outcome::Denied(_) | Outcome::Mistaken(_) => "4",
        Outcome::Failed(_) => "8",
    }
}
