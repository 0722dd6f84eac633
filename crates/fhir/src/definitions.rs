//! The official R4 definitions as tables: types and their elements, search parameters, compartments, value sets.
//!
//! They come from `generated/*.tsv`, which `cargo xtask codegen` writes from HL7's definition bundles, and are loaded
//! once, on first use ([`definitions`]). Their strings are slices of the tables' text, so nothing is copied.

mod compartment;
mod invariant;
mod load;
mod name_index;
mod names;
mod primitive_type;
mod resource_type;
mod search_parameter;
mod types;
mod value_set;

use std::sync::OnceLock;

pub use compartment::Compartment;
pub use invariant::{Invariant, invariants};
pub use names::{known_name, known_names};
pub use primitive_type::PrimitiveType;
pub use resource_type::ResourceType;
pub use search_parameter::{Component, SearchParameter, SearchParameterType};
pub use types::{Binding, BindingStrength, Element, ElementType, Type, TypeId, TypeKind};
pub use value_set::{ValueSet, ValueSetId};

use name_index::NameIndex;

/// All tables.
#[derive(Debug)]
pub struct Definitions {
    types: Vec<Type>,
    types_by_name: NameIndex,
    /// The types of resources that can be stored, by [`ResourceType`].
    resource_types: Vec<TypeId>,
    search_parameters: Vec<SearchParameter>,
    compartments: Vec<Compartment>,
    value_sets: Vec<ValueSet>,
}

/// The tables, loaded on the first call.
pub fn definitions() -> &'static Definitions {
    static DEFINITIONS: OnceLock<Definitions> = OnceLock::new();
    DEFINITIONS.get_or_init(load::load)
}

impl Definitions {
    /// All types: primitives, complex types, resources, and a type for each element with elements of its own. A base
    /// stands before what specializes it.
    pub fn types(&self) -> &[Type] {
        &self.types
    }

    /// The type of an id that these tables gave out.
    pub fn get(&self, id: TypeId) -> &Type {
        &self.types[usize::from(id.0)]
    }

    /// The type of this name: `Patient`, `HumanName`, `date`, `Patient.contact`. Exact, with its capitals.
    pub fn type_by_name(&self, name: &str) -> Option<&Type> {
        let found = self.types_by_name.find(name, |index| self.types[index].name)?;
        Some(&self.types[found])
    }

    /// The type that defines a resource of this type.
    pub fn resource(&self, resource_type: ResourceType) -> &Type {
        self.get(self.resource_types[resource_type.index()])
    }

    /// Whether `id` is `base`, or specializes it at any distance: a `code` is a `string` and an `Element`.
    pub fn is_a(&self, id: TypeId, base: TypeId) -> bool {
        std::iter::successors(Some(id), |id| self.get(*id).base).any(|ancestor| ancestor == base)
    }

    /// All 1375 search parameters, sorted by address. Some stand for several resource types, or for all (`Resource`).
    pub fn search_parameters(&self) -> &[SearchParameter] {
        &self.search_parameters
    }

    /// The search parameter of this canonical address.
    pub fn search_parameter(&self, url: &str) -> Option<&SearchParameter> {
        let found = self.search_parameters.binary_search_by_key(&url, |parameter| parameter.url).ok()?;
        Some(&self.search_parameters[found])
    }

    /// For each compartment and each resource type that can be in it: through which search parameters. Sorted by both.
    pub fn compartments(&self) -> &[Compartment] {
        &self.compartments
    }

    /// The value set of this canonical address, without version: only those that some element is bound to as `required`.
    pub fn value_set(&self, url: &str) -> Option<&ValueSet> {
        let found = self.value_sets.binary_search_by_key(&url, |set| set.url).ok()?;
        Some(&self.value_sets[found])
    }

    /// The codes of a required binding; `None` for a weaker one, and when the value set cannot be enumerated.
    pub fn required_codes(&self, binding: &Binding) -> Option<&ValueSet> {
        self.value_sets.get(usize::from(binding.required?.0)).filter(|set| set.is_enumerable())
    }
}

#[cfg(test)]
mod tests;
