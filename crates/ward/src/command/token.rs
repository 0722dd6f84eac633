//! `ward token`.

use fhir::object;
use store::contract::Clock;

use super::{Failure, Run};
use crate::cli::Token;
use crate::door::operator::{OperatorKey, Said};
use crate::{clock, wiring};

/// Prints a bearer token for whoever may read the data directory.
pub fn run(run: Run, asked: Token) -> Result<(), Failure> {
    let key = OperatorKey::of(&wiring::data_dir(&run.settings)?)?;
    let usual = if asked.patient.is_some() { "patient/*.cruds" } else { "system/*.cruds" };
    let scope = asked.scope.unwrap_or_else(|| usual.to_owned());
    access::Scopes::parse(&scope).map_err(|issues| {
        let told: Vec<&str> = issues.iter().map(|issue| issue.diagnostics.as_ref()).collect();
        Failure::usage(format!("--scope: {}", told.join("; ")))
    })?;
    if asked.patient.as_deref().is_some_and(|id| !interaction::is_id(id)) {
        return Err(Failure::usage("--patient takes the id of a Patient, without `Patient/`"));
    }
    let until = clock::of_process().now() + i64::from(asked.hours) * 3_600_000;
    // Another process may hold the data directory: the server that takes the token looks the name up.
    let said =
        Said { tenant: wiring::TENANT.0, tenant_name: run.tenant, scope, patient: asked.patient, administers: asked.administration, until };
    let token = key.sign(&said)?;
    match run.json {
        true => println!(
            "{}",
            fhir::json::to_string(&object! { "token": token, "scope": said.scope, "until": fhir::primitive::instant_text(until) })
        ),
        false => println!("{token}"),
    }
    Ok(())
}
