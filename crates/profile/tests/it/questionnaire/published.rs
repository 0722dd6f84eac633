//! Questionnaires that are in use, and responses to them.

use fhir::library::Shelf;
use fhir::{Issue, Severity, Value};
use profile::base::Options;
use profile::questionnaire::{Surroundings, check_response};
use published::KnownFailures;

#[test]
fn published_questionnaires_and_responses_are_sound() {
    let Some(archive) = published::data("suites/questionnaires/questionnaires.zip") else { return };
    let mut known = KnownFailures::read(include_str!("../known_failures/published.txt"));
    let files = published::unzip(&archive);
    let read = |(name, text): &(String, Vec<u8>)| {
        Some((name.clone(), fhir::json::parse(text).ok().filter(|value| value.resource_type().is_some())?))
    };
    let resources: Vec<(String, Value)> = files.iter().filter(|(name, _)| name.ends_with(".json")).filter_map(read).collect();
    assert!(resources.len() > 100, "only {} resources are there", resources.len());
    let library = Shelf::new(resources.iter().map(|(_, resource)| resource.clone()));
    for (name, resource) in &resources {
        let mut issues = Vec::new();
        profile::base::check(resource, &Options::default(), &mut issues);
        if resource.resource_type() == Some("QuestionnaireResponse") {
            check_response(resource, &Surroundings { library: &library, terminology: None }, &mut issues);
        }
        let errors: Vec<&Issue> = issues.iter().filter(|issue| issue.severity >= Severity::Error).collect();
        known.report(
            name,
            if errors.is_empty() { Ok(()) } else { Err(errors.iter().take(4).map(ToString::to_string).collect::<Vec<_>>().join("\n    ")) },
        );
    }
    known.finish("questionnaires");
}
