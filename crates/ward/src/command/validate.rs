//! `ward validate`: whether resources follow FHIR's rules and those of profiles, without a server.

use std::path::Path;

use fhir::{Issue, IssueCode, Severity, Value, object, outcome};

use interaction::Rulebook;

use super::Failure;
use super::resource_file;
use crate::cli::Validate;

/// Prints every problem with its place, and fails when there is an error; with `--json` an array with an OperationOutcome for each resource.
pub fn run(json: bool, arguments: &Validate) -> Result<(), Failure> {
    let rulebook = Rulebook::default();
    let profiles: Vec<&str> = arguments.profile.as_deref().into_iter().collect();
    let (mut count, mut bad, mut outcomes) = (0_usize, 0_usize, Vec::new());
    for file in &arguments.files {
        for (name, resource) in resource_file::each(file)? {
            let issues = match resource {
                Ok(resource) => judged(&rulebook, &resource, &profiles),
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
        eprintln!("{count} resources, no rule broken");
        return Ok(());
    }
    Err(Failure::failed(format!("{bad} of {count} resources break rules")))
}

/// What is to be said of a resource: of its structure, by FHIR's own rules, and by the profiles that it claims or that are asked for.
fn judged(rulebook: &Rulebook, resource: &Value, profiles: &[&str]) -> Vec<Issue> {
    let mut issues = fhir::check::check(resource);
    outcome::add_new(&mut issues, rulebook.everything(resource, profiles, base::library()));
    issues
}

/// Prints what is wrong; what is only best practice is for programs, which ask with `--json`.
fn tell(name: &str, issues: &[Issue]) {
    for issue in issues.iter().filter(|issue| issue.severity > Severity::Information) {
        println!("{name}: {}: {issue}", issue.severity.code());
    }
}

fn as_json(name: &str, issues: &[Issue]) -> Value {
    let well = Issue::error(interaction::codes::VALIDATED, IssueCode::Informational, "", "it breaks no rule");
    let well = [well.with_severity(Severity::Information)];
    let issues = if issues.is_empty() { &well[..] } else { issues };
    object! { "file": Path::new(name).display().to_string(), "outcome": outcome::operation_outcome(issues) }
}
