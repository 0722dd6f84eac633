//! The types of resources that can be stored.

use super::definitions;

/// A resource type of R4, by its place in the sorted list of their names: `Account` is the first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceType(u8);

impl ResourceType {
    /// The type of this name: exact, with its capitals. Not the abstract `Resource` and `DomainResource`.
    pub fn parse(name: &str) -> Option<Self> {
        definitions().type_by_name(name)?.resource_type
    }

    /// Its name: `Patient`.
    pub fn name(self) -> &'static str {
        definitions().resource(self).name
    }

    /// All types, sorted by name.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..definitions().resource_types.len() as u8).map(Self)
    }

    /// Its place in the sorted list, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    pub(super) fn at(index: usize) -> Option<Self> {
        u8::try_from(index).ok().map(Self)
    }
}

impl std::fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
