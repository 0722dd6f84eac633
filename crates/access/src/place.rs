//! Where a role holds: an assignment that names a facility or a department holds for what goes on there.
//!
//! [`way`] says for each type by what that is told. `docs/roles.md` has the table.

use fhir::definitions::ResourceType;
use search::{Parameter, Registry};
use store::commit::Key;
use store::query::{Filter, Test};

use crate::criteria::{all, any, not, nothing};
use crate::relation::{about, has, of_patients};

/// By what resources of a type are told to belong to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// An Organization: it is the place, or part of it.
    Organization,
    /// A Location: it is the place, in it (two levels deep), or managed by it.
    Location,
    /// An Encounter: its service provider or a location of its is the place, or in it.
    Encounter,
    /// A Patient: has an Encounter there, or is managed by it.
    Patient,
    /// By its Encounter; where it has none, by its patient.
    EncounterOrPatient,
    /// By its patient.
    OfPatient,
    /// By an organization or location that it names itself: `organization`, `location`, `actor`.
    Named,
    /// A Slot: by its Schedule.
    Schedule,
    /// No way leads to a place: the assignment does not limit it.
    Unlimited,
}

/// The parameters by which a type names a place, for [`Way::Named`].
const NAMED: [(&str, &[&str]); 9] = [
    ("Appointment", &["location", "actor"]),
    ("Device", &["organization", "location"]),
    ("Endpoint", &["organization"]),
    ("HealthcareService", &["organization", "location"]),
    ("OrganizationAffiliation", &["primary-organization", "location"]),
    ("PaymentReconciliation", &["requestor"]),
    ("PractitionerRole", &["organization", "location"]),
    ("Schedule", &["actor"]),
    ("InsurancePlan", &["administered-by"]),
];

/// By what resources of a type are told to belong to a place.
pub fn way(registry: &Registry, kind: ResourceType) -> Way {
    match kind.name() {
        "Organization" => Way::Organization,
        "Location" => Way::Location,
        "Encounter" => Way::Encounter,
        "Patient" => Way::Patient,
        "Slot" => Way::Schedule,
        name if NAMED.iter().any(|(known, _)| *known == name) => Way::Named,
        _ if encounter(registry, kind).is_some() => Way::EncounterOrPatient,
        _ if !about(registry, kind).is_empty() => Way::OfPatient,
        _ => Way::Unlimited,
    }
}

/// The resources of a type that belong to a place (an Organization or a Location; nothing belongs to anything else).
pub(crate) fn within(registry: &Registry, place: &Key, kind: ResourceType) -> Filter {
    if !matches!(place.kind.name(), "Organization" | "Location") {
        return nothing();
    }
    let of = Of { registry, place };
    match way(registry, kind) {
        Way::Organization => of.organizations(kind),
        Way::Location => of.locations(kind),
        Way::Encounter => of.encounters(kind),
        Way::Patient => of.patients(kind),
        Way::EncounterOrPatient => of.by_encounter(kind),
        Way::OfPatient => of.by_patient(kind),
        Way::Named => of.named(kind),
        Way::Schedule => of.chain(kind, "schedule", "Schedule", |of, schedule| of.named(schedule)),
        Way::Unlimited => Filter::everything(),
    }
}

/// The parameter by which a type names its Encounter.
fn encounter(registry: &Registry, kind: ResourceType) -> Option<&Parameter> {
    let encounter = ResourceType::parse("Encounter")?;
    ["encounter", "context"].into_iter().find_map(|code| registry.get(kind, code).filter(|parameter| parameter.leads_to(encounter)))
}

struct Of<'a> {
    registry: &'a Registry,
    place: &'a Key,
}

impl Of<'_> {
    fn is_organization(&self) -> bool {
        self.place.kind.name() == "Organization"
    }

    /// Those that refer to the place itself.
    fn refers(&self, kind: ResourceType, code: &str) -> Filter {
        let parameter = self.registry.get(kind, code).filter(|parameter| parameter.leads_to(self.place.kind));
        parameter.map_or_else(nothing, |parameter| Filter::Match(parameter.param, Test::Local(self.place.to_string().into())))
    }

    /// Those that refer to a resource of a type that belongs to the place.
    fn chain(&self, kind: ResourceType, code: &str, target: &str, inner: impl Fn(&Self, ResourceType) -> Filter) -> Filter {
        let target = ResourceType::parse(target);
        let found = target.and_then(|target| Some((target, self.registry.get(kind, code).filter(|parameter| parameter.leads_to(target))?)));
        found.map_or_else(nothing, |(target, parameter)| match inner(self, target) {
            nothing if crate::criteria::is_nothing(&nothing) => nothing,
            inner => Filter::Chain(parameter.param, vec![(target, inner)]),
        })
    }

    fn itself(&self, kind: ResourceType) -> Filter {
        if self.place.kind == kind { Filter::Id(vec![self.place.id.clone()]) } else { nothing() }
    }

    fn organizations(&self, kind: ResourceType) -> Filter {
        let manages = has(self.registry, "Location", "organization", Filter::Id(vec![self.place.id.clone()]));
        if self.is_organization() { any([self.itself(kind), self.refers(kind, "partof")]) } else { manages }
    }

    fn locations(&self, kind: ResourceType) -> Filter {
        let inside = |of: &Self, kind| of.refers(kind, "partof");
        if self.is_organization() {
            let managed = |of: &Self, kind| of.refers(kind, "partof");
            return any([self.refers(kind, "organization"), self.chain(kind, "organization", "Organization", managed)]);
        }
        any([self.itself(kind), self.refers(kind, "partof"), self.chain(kind, "partof", "Location", inside)])
    }

    fn encounters(&self, kind: ResourceType) -> Filter {
        let provider = |of: &Self, kind| of.refers(kind, "partof");
        let there = self.chain(kind, "location", "Location", Self::locations);
        any([self.refers(kind, "service-provider"), self.chain(kind, "service-provider", "Organization", provider), there])
    }

    fn patients(&self, kind: ResourceType) -> Filter {
        let Some(encounter) = ResourceType::parse("Encounter") else { return nothing() };
        any([self.refers(kind, "organization"), has(self.registry, "Encounter", "patient", self.encounters(encounter))])
    }

    fn by_patient(&self, kind: ResourceType) -> Filter {
        let Some(patient) = ResourceType::parse("Patient") else { return nothing() };
        of_patients(self.registry, kind, &self.patients(patient))
    }

    fn by_encounter(&self, kind: ResourceType) -> Filter {
        let Some(parameter) = encounter(self.registry, kind) else { return nothing() };
        let there = self.chain(kind, &parameter.code, "Encounter", Self::encounters);
        any([there, all([not(Filter::Present(parameter.param)), self.by_patient(kind)])])
    }

    fn named(&self, kind: ResourceType) -> Filter {
        let codes = NAMED.iter().find(|(name, _)| *name == kind.name()).map_or(&[][..], |(_, codes)| codes);
        any(codes.iter().flat_map(|code| {
            let organization = self.chain(kind, code, "Organization", Self::organizations);
            [organization, self.chain(kind, code, "Location", Self::locations)]
        }))
    }
}
