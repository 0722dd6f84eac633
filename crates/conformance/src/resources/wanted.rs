//! The elements that search parameters look at: a random resource has them more often than others.

use std::collections::HashMap;

use fhir::definitions::{ResourceType, TypeId, definitions};

use crate::path;

/// The elements on the ways of a type's search parameters.
#[derive(Default)]
pub(super) struct Wanted {
    /// By the type that has it and its name: the types that are picked from it.
    elements: HashMap<(TypeId, &'static str), Vec<&'static str>>,
}

impl Wanted {
    /// Those of a resource type.
    pub(super) fn of(kind: ResourceType) -> Self {
        let mut wanted = Self::default();
        let applies = |base: &&str| [kind.name(), "Resource", "DomainResource"].contains(base);
        let parameters = definitions().search_parameters().iter().filter(|parameter| parameter.bases.iter().any(|base| applies(base)));
        let paths = parameters.filter_map(|parameter| path::of(kind, parameter)).flatten();
        for (of, element, picked) in paths.flat_map(|path| path.elements(kind)) {
            wanted.elements.entry((of.id, element.name)).or_default().extend(picked);
        }
        wanted
    }

    /// The types that are picked from an element, when a parameter looks at it.
    pub(super) fn types(&self, of: TypeId, element: &'static str) -> Option<&[&'static str]> {
        self.elements.get(&(of, element)).map(Vec::as_slice)
    }
}
