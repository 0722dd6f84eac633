//! Relations between the user and a patient, as filters: who takes care of whom, who is related to whom.

use fhir::definitions::ResourceType;
use fhir::primitive::instant_text;
use search::{Parameter, Registry};
use store::commit::{Instant, Key};
use store::query::{Filter, Test};

use crate::criteria::{all, any, nothing, written};

/// For how long a relation lasts after what made it has ended, in days: results come in, and letters are written.
pub const AFTERCARE_DAYS: i64 = 30;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How a user may stand to a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `care-team`: the user is a Practitioner who takes care of the patient: as their general practitioner, in an active CareTeam, as a participant of an Encounter
    /// that goes on or ended within [`AFTERCARE_DAYS`], as the performer of an active ServiceRequest, or in an Appointment not longer ago than that. What
    /// names a PractitionerRole of theirs names them.
    CareTeam,
    /// `related-person`: the user is an active RelatedPerson of the patient.
    RelatedPerson,
}

impl Relation {
    /// All of them.
    pub const ALL: [Relation; 2] = [Relation::CareTeam, Relation::RelatedPerson];

    /// How rules write it.
    pub fn name(&self) -> &'static str {
        match self {
            Relation::CareTeam => "care-team",
            Relation::RelatedPerson => "related-person",
        }
    }

    /// The patients to whom a user stands so; nobody when the user is none of the types that can.
    pub(crate) fn patients(self, registry: &Registry, user: &Key, now: Instant) -> Filter {
        let is = |name: &str| user.kind.name() == name;
        match self {
            Relation::CareTeam if is("Practitioner") || is("PractitionerRole") => care_team(registry, user, now),
            Relation::RelatedPerson if is("RelatedPerson") => {
                let person = all([Filter::Id(vec![user.id.clone()]), written(registry, user.kind, "active:not", "false")]);
                has(registry, "RelatedPerson", "patient", person)
            }
            _ => nothing(),
        }
    }
}

fn care_team(registry: &Registry, user: &Key, now: Instant) -> Filter {
    let since = format!("ge{}", &instant_text(now - AFTERCARE_DAYS * DAY_MS)[..10]);
    let named = |kind: &str, code: &str| ResourceType::parse(kind).map_or_else(nothing, |kind| names(registry, kind, code, user));
    let of =
        |kind: &str, code: &str, value: &str| ResourceType::parse(kind).map_or_else(nothing, |kind| written(registry, kind, code, value));
    let open = "planned,arrived,triaged,in-progress,onleave";
    let recent = all([of("Encounter", "status", "finished"), of("Encounter", "date", &since)]);
    let visit = all([named("Encounter", "participant"), any([of("Encounter", "status", open), recent])]);
    let team = all([named("CareTeam", "participant"), of("CareTeam", "status", "active")]);
    let order = all([named("ServiceRequest", "performer"), of("ServiceRequest", "status", "active")]);
    let kept = "proposed,pending,booked,arrived,checked-in,fulfilled";
    let met = all([named("Appointment", "actor"), of("Appointment", "status", kept), of("Appointment", "date", &since)]);
    any([
        named("Patient", "general-practitioner"),
        has(registry, "CareTeam", "patient", team),
        has(registry, "Encounter", "patient", visit),
        has(registry, "ServiceRequest", "patient", order),
        has(registry, "Appointment", "patient", met),
    ])
}

/// The resources of a type that name a user by a parameter: themselves, or by a role of theirs.
fn names(registry: &Registry, kind: ResourceType, code: &str, user: &Key) -> Filter {
    let Some(parameter) = registry.get(kind, code) else { return nothing() };
    let target: Box<str> = user.to_string().into();
    let role = ResourceType::parse("PractitionerRole").filter(|role| parameter.leads_to(*role) && user.kind.name() == "Practitioner");
    let practitioner = role.and_then(|role| Some((role, registry.get(role, "practitioner")?)));
    let in_a_role = practitioner.map(|(role, practitioner)| {
        Filter::Chain(parameter.param, vec![(role, Filter::Match(practitioner.param, Test::Local(target.clone())))])
    });
    any([Filter::Match(parameter.param, Test::Local(target.clone()))].into_iter().chain(in_a_role))
}

/// The resources to which one of `kind` refers by `code` that passes.
pub(crate) fn has(registry: &Registry, kind: &str, code: &str, filter: Filter) -> Filter {
    let found = ResourceType::parse(kind).and_then(|kind| Some((kind, registry.get(kind, code)?)));
    found.map_or_else(nothing, |(kind, parameter)| Filter::Has(kind, parameter.param, Box::new(filter)))
}

/// Whether resources of a type are about a patient.
pub(crate) fn concerns(kind: ResourceType) -> bool {
    kind.name() == "Patient" || !about(&Registry::standard(), kind).is_empty()
}

/// The parameters by which a resource of a type says which patient it is about: `patient`, or else `subject`, or else all that put it into a compartment. None
/// for a Patient.
pub(crate) fn about(registry: &Registry, kind: ResourceType) -> Vec<&Parameter> {
    let Some(patient) = ResourceType::parse("Patient").filter(|patient| *patient != kind) else { return Vec::new() };
    let leads = |code: &str| registry.get(kind, code).filter(|parameter| !parameter.is_custom && parameter.leads_to(patient));
    if let Some(parameter) = leads("patient").or_else(|| leads("subject")) {
        return vec![parameter];
    }
    let row = fhir::definitions::definitions().compartments().iter().find(|row| row.compartment == patient && row.resource_type == kind);
    row.map_or_else(Vec::new, |row| row.parameters.iter().filter_map(|code| leads(code)).collect())
}

/// The resources of a type that are about patients who pass; nothing for a type that is about nobody.
pub(crate) fn of_patients(registry: &Registry, kind: ResourceType, patients: &Filter) -> Filter {
    if kind.name() == "Patient" {
        return patients.clone();
    }
    let Some(patient) = ResourceType::parse("Patient") else { return nothing() };
    any(about(registry, kind).into_iter().map(|parameter| Filter::Chain(parameter.param, vec![(patient, patients.clone())])))
}
