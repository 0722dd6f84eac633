//! `ward validate`: whether resources follow FHIR's rules, without a server.

use std::path::Path;

use fhir::{Issue, IssueCode, Severity, Value, object, outcome};

use super::Failure;
use super::resource_file;
use crate::cli::Validate;

/// Prints every problem with its place, and fails when there is an error; with `--json` an array with an OperationOutcome for each resource.
pub fn run(json: bool, arguments: &Validate) -> Result<(), Failure> {
    if arguments.profile.is_some() {
        return Err(Failure::refused("--profile: profiles are not judged yet: leave it out to check the structure"));
    }
    let (mut count, mut bad, mut outcomes) = (0_usize, 0_usize, Vec::new());
    for file in &arguments.files {
        for (name, resource) in resource_file::each(file)? {
            let issues = match resource {
                Ok(resource) => fhir::check::check(&resource),
                Err(issues) => issues,
            };
            count += 1;
            bad += usize::from(issues.iter().any(|issue| issue.severity >= Severity::Error));
            if json {
                outcomes.push(as_json(&name, &issues));
            } else {
                tell(&name, &issues);
            }
        }
    }
    if json {
        println!("{}", fhir::json::to_string(&Value::Array(outcomes)));
    }
    if bad == 0 {
        eprintln!("{count} resources, nothing wrong with their structure");
        return Ok(());
    }
    Err(Failure::failed(format!("{bad} of {count} resources break rules")))
}

fn tell(name: &str, issues: &[Issue]) {
    for issue in issues {
        println!("{name}: {}: {issue}", issue.severity.code());
    }
}

fn as_json(name: &str, issues: &[Issue]) -> Value {
    let well = Issue::error(interaction::codes::VALIDATED, IssueCode::Informational, "", "nothing is wrong with its structure");
    let well = [well.with_severity(Severity::Information)];
    let issues = if issues.is_empty() { &well[..] } else { issues };
    object! { "file": Path::new(name).display().to_string(), "outcome": outcome::operation_outcome(issues) }
}
