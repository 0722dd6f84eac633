//! The concepts of a value set, as they are collected.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use fhir::Value;

use super::notes::Notes;
use crate::request::Options;
use crate::system::{Concept, System};
use crate::value_set::{Listed, ValueSet};

/// One concept of a value set.
#[derive(Clone)]
pub(crate) struct Item {
    /// Its system, in [`Collected::systems`].
    pub(crate) system: usize,
    pub(crate) concept: Concept,
    /// Where the value set lists it, when it does.
    pub(crate) listed: Option<(Arc<ValueSet>, usize, usize)>,
    /// The item that it stands below.
    pub(crate) parent: Option<usize>,
}

impl Item {
    /// What the value set says of the concept.
    pub(crate) fn listing(&self) -> Option<&Listed> {
        let (value_set, include, concept) = self.listed.as_ref()?;
        value_set.includes.get(*include)?.concepts.get(*concept)
    }
}

/// The concepts of a value set.
#[derive(Default)]
pub(crate) struct Collected {
    pub(crate) systems: Vec<Arc<dyn System>>,
    pub(crate) items: Vec<Item>,
    pub(crate) notes: Notes,
    /// Why more codes belong to it than can be listed.
    pub(super) unclosed: Vec<String>,
    pub(super) is_flat: bool,
    /// Whether the versions of systems are told with each code.
    pub(crate) tells_versions: bool,
    /// By system, version where it counts, and code.
    places: HashMap<(usize, Box<str>), usize>,
    /// The addresses of systems, and versions where they count, of the first part of the key above.
    keys: Vec<(Box<str>, Option<Box<str>>)>,
}

impl Collected {
    /// Whether codes belong to it that cannot be listed.
    pub(crate) fn is_unclosed(&self) -> bool {
        !self.unclosed.is_empty()
    }

    /// Whether it is given out as a tree.
    pub(crate) fn nests(&self, options: &Options) -> bool {
        let is_whole = options.offset.unwrap_or(0) == 0 && options.count.is_none_or(|count| count > self.items.len());
        !self.is_flat && options.exclude_nested != Some(true) && is_whole && !self.is_unclosed()
    }

    /// The extensions that say that it is not all.
    pub(crate) fn unclosed_extensions(&self) -> Vec<Value> {
        const UNCLOSED: &str = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed";
        const REASON: &str = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed-reason";
        let mut extensions = Vec::new();
        for reason in &self.unclosed {
            if extensions.is_empty() {
                extensions.push(fhir::object! { "url": UNCLOSED, "valueBoolean": true });
            }
            extensions.push(fhir::object! { "url": REASON, "valueString": reason.as_str() });
        }
        extensions
    }

    /// Whether a code of a system is in it.
    pub(crate) fn contains(&self, system: &str, code: &str) -> bool {
        let is_key = |(_, (url, _)): &(usize, &(Box<str>, Option<Box<str>>))| **url == *system;
        self.keys.iter().enumerate().filter(is_key).any(|(key, _)| self.places.contains_key(&(key, Box::from(code))))
    }

    pub(super) fn note_unclosed(&mut self, reason: String) {
        if !self.unclosed.contains(&reason) {
            self.unclosed.push(reason);
        }
    }

    fn system(&mut self, system: &Arc<dyn System>) -> usize {
        if let Some(index) = self.systems.iter().position(|other| Arc::ptr_eq(other, system)) {
            return index;
        }
        self.systems.push(system.clone());
        self.systems.len() - 1
    }

    fn key(&mut self, system: &dyn System, with_version: bool) -> usize {
        let about = system.about();
        let key = (about.url.clone(), about.version.clone().filter(|_| with_version));
        if let Some(index) = self.keys.iter().position(|other| *other == key) {
            return index;
        }
        self.keys.push(key);
        self.keys.len() - 1
    }

    /// Adds a concept, which is the same in all versions of its system unless `by_version`; the place that it got, or none when it is in already.
    pub(super) fn add(&mut self, system: &Arc<dyn System>, mut item: Item, by_version: bool) -> Option<usize> {
        let key = self.key(&**system, by_version);
        let place = self.items.len();
        let code = system.code(&item.concept).into();
        match self.places.entry((key, code)) {
            Entry::Occupied(_) => {
                // What stands in several places is no tree.
                self.is_flat = true;
                None
            }
            Entry::Vacant(free) => {
                free.insert(place);
                item.system = self.system(system);
                self.items.push(item);
                Some(place)
            }
        }
    }
}
