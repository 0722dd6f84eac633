//! Policies: rules as data. A role is a policy that assignments name; an account and a client can have policies of their own.
//!
//! `docs/policies.md` is the description of the language for whoever writes one. [`Policy::read`] understands and checks it.

mod check;
mod denial;
pub mod group;
mod hours;
mod members;
mod permission;
mod placeholder;
mod purpose;
mod read;

use fhir::definitions::ResourceType;

use crate::Acts;
use crate::label::Clearance;
use crate::relation::Relation;

pub use hours::{Days, Hours};
pub use permission::Permission;
pub use placeholder::{Placeholder, Values};
pub use purpose::PURPOSES;
pub(crate) use purpose::{BREAK_THE_GLASS, EMERGENCY, WITHOUT_CONSENT};
pub use read::{MAX_RULES, MAX_TEXT_BYTES};

/// Rules under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The code by which assignments name it, such as `physician`: letters, digits and hyphens.
    pub name: Box<str>,
    /// What it is for, in a sentence.
    pub description: Box<str>,
    /// Its rules, in their order. The order means nothing: what one allows is allowed unless one denies it.
    pub rules: Vec<Rule>,
}

/// One rule. All that it says must hold together.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it is, in a few words; it is what an explanation shows.
    pub name: Box<str>,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// The types that it is about, each once, sorted.
    pub kinds: Vec<ResourceType>,
    /// The acts.
    pub acts: Acts,
    /// The operations, without `$`, of those that do more than to read and write resources; `*` for all.
    pub operations: Vec<Box<str>>,
    /// What may be administered.
    pub administration: Vec<Permission>,
    /// The roles and policies that may be handed out and taken back, by name; `*` for all.
    pub assigns: Vec<Box<str>>,
    /// A FHIR search that its resources match: names and values, decoded; placeholders are in them as they are written.
    pub criteria: Vec<(String, String)>,
    /// A FHIR search that the patients match whom they are about, likewise.
    pub patients: Vec<(String, String)>,
    /// They are in the compartment of this one.
    pub compartment: Option<Placeholder>,
    /// They are about a patient to whom the user stands in one of these relations; empty: about anybody.
    pub relations: Vec<Relation>,
    /// How confidential they may be labelled.
    pub clearance: Clearance,
    /// Elements that stay hidden: of a rule that allows, with what it allows; of one that denies, always. Types with paths.
    pub hidden: Vec<(ResourceType, Box<str>)>,
    /// Elements that cannot be changed; likewise.
    pub read_only: Vec<(ResourceType, Box<str>)>,
    /// References by which a write names nobody but the user; likewise.
    pub own: Vec<(ResourceType, Box<str>)>,
    /// For which purposes of use; empty: for any.
    pub purposes: Vec<Box<str>>,
    /// When; empty: always.
    pub hours: Vec<Hours>,
    /// The types of resource that the user may be in the records; empty: any, or none at all.
    pub users: Vec<ResourceType>,
    /// Only for those who presented a second factor.
    pub second_factor: bool,
    /// Only while the glass is broken, for that patient.
    pub break_glass: bool,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It allows, unless another denies.
    Allow,
    /// It denies, whatever others allow.
    Deny,
}

impl Rule {
    /// Whether it is about elements alone: a rule that denies, and names elements but no acts.
    pub fn denies_elements_only(&self) -> bool {
        self.effect == Effect::Deny && self.acts.is_empty() && !(self.hidden.is_empty() && self.read_only.is_empty() && self.own.is_empty())
    }

    /// Whether it is about some resources of its types only.
    pub fn limits_resources(&self) -> bool {
        !(self.criteria.is_empty() && self.patients.is_empty() && self.relations.is_empty()) || self.compartment.is_some()
    }

    /// The elements of a type among those of a list.
    pub(crate) fn of_kind(elements: &[(ResourceType, Box<str>)], kind: ResourceType) -> impl Iterator<Item = &str> {
        elements.iter().filter(move |(of, _)| *of == kind).map(|(_, path)| &**path)
    }
}
