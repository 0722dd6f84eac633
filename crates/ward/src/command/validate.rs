//! `ward validate`: whether resources follow FHIR's rules and those of profiles, without a server.

use std::path::Path;

use fhir::library::{Library, Shelf, Stacked};
use fhir::{Issue, IssueCode, Severity, Value, object, outcome};
use interaction::Rulebook;
use package::Wanted;
use package::plan::Installed;

use super::package::warn;
use super::{Exit, Failure, Run, resource_file};
use crate::cli::Validate;
use crate::packages::found::Finder;
use crate::packages::target::Target;
use crate::wiring;

/// Prints every problem with its place, and fails when there is an error; with `--json` an array with an OperationOutcome for each resource.
pub fn run(run: &Run, arguments: &Validate) -> Result<(), Failure> {
    if !arguments.stored {
        let packages = wiring::runtime()?.block_on(packages(run, arguments, &[]))?;
        return validate(run.json, arguments, &Rulebook::default(), &Stacked { upper: &packages, lower: base::library() });
    }
    let path = wiring::data_dir(&run.settings)?;
    if !path.is_dir() {
        return Err(Failure::failed(format!("{} is no data directory: name it with --data-dir, or leave --stored out", path.display())));
    }
    wiring::with_server(&run.settings, async |server| {
        let stored = server
            .library(wiring::TENANT)
            .await
            .map_err(|error| Failure { exit: Exit::Failed, lines: error.outcome().issues.iter().map(ToString::to_string).collect() })?;
        let there: Vec<_> = Target::Store(server.clone()).records().await?.into_iter().map(|record| record.package).collect();
        let packages = packages(run, arguments, &there).await?;
        validate(run.json, arguments, server.rulebook(), &Stacked { upper: &packages, lower: &stored })
    })
}

/// What the packages bring that are named, and those that they need and that are not there already.
async fn packages(run: &Run, arguments: &Validate, there: &[Installed]) -> Result<Shelf, Failure> {
    let finder = Finder::new(&run.settings.package_registry, &run.settings.ca_file, Wanted::default())?;
    let found = finder.find(&arguments.package, there).await?;
    warn(&found.plan)?;
    let resources = found.packages.into_iter().flat_map(|package| package.content.resources);
    Ok(Shelf::new(resources.map(|resource| resource.value)))
}

fn validate(json: bool, arguments: &Validate, rulebook: &Rulebook, library: &dyn Library) -> Result<(), Failure> {
    let profiles: Vec<&str> = arguments.profile.iter().map(String::as_str).collect();
    let (mut count, mut bad, mut outcomes) = (0_usize, 0_usize, Vec::new());
    for file in &arguments.files {
        for (name, resource) in resource_file::each(file)? {
            let issues = match resource {
                Ok(resource) => judged(rulebook, &resource, &profiles, library),
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

/// What is to be said of a resource: of its structure, by FHIR's own rules, and by the profiles that it claims or that are asked for. Where a logical
/// model is asked for, it is no resource, and only the model counts.
fn judged(rulebook: &Rulebook, resource: &Value, profiles: &[&str], library: &dyn Library) -> Vec<Issue> {
    if let Some(issues) = profiles.iter().find_map(|model| rulebook.instance(resource, model, library)) {
        return issues;
    }
    let mut issues = fhir::check::check(resource);
    outcome::add_new(&mut issues, rulebook.everything(resource, profiles, library));
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
