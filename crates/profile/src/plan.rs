//! Plans: a profile made ready for the walk.
//!
//! A plan has a node for each element of which the profile says more than FHIR does. Its nodes stand in one array; a node finds those of its
//! children by the places that FHIR's tables give the elements of its type, so that the walk compares no names.

mod compile;
mod content;
mod discriminator;
mod registry;
mod rules;
mod slicing;
mod types;

use fhir::definitions::TypeId;

pub(crate) use discriminator::{Matcher, Part, Way};
pub use registry::Plans;
pub(crate) use registry::{Link, Registry};
pub(crate) use rules::{Bound, Exact, Rules, extension};
pub(crate) use slicing::{Openness, Slice, Slicing};
pub(crate) use types::{Aggregation, Target, TypeRule};

/// A profile, compiled.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Its address, with the version.
    pub(crate) url: Box<str>,
    /// The type that it constrains; `None` for one that FHIR's tables have not, such as a logical model.
    pub(crate) type_id: Option<TypeId>,
    /// Whether only profiles that are built on it may be claimed.
    pub(crate) is_abstract: bool,
    /// Whether it defines a modifier: an extension for `modifierExtension`.
    pub(crate) is_modifier: bool,
    /// The first is the root.
    pub(crate) nodes: Box<[Node]>,
    /// What in the profile has no meaning here, in words for a message.
    pub(crate) problems: Box<[String]>,
}

/// What a profile says of an element beyond what FHIR says.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// Its id in the profile: `Patient.extension:race`.
    pub(crate) id: Box<str>,
    /// How many there must be at least.
    pub(crate) min: u32,
    /// How many there may be at most.
    pub(crate) max: Option<u32>,
    /// Of which types it may be.
    pub(crate) types: types::Types,
    /// Its children of which something is said: the place of the element in the type and the node, sorted.
    pub(crate) children: Box<[(u16, u32)]>,
    /// Those of its children that must be looked at even when they are absent.
    pub(crate) required: Box<[(u16, u32)]>,
    /// The type in which the places of the children are.
    pub(crate) children_of: Option<TypeId>,
    /// Its slices.
    pub(crate) slicing: Option<Box<Slicing>>,
    /// Values, bindings and invariants.
    pub(crate) rules: Option<Box<Rules>>,
    /// The node whose content it has, where the definition refers to another element.
    pub(crate) content: Option<u32>,
}

/// Whether a profile's address is that of the type itself, or of one that it specializes.
pub(crate) fn is_base_type(address: &str, kind: &fhir::definitions::Type) -> bool {
    types::named_type(address).is_some_and(|id| fhir::definitions::definitions().is_a(kind.id, id))
}

impl Plan {
    pub(crate) fn node(&self, index: u32) -> &Node {
        &self.nodes[index as usize]
    }
}

impl Node {
    /// The node of the child in that place of its type.
    pub(crate) fn child(&self, place: u16) -> Option<u32> {
        // A handful at most: a look along them is the quickest.
        self.children.iter().find(|(at, _)| *at == place).map(|(_, node)| *node)
    }

    /// Whether it says anything when it is absent.
    pub(crate) fn needs_some(&self) -> bool {
        self.min > 0 || self.slicing.as_ref().is_some_and(|slicing| slicing.needs_some)
    }
}
