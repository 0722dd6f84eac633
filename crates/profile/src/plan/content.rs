//! Elements that have the content of another one: `Questionnaire.item.item` has that of `Questionnaire.item`.

use std::collections::HashMap;

use fhir::{Object, Value};

use super::Node;

/// What refers to what, by the ids of elements.
#[derive(Default)]
pub(super) struct Contents {
    places: HashMap<Box<str>, u32>,
    references: Vec<(u32, Box<str>)>,
}

impl Contents {
    /// Notes where an element's node is and what it refers to. Whether it refers to anything.
    pub(super) fn note(&mut self, node: usize, id: &str, definition: &Object) -> bool {
        let Ok(node) = u32::try_from(node) else { return false };
        self.places.insert(id.into(), node);
        let Some(reference) = definition.get("contentReference").and_then(Value::as_str) else { return false };
        // One with an address is an element of the type, of which a profile says nothing.
        let Some(id) = reference.strip_prefix('#') else { return false };
        self.references.push((node, id.into()));
        true
    }

    /// Puts into the nodes which ones they refer to.
    pub(super) fn link(self, nodes: &mut [Node]) {
        for (from, id) in self.references {
            let target = self.places.get(&id).copied().filter(|to| nodes.get(*to as usize).is_some_and(|node| node.id == id));
            if let Some(node) = nodes.get_mut(from as usize) {
                node.content = target.filter(|target| *target != from);
            }
        }
    }
}
