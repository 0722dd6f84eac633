//! Resources gathered for one answer: each once, within bounds, in the order in which they were found.

use std::collections::HashMap;

use bytes::Bytes;
use fhir::{Value, object};
use store::commit::Key;
use store::query::Version;

use super::limits::Budget;
use super::scan::tree;
use crate::{Context, Error};

/// What was gathered so far.
pub(super) struct Gathered<'a> {
    ctx: &'a Context,
    budget: Budget,
    trees: Vec<(Key, Value)>,
    places: HashMap<Key, usize>,
    remedy: &'static str,
}

impl<'a> Gathered<'a> {
    /// Nothing yet. `remedy` says how to ask for less.
    pub(super) fn new(ctx: &'a Context, remedy: &'static str) -> Self {
        Self { ctx, budget: Budget::new(), trees: Vec::new(), places: HashMap::new(), remedy }
    }

    /// Adds a resource, when it is not there yet, and gives its place.
    ///
    /// [`Error::OperationTooLarge`] when that is more than an answer may have.
    pub(super) fn add(&mut self, version: &Version) -> Result<usize, Error> {
        self.budget.look(0);
        if let Some(&place) = self.places.get(&version.key) {
            self.budget.check_answer(self.remedy)?;
            return Ok(place);
        }
        self.budget.weigh(version.text().map_or(0, Bytes::len));
        self.budget.check_answer(self.remedy)?;
        let place = self.trees.len();
        self.trees.push((version.key.clone(), tree(version)?));
        self.places.insert(version.key.clone(), place);
        Ok(place)
    }

    /// Adds the current version of a resource; `None` when there is none.
    pub(super) async fn fetch(&mut self, key: &Key) -> Result<Option<usize>, Error> {
        if let Some(&place) = self.places.get(key) {
            self.budget.look(0);
            self.budget.check_answer(self.remedy)?;
            return Ok(Some(place));
        }
        match self.ctx.store().read(self.ctx.tenant, key).await?.filter(|version| version.text().is_some()) {
            Some(version) => self.add(&version).map(Some),
            None => Ok(None),
        }
    }

    /// The key and the tree at a place.
    pub(super) fn at(&self, place: usize) -> Option<&(Key, Value)> {
        self.trees.get(place)
    }

    /// The entries of a Bundle, each with its address.
    pub(super) fn into_entries(self) -> Vec<Value> {
        let base = &self.ctx.base_url;
        let entry = |(key, resource): (Key, Value)| object! { "fullUrl": format!("{base}/{key}"), "resource": resource };
        self.trees.into_iter().map(entry).collect()
    }
}

/// A Bundle of a type with these entries.
pub(super) fn bundle(kind: &'static str, entries: Vec<Value>) -> Value {
    object! { "resourceType": "Bundle", "type": kind, "entry": entries }
}
