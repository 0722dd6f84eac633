//! The elements that search parameters look at: a random resource has them more often than others.

use std::collections::HashMap;

use fhir::definitions::{ResourceType, TypeId, definitions};

use crate::path::{self, Step};

/// The elements on the ways of a type's search parameters.
#[derive(Default)]
pub(super) struct Wanted {
    /// By the type that has it and its name: the types that are picked from it.
    elements: HashMap<(TypeId, &'static str), Vec<&'static str>>,
    /// The codes that filters ask for (`where(type='successor')`), by the name of the element.
    codes: HashMap<&'static str, Vec<&'static str>>,
    /// The types of resources that filters ask for (`where(resolve() is Patient)`).
    targets: Vec<&'static str>,
}

impl Wanted {
    /// Those of a resource type.
    pub(super) fn of(kind: ResourceType) -> Self {
        let mut wanted = Self::default();
        let applies = |base: &&str| [kind.name(), "Resource", "DomainResource"].contains(base);
        let parameters = definitions().search_parameters().iter().filter(|parameter| parameter.bases.iter().any(applies));
        for path in parameters.filter_map(|parameter| path::of(kind, parameter)).flatten() {
            for (of, element, picked) in path.elements(kind) {
                wanted.elements.entry((of.id, element.name)).or_default().extend(picked);
            }
            for step in path.steps {
                match step {
                    Step::Where(name, code) => wanted.codes.entry(name).or_default().push(code),
                    Step::LeadsTo(name) => wanted.targets.push(name),
                    _ => {}
                }
            }
        }
        wanted.elements.values_mut().chain(wanted.codes.values_mut()).for_each(|names| {
            names.sort_unstable();
            names.dedup();
        });
        wanted
    }

    /// The codes of an element that some parameter asks for.
    pub(super) fn codes(&self, element: &str) -> &[&'static str] {
        self.codes.get(element).map_or(&[], Vec::as_slice)
    }

    /// The types of resources that some parameter asks for.
    pub(super) fn targets(&self) -> &[&'static str] {
        &self.targets
    }

    /// The types that are picked from an element, when a parameter looks at it.
    pub(super) fn types(&self, of: TypeId, element: &'static str) -> Option<&[&'static str]> {
        self.elements.get(&(of, element)).map(Vec::as_slice)
    }
}
