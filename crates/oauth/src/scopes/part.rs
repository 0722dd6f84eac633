//! What a user may grant in place of a scope: parts of it, by type and by category.
//!
//! The categories are those of US Core's granular scopes, which ONC 170.315(g)(10) and (d)(14) ask for (US Core 6.1 to 8, "SMART on FHIR obligations and capabilities").

use access::{ResourceScope, Scopes, scope::words_of_type};
use fhir::definitions::ResourceType;

/// Categories of a type: the type, system and code, and what people call them.
const CATEGORIES: [(&str, &str, &str); 9] = [
    ("Condition", "http://terminology.hl7.org/CodeSystem/condition-category|encounter-diagnosis", "diagnoses of visits and stays"),
    ("Condition", "http://hl7.org/fhir/us/core/CodeSystem/condition-category|health-concern", "health concerns"),
    ("Condition", "http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item", "the list of lasting problems"),
    ("DocumentReference", "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category|clinical-note", "clinical notes"),
    ("Observation", "http://terminology.hl7.org/CodeSystem/observation-category|laboratory", "results of the laboratory"),
    ("Observation", "http://terminology.hl7.org/CodeSystem/observation-category|social-history", "social history, such as smoking"),
    ("Observation", "http://hl7.org/fhir/us/core/CodeSystem/us-core-category|sdoh", "living conditions: food, housing, transport, safety"),
    ("Observation", "http://terminology.hl7.org/CodeSystem/observation-category|survey", "answers to surveys and screenings"),
    ("Observation", "http://terminology.hl7.org/CodeSystem/observation-category|vital-signs", "vital signs: pulse, blood pressure, weight"),
];

/// The types that are offered one by one in place of all: those of US Core, and of what a hospital bills.
const TYPES: [&str; 29] = [
    "AllergyIntolerance",
    "Appointment",
    "CarePlan",
    "CareTeam",
    "Claim",
    "Condition",
    "Coverage",
    "Device",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Goal",
    "ImagingStudy",
    "Immunization",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Patient",
    "Procedure",
    "Provenance",
    "QuestionnaireResponse",
    "RelatedPerson",
    "ServiceRequest",
    "Specimen",
];

/// A part of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The scope to be granted.
    pub scope: String,
    /// What it shows, in words.
    pub words: String,
    /// Whether it is a category of a type, and not a whole one.
    pub is_category: bool,
}

/// What may be granted in place of a scope: of one for all types, types; of one for a type, its categories. Empty for any other, and for one that has search parameters
/// already.
pub fn parts(scope: &str) -> Vec<Part> {
    let parsed = Scopes::parse(scope).unwrap_or_default();
    let Some(whole) = parsed.resources.first().filter(|whole| whole.params.is_empty()) else { return Vec::new() };
    match whole.kind {
        Some(kind) => categories(whole, kind).collect(),
        None => {
            let kinds = TYPES.into_iter().filter_map(ResourceType::parse);
            kinds.flat_map(|kind| std::iter::once(of_type(scope, whole, kind)).chain(categories(whole, kind))).collect()
        }
    }
}

/// A scope for all types, for one: written in the version of SMART that it was asked for in.
fn of_type(scope: &str, whole: &ResourceScope, kind: ResourceType) -> Part {
    let acts = scope.rsplit_once('.').map_or("", |(_, acts)| acts);
    Part { scope: format!("{}/{}.{acts}", whole.context.name(), kind.name()), words: words_of_type(kind), is_category: false }
}

/// The categories of a type. Version 1 has no words for them, so that they are written in version 2, as its examples are: not percent-encoded.
fn categories(whole: &ResourceScope, kind: ResourceType) -> impl Iterator<Item = Part> {
    let (context, acts) = (whole.context.name(), whole.acts);
    CATEGORIES.into_iter().filter(move |(name, ..)| *name == kind.name()).map(move |(name, code, words)| Part {
        scope: format!("{context}/{name}.{acts}?category={code}"),
        words: words.to_owned(),
        is_category: true,
    })
}

/// What a user grants who has ticked some scopes, and some parts, each as the scope that it is of and the part: a scope of which parts are ticked is granted in these alone.
/// A part of a scope that is not ticked counts for nothing. In the order in which they were asked for; whatever was not asked for comes at the end, to be refused.
pub fn chosen(asked: &[String], ticked: &[String], parts: &[(String, String)]) -> Vec<String> {
    let mut granted: Vec<String> = Vec::new();
    for scope in asked.iter().filter(|scope| ticked.contains(scope)) {
        let of: Vec<&String> = parts.iter().filter(|(whole, _)| whole == scope).map(|(_, part)| part).collect();
        granted.extend(if of.is_empty() { vec![scope.clone()] } else { without_covered(&of) });
    }
    granted.extend(ticked.iter().filter(|scope| !asked.contains(scope)).cloned());
    granted.extend(parts.iter().filter(|(whole, _)| !asked.contains(whole)).map(|(_, part)| part.clone()));
    let mut once = Vec::with_capacity(granted.len());
    granted.into_iter().for_each(|scope| {
        if !once.contains(&scope) {
            once.push(scope);
        }
    });
    once
}

/// Parts without those that another of them has in it.
fn without_covered(parts: &[&String]) -> Vec<String> {
    let read = |text: &str| Scopes::parse(text).ok().and_then(|scopes| scopes.resources.into_iter().next());
    let covers = |other: &str, part: &str| read(other).zip(read(part)).is_some_and(|(other, part)| other != part && other.covers(&part));
    parts.iter().filter(|part| !parts.iter().any(|other| covers(other, part))).map(|part| (*part).clone()).collect()
}
