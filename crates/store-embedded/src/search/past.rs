//! The state of a moment that is past, without an index of its own.
//!
//! A resource that was not written since has its current version, and the index knows it. The others are listed by the history of their type: their
//! versions of that time are read from the truth, and their entries derived again. So a search of the past costs what was written since.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use fhir::definitions::ResourceType;
use store::commit::{Instant, Key};
use store::contract::Extract;
use store::entry::{Entry, EntryValue, Param};

use super::budget::{Result, SearchError};
use super::stream::Tail;
use super::view::View;
use super::written;
use crate::error::StoreError;
use crate::index::Index;
use crate::index::head::{Head, Written};
use crate::index::keys;
use crate::shared::Shared;

/// How many resources of a past state a search takes from the truth.
pub(crate) const MOST_CHANGED: usize = 100_000;

/// How many of them are kept in memory with their entries while it goes on.
const MOST_KEPT: usize = 10_000;

/// A moment, and what a search has learnt of it.
pub(crate) struct Past<'a> {
    at: Instant,
    shared: &'a Shared,
    index: &'a Index,
    extract: &'a dyn Extract,
    changed: RefCell<HashMap<ResourceType, Rc<Changed>>>,
    /// How many resources are in `changed`.
    changes: Cell<usize>,
    /// The dates and entries of versions, by their rows.
    kept: RefCell<HashMap<u64, Rc<Listed>>>,
    referring: RefCell<HashMap<Param, Rc<Referring>>>,
}

/// The date and the entries of a version.
type Listed = (Instant, Vec<Entry>);

/// The resources of a type, by what they referred to by a parameter.
type Referring = HashMap<Box<str>, Vec<Tail>>;

/// The resources of a type that were written since a moment.
pub(crate) struct Changed {
    /// Those with this number or a higher one were not there yet.
    first_new: u64,
    /// The others, in order.
    resources: BTreeSet<u64>,
}

impl Changed {
    /// Whether it was written since.
    pub(crate) fn has(&self, resource: u64) -> bool {
        resource >= self.first_new || self.resources.contains(&resource)
    }

    /// The numbers of those that may have been there before.
    pub(crate) fn older(&self) -> impl Iterator<Item = u64> {
        self.resources.iter().copied()
    }
}

impl<'a> Past<'a> {
    /// Nothing is looked at yet.
    pub(crate) fn new(at: Instant, (shared, index): (&'a Shared, &'a Index), extract: &'a dyn Extract) -> Self {
        let (changed, kept, referring) = Default::default();
        Self { at, shared, index, extract, changed, changes: Cell::new(0), kept, referring }
    }

    /// The moment.
    pub(crate) fn moment(&self) -> Instant {
        self.at
    }

    /// Whether a version was there at the moment.
    pub(crate) fn has_seen(&self, head: &Head) -> bool {
        head.at <= self.at
    }

    /// The resources of a type that were written since. [`SearchError::TooCostly`] when too many of them were there before.
    pub(crate) fn changed(&self, view: &View<'_>, kind: ResourceType) -> Result<Rc<Changed>> {
        if let Some(known) = self.changed.borrow().get(&kind) {
            return Ok(Rc::clone(known));
        }
        let rows = match self.at.checked_add(1) {
            Some(after) => written::rows(view.snapshot, view.tenant, kind, after, Instant::MAX)?,
            None => None,
        };
        let mut changed = Changed { first_new: rows.map_or(u64::MAX, |rows| rows.first), resources: BTreeSet::new() };
        if let Some(rows) = rows {
            for guard in view.snapshot.at.range(written::range(view.tenant, rows)) {
                view.budget.read()?;
                let resource = Written::decode(&guard?.1)?.resource;
                if resource < changed.first_new && changed.resources.insert(resource) {
                    self.count_one()?;
                }
            }
        }
        let changed = Rc::new(changed);
        self.changed.borrow_mut().insert(kind, Rc::clone(&changed));
        Ok(changed)
    }

    fn count_one(&self) -> Result<()> {
        self.changes.set(self.changes.get() + 1);
        if self.changes.get() > MOST_CHANGED {
            return Err(SearchError::TooCostly(format!(
                "more than {MOST_CHANGED} of the resources looked at were changed since that moment: choose a later one, or fewer types"
            )));
        }
        Ok(())
    }

    /// The version of that time of a resource whose current one was written since, a deletion included; `None` when it was not there yet.
    pub(crate) fn head(&self, view: &View<'_>, resource: u64) -> Result<Option<Head>> {
        for version in view.snapshot.versions(view.tenant, resource) {
            view.budget.read()?;
            let head = version?;
            if self.has_seen(&head) {
                return Ok(Some(head));
            }
        }
        Ok(None)
    }

    /// The date and the entries of a version of that time, which is no deletion, from its text.
    pub(crate) fn listed(&self, view: &View<'_>, head: &Head, key: &Key) -> Result<Rc<Listed>> {
        if let Some(known) = self.kept.borrow().get(&head.row) {
            return Ok(Rc::clone(known));
        }
        view.budget.check()?;
        let (entries, date) = match self.shared.text(head.row) {
            // Nothing is to be found by what cannot be read any more.
            Err(StoreError::Destroyed) => (Vec::new(), store::commit::NO_DATE),
            text => self.extract.extract(key.kind, &text?),
        };
        let entries = self.index.entries(view.tenant, &entries)?.into_owned();
        let listed = Rc::new((date, entries));
        let mut kept = self.kept.borrow_mut();
        if kept.len() < MOST_KEPT {
            kept.insert(head.row, Rc::clone(&listed));
        }
        Ok(listed)
    }

    /// The places of the resources of a type, of those written since, that referred by `param` to `target` then.
    pub(crate) fn referring(&self, view: &View<'_>, kind: ResourceType, param: Param, target: &str) -> Result<Vec<Tail>> {
        let known = self.referring.borrow().get(&param).map(Rc::clone);
        let referring = match known {
            Some(referring) => referring,
            None => {
                let referring = Rc::new(self.all_referring(view, kind, param)?);
                self.referring.borrow_mut().insert(param, Rc::clone(&referring));
                referring
            }
        };
        Ok(referring.get(target).cloned().unwrap_or_default())
    }

    fn all_referring(&self, view: &View<'_>, kind: ResourceType, param: Param) -> Result<Referring> {
        let mut all = Referring::new();
        for resource in self.changed(view, kind)?.older() {
            let Some((head, key)) = view.living(resource)? else { continue };
            let listed = self.listed(view, &head, &key)?;
            for entry in listed.1.iter().filter(|entry| entry.param == param) {
                if let EntryValue::Local(local) = &entry.value {
                    all.entry(local.target.clone()).or_default().push(keys::tail(listed.0, resource));
                }
            }
        }
        Ok(all)
    }
}
