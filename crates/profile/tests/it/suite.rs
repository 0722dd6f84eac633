//! HL7's suite for validators: the same verdict, valid or not, as the reference validator.
//!
//! Not judged: cases that ask a terminology server (their modules begin with `tx`), cases that need packages which are not here, and cases without
//! a recorded outcome. They are counted.

mod case;
mod files;

use std::collections::BTreeMap;

use fhir::definitions::BindingStrength;
use fhir::library::{Shelf, Stacked};
use fhir::{Issue, Severity, Value};
use fhirpath::Terminology;
use profile::binding::{Binding, Coded, Membership};
use profile::questionnaire::Surroundings;
use profile::{Options, Plans};
use published::KnownFailures;

use crate::packages::{self, is_definition};
use crate::verdicts::Sets;
use case::{Case, Run};
use files::Files;

/// What the reference validator says of codes and displays that it asked a terminology server about.
const TERMINOLOGY: [&str; 7] = [
    "Wrong Display Name",
    "was not found in the value set",
    "is not in the value set",
    "are in the value set",
    "in the CodeSystem",
    "System URI could not be determined",
    "is not in the list of allowed values (value set",
];

#[test]
fn verdicts_are_those_of_the_reference_validator() {
    let (Some(archive), Some(base)) = (published::data("suites/validator/validator-r4.zip"), packages::base_profiles()) else { return };
    let files = Files::new(published::unzip(&archive));
    let extensions = packages::package("hl7.fhir.uv.extensions.r4-5.3.0-ballot-tc1").unwrap_or_default();
    // Of R4's value sets it only matters that they are some.
    let sets = base::library().cards("ValueSet").iter().map(base::Card::outline);
    let base = Shelf::new(base.into_iter().chain(extensions).filter(is_definition).chain(sets));
    let mut known = KnownFailures::read(include_str!("known_failures/suite.txt"));
    let mut figures: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let (mut skipped, wanted) = (BTreeMap::<String, usize>::new(), std::env::var("CASE").ok());
    for case in case::cases(&files) {
        for run in &case.runs {
            let name = format!("{} {} {}", case.module, case.name, run.kind);
            if wanted.as_deref().is_some_and(|wanted| !name.contains(wanted)) {
                continue;
            }
            let expected = match expected(&case, run, &files) {
                Ok(expected) => expected,
                Err(why) => {
                    *skipped.entry(why).or_default() += 1;
                    continue;
                }
            };
            let issues = judge(&case, run, &files, &base);
            let errors: Vec<&Issue> = issues.iter().filter(|issue| issue.severity >= Severity::Error).collect();
            let figure = figures.entry(case.module.clone()).or_default();
            figure[1] += 1;
            if wanted.is_some() {
                println!("{name}: expected {expected:?}");
                issues.iter().for_each(|issue| println!("  {} {issue}", issue.severity.code()));
            }
            let verdict = match (expected, errors.first()) {
                (Some(error), None) => Err(format!("[{}] is valid here, and should not be: {error}", case.module)),
                (None, Some(issue)) => Err(format!("[{}] is not valid here, and should be: {issue}", case.module)),
                _ => Ok(()),
            };
            figure[0] += usize::from(verdict.is_ok());
            known.report(&name, verdict);
        }
    }
    let (right, all) = figures.values().fold((0, 0), |(right, all), figure| (right + figure[0], all + figure[1]));
    figures.iter().for_each(|(module, [right, all])| println!("{module}: {right} of {all}"));
    skipped.iter().for_each(|(why, count)| println!("skipped {count}: {why}"));
    println!("{right} of {all} verdicts are the same, {:.1} %", 100.0 * right as f64 / all.max(1) as f64);
    if wanted.is_none() {
        known.finish("validator");
    }
}

/// The first error of the reference validator, or `None` when it found the resource valid; why the run is not judged.
fn expected(case: &Case, run: &Run, files: &Files) -> Result<Option<String>, String> {
    if case.module.starts_with("tx") {
        return Err("needs a terminology server".into());
    }
    if let Some(package) = run.packages.iter().find(|package| files.package(package).is_none()) {
        return Err(format!("needs the package {package}"));
    }
    if run.is_of_other_version() {
        return Err("is recorded for another version of FHIR".into());
    }
    if !files.has(&case.file) {
        return Err("has no resource".into());
    }
    let errors = run.errors(files).ok_or("has no recorded outcome")?;
    let is_terminology = |error: &String| TERMINOLOGY.iter().any(|words| error.contains(words));
    if !errors.is_empty() && errors.iter().all(is_terminology) {
        return Err("is only wrong in codes and displays, which are judged elsewhere".into());
    }
    Ok(errors.into_iter().next())
}

fn judge(case: &Case, run: &Run, files: &Files, base: &Shelf) -> Vec<Issue> {
    let resource = match files.resource(&case.file) {
        Ok(resource) => resource,
        Err(issues) => return issues,
    };
    let mut brought = Vec::new();
    for package in &run.packages {
        brought.extend(files.package(package).unwrap_or_default());
    }
    let named = run.profile.iter().chain(&run.supporting);
    brought.extend(named.filter_map(|name| files.resource(name).ok()));
    let profile =
        run.profile.as_ref().and_then(|name| files.resource(name).ok()).and_then(|profile| profile.text("url").map(str::to_owned));
    let upper_sets = brought.iter().filter(|resource| resource.resource_type() == Some("ValueSet")).cloned().collect();
    let upper = Shelf::new(brought);
    let library = Stacked { upper: &upper, lower: base };
    let profiles: Vec<&str> = profile.iter().map(String::as_str).collect();
    let sets = Sets(upper_sets);
    if let Some(model) = &run.model {
        return profile::logical::validate(&resource, model, &library, &sets);
    }
    let mut issues = fhir::check::check(&resource);
    profile::base::check(
        &resource,
        &profile::base::Options { library: Some(&library), security: case.asks_for_security, ..Default::default() },
        &mut issues,
    );
    if resource.resource_type() == Some("QuestionnaireResponse") {
        profile::questionnaire::check_response(&resource, &Surroundings { library: &library, terminology: Some(&sets) }, &mut issues);
    }
    let options = Options {
        now: fhir::primitive::Temporal::parse("2026-06-25T12:00:00Z"),
        // The reference validator was run so that an extension must be known.
        unknown_extension: Severity::Error,
        outside: case.follows_references.then_some(files as &dyn fhirpath::Resolver),
        ..Options::default()
    };
    issues.extend(profile::validate(&resource, &profiles, &options, &Plans::new(), &library, &sets));
    // And so that extensions with addresses of examples are let pass.
    issues.retain(|issue| issue.number != profile::codes::EXTENSION_UNKNOWN || !issue.diagnostics.contains("example.org/"));
    issues
}

impl Binding for Sets {
    fn judge(&self, value_set: &str, _: BindingStrength, coded: Coded<'_>) -> Membership {
        let unknown = || Membership::CannotTell("the value set is not known".to_owned());
        let of = |coding: &Value| Terminology::member_of(self, value_set, coding.text("system"), coding.text("code")?);
        let answers: Vec<Option<bool>> = match coded {
            Coded::Code(_) => return unknown(),
            Coded::Coding(coding) => vec![of(coding)],
            Coded::Concept(concept) => concept.list("coding").map(of).collect(),
        };
        match () {
            () if answers.contains(&Some(true)) => Membership::In,
            () if answers.contains(&None) => unknown(),
            () => Membership::NotIn,
        }
    }

    fn member_of(&self, value_set: &str, system: Option<&str>, code: &str) -> Option<bool> {
        Terminology::member_of(self, value_set, system, code)
    }
}
