//! Where nodes stand in the resource: items know what they are, and not where, so that they stay small.

use std::collections::HashMap;

use fhir::Value;

use crate::item::{Collection, Item};
use crate::node::{Child, Node};

/// The places of all nodes of a resource, those in the resources that it contains included. Making it costs as much as one walk over the
/// resource.
pub struct Places<'a> {
    places: Vec<Place<'a>>,
    by_value: HashMap<*const Value, usize>,
}

/// Where one node stands.
struct Place<'a> {
    node: Node<'a>,
    /// The place of the node above; none for the root.
    above: Option<usize>,
    name: &'a str,
    index: Option<usize>,
}

/// How deep a resource is followed, as deep as any that was parsed.
const MAX_DEPTH: usize = 200;

impl<'a> Places<'a> {
    /// The places in what `root` is the root of.
    pub fn of(root: &Item<'a>) -> Self {
        let mut places = Self { places: Vec::new(), by_value: HashMap::new() };
        if let Item::Node(node) = root {
            places.add(Place { node: *node, above: None, name: node.type_name(), index: None }, 0);
        }
        places
    }

    fn add(&mut self, place: Place<'a>, depth: usize) {
        let (node, here) = (place.node, self.places.len());
        if let Some(key) = key(&node) {
            self.by_value.insert(key, here);
        }
        self.places.push(place);
        if depth < MAX_DEPTH {
            node.each_child(&mut |Child { name, index, node }| self.add(Place { node, above: Some(here), name, index }, depth + 1));
        }
    }

    fn place(&self, item: &Item<'a>) -> Option<&Place<'a>> {
        self.places.get(*self.by_value.get(&key(item.node()?)?)?)
    }

    /// The way from the root to an item, as a FHIRPath: `Patient.name[0].given[1]`, with an index where JSON has an array. `None` for what
    /// was computed or stands elsewhere.
    pub fn path(&self, item: &Item<'a>) -> Option<String> {
        self.path_with(item, "")
    }

    /// The same, with `single` after each name that JSON has no array for.
    pub(crate) fn path_with(&self, item: &Item<'a>, single: &str) -> Option<String> {
        let mut steps = Vec::new();
        let mut next = self.place(item);
        while let Some(place) = next {
            steps.push(match (place.above, place.index) {
                (None, _) => place.name.to_owned(),
                (_, Some(index)) => format!("{}[{index}]", place.name),
                (_, None) => format!("{}{single}", place.name),
            });
            next = place.above.and_then(|above| self.places.get(above));
        }
        steps.reverse();
        (!steps.is_empty()).then(|| steps.join("."))
    }

    /// The node above an item, and the name under which it holds it.
    pub(crate) fn above(&self, item: &Item<'a>) -> Option<(Item<'a>, &'a str)> {
        let place = self.place(item)?;
        Some((self.places.get(place.above?)?.node.into(), place.name))
    }

    /// The nodes above an item, the nearest first.
    pub(crate) fn ancestors(&self, item: &Item<'a>) -> Collection<'a> {
        std::iter::successors(self.above(item), |(above, _)| self.above(above)).map(|(above, _)| above).collect()
    }
}

/// What tells a node from all others: the address of its value, or of what stands beside it.
fn key(node: &Node<'_>) -> Option<*const Value> {
    node.value().or(node.sibling()).map(std::ptr::from_ref)
}
