//! Who asks: a rule for each type of resource, and how resources are marked so that it shows or hides them.

use std::sync::Arc;

use access::{ACTS, Act, Grant, Principal, Strength, Verdict};
use fhir::definitions::ResourceType;
use fhir::{Value, array, object};
use search::page::Checked;
use search::{NoCodeSets, Registry, SearchContext, parse_filter};
use store::commit::Tenant;
use store::query::Filter;

use crate::engines::START;
use crate::random::Random;
use crate::resources::pool::BASE;

/// The system of the marks.
const SYSTEM: &str = "urn:ward:conformance";

/// Patients that are there beside the random ones, and what they are to the actor.
pub const PATIENTS: [(&str, bool); 4] = [("shown-1", false), ("shown-2", false), ("secret-1", true), ("secret-2", true)];

/// Resources that the server itself goes by: what is in them is in force for everybody, and so they are not hidden here.
const IN_FORCE: [&str; 5] = ["CodeSystem", "ImplementationGuide", "SearchParameter", "StructureDefinition", "ValueSet"];

/// What may be written in any case, as far as it may be seen.
pub const WRITTEN: [&str; 4] = ["Condition", "Encounter", "Observation", "Patient"];

/// What of a type may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// All of it.
    Everything,
    /// Nothing.
    Nothing,
    /// What has no label: `_security:not=…`.
    Unlabelled,
    /// What has a tag: `_tag=…`.
    Tagged,
    /// What is about a patient with a tag: `patient._tag=…`.
    OfPatient,
}

/// Somebody, and what they may see and do.
#[derive(Clone, Debug)]
pub struct Actor {
    rules: Vec<(ResourceType, Rule, bool)>,
}

impl Actor {
    /// The one of `seed`: most types have a rule with a filter, some are shown or hidden as a whole; half may only be read and searched.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed, 1 << 50);
        let rule = |kind: ResourceType, random: &mut Random| match kind.name() {
            "Patient" => Rule::Tagged,
            "Observation" | "Encounter" | "Condition" => Rule::OfPatient,
            name if IN_FORCE.contains(&name) => Rule::Everything,
            _ => match random.below(10) {
                0 => Rule::Nothing,
                1 => Rule::Everything,
                2..6 => Rule::Unlabelled,
                _ => Rule::Tagged,
            },
        };
        Self {
            rules: ResourceType::all()
                .map(|kind| (kind, rule(kind, &mut random), random.chance(50) || WRITTEN.contains(&kind.name())))
                .collect(),
        }
    }

    /// What of a type they see.
    pub fn rule(&self, kind: ResourceType) -> Rule {
        self.rules[kind.index()].1
    }

    /// What they may do. With `without`, the rule of that type for that act is left out.
    ///
    /// # Panics
    /// When a rule is no search.
    pub fn grant(&self, registry: &Registry, without: Option<(ResourceType, Act)>) -> Arc<Grant> {
        let mut grant = Grant::nothing(Arc::new(principal()));
        for &(kind, rule, may_write) in &self.rules {
            let verdict = match rule {
                Rule::Everything => Verdict::Allowed,
                Rule::Nothing => Verdict::Refused,
                filtered => Verdict::Where(Arc::new(filter(registry, kind, filtered))),
            };
            for act in ACTS {
                let is_write = matches!(act, Act::Create | Act::Update | Act::Delete);
                let verdict = match &verdict {
                    _ if without == Some((kind, act)) => Verdict::Allowed,
                    _ if is_write && !may_write => Verdict::Refused,
                    verdict => verdict.clone(),
                };
                grant = grant.with(kind, act, verdict);
            }
        }
        Arc::new(grant)
    }

    /// What somebody may do whom no rule narrows.
    pub fn everything() -> Arc<Grant> {
        let all = ResourceType::all().flat_map(|kind| ACTS.map(|act| (kind, act)));
        Arc::new(all.fold(Grant::nothing(Arc::new(principal())), |grant, (kind, act)| grant.with(kind, act, Verdict::Allowed)))
    }

    /// Marks a resource so that the rule of its type hides or shows it; `turn` chooses the patient.
    pub fn mark(&self, resource: &mut Value, is_hidden: bool, turn: usize) {
        let Some(kind) = resource.resource_type().and_then(ResourceType::parse) else { return };
        let Some(members) = resource.as_object_mut() else { return };
        match (self.rule(kind), is_hidden) {
            (Rule::OfPatient, _) => {
                let patients: Vec<&str> = PATIENTS.iter().filter(|(_, hidden)| *hidden == is_hidden).map(|(id, _)| *id).collect();
                members.set("subject", object! { "reference": format!("Patient/{}", patients[turn % patients.len()]) });
            }
            (Rule::Unlabelled, true) => members.set("meta", object! { "security": array![object! { "system": SYSTEM, "code": "hidden" }] }),
            (Rule::Tagged, false) => members.set("meta", object! { "tag": array![object! { "system": SYSTEM, "code": "shown" }] }),
            _ => {}
        }
    }
}

/// A rule as a filter.
fn filter(registry: &Registry, kind: ResourceType, rule: Rule) -> Filter {
    let (name, value) = match rule {
        Rule::Unlabelled => ("_security:not", format!("{SYSTEM}|hidden")),
        Rule::OfPatient => ("patient._tag", format!("{SYSTEM}|shown")),
        _ => ("_tag", format!("{SYSTEM}|shown")),
    };
    let context = SearchContext {
        tenant: Tenant(1),
        base_url: BASE,
        default_count: 20,
        max_count: 1000,
        lenient: false,
        now: START,
        code_sets: &NoCodeSets,
        seal: &Checked,
    };
    parse_filter(registry, &context, kind, &[(name.to_owned(), value)]).expect("a rule that is a search")
}

fn principal() -> Principal {
    Principal {
        tenant: Tenant(1),
        user: Some("actor".into()),
        fhir_user: None,
        name: "Actor".into(),
        client: None,
        roles: Vec::new(),
        scopes: None,
        patient: None,
        encounter: None,
        purpose: None,
        direct: Vec::new(),
        break_glass: None,
        strength: Strength::Two,
        session: "s".into(),
    }
}
