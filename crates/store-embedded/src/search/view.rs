//! The resources of a tenant as a search sees them: those of a snapshot and, for a condition of a commit, what the
//! commits before it in its group have made of them; for a search of a moment that is past, what they were then.

use std::borrow::Cow;

use fhir::definitions::ResourceType;
use store::commit::{Instant, Key, Tenant};
use store::entry::{Entry, EntryValue, Local, Param};
use store::matches::filter::{any_referring, local_key};
use store::matches::{Candidate, Others};
use store::query::{Filter, Test};

use super::budget::{Budget, Result as Answered, SearchError};
use super::found::Found;
use super::past::Past;
use super::stream::Tail;
use super::window::Window;
use crate::error::{Result, StoreError};
use crate::index::head::Head;
use crate::index::update::Changes;
use crate::index::{Snapshot, keys, listed};

/// What a search sees.
pub(crate) struct View<'a> {
    pub(crate) snapshot: &'a Snapshot,
    changes: Option<&'a Changes>,
    pub(crate) tenant: Tenant,
    pub(crate) budget: Budget,
    /// Whether the steps of the search are timed.
    pub(crate) is_explained: bool,
    /// The moment that the search is about; `None`: now.
    pub(crate) past: Option<Past<'a>>,
}

impl<'a> View<'a> {
    /// Changes that are empty count as none.
    pub(crate) fn new(snapshot: &'a Snapshot, changes: Option<&'a Changes>, tenant: Tenant, budget: Budget) -> Self {
        let changes = changes.filter(|changes| !changes.is_empty());
        Self { snapshot, changes, tenant, budget, is_explained: false, past: None }
    }

    /// Whether the snapshot is all there is.
    pub(crate) fn is_plain(&self) -> bool {
        self.changes.is_none()
    }

    /// Whether a group has written the resource since the snapshot.
    pub(crate) fn is_changed(&self, key: &Key) -> bool {
        self.changes.is_some_and(|changes| changes.get(self.tenant, key).is_some())
    }

    /// The resources of a type that a group has written, and not deleted, since the snapshot.
    pub(crate) fn changed(&self, kind: ResourceType) -> impl Iterator<Item = (Tail, Candidate<'_>)> {
        let touched = self.changes.into_iter().flat_map(|changes| changes.touched(self.tenant));
        touched.filter(move |(key, _)| key.kind == kind).filter_map(|(key, touched)| {
            let listed = touched.listed.as_ref()?;
            let candidate = Candidate { key: Cow::Borrowed(key), last_updated: touched.head.at, entries: Cow::Borrowed(listed.entries()) };
            Some((keys::tail(listed.date, touched.head.resource), candidate))
        })
    }

    /// The current version of a resource by its number; an error when there is none, for the entry that named it is there.
    pub(crate) fn current(&self, resource: u64) -> Result<(Head, Key)> {
        let found = self.snapshot.resource(self.tenant, resource)?;
        found.ok_or_else(|| missing(resource))
    }

    /// The version of a resource at the moment of the search, a deletion included, by its number; an error when there is none.
    pub(crate) fn by_number(&self, resource: u64) -> Answered<(Head, Key)> {
        let (head, key) = self.current(resource)?;
        match self.past.as_ref().filter(|past| !past.has_seen(&head)) {
            None => Ok((head, key)),
            Some(past) => Ok((past.head(self, resource)?.ok_or_else(|| missing(resource))?, key)),
        }
    }

    /// The version of a resource at the moment of the search, by its key; `None` when it was not there then, or deleted.
    pub(crate) fn head(&self, key: &Key) -> Answered<Option<Head>> {
        let current = self.snapshot.head(self.tenant, key)?;
        let head = match (&self.past, current) {
            (Some(past), Some(head)) if !past.has_seen(&head) => past.head(self, head.resource)?,
            (_, current) => current,
        };
        Ok(head.filter(|head| !head.is_deleted()))
    }

    /// The same by its number, with the key.
    pub(crate) fn living(&self, resource: u64) -> Answered<Option<(Head, Key)>> {
        let (_, key) = self.current(resource)?;
        Ok(self.head(&key)?.map(|head| (head, key)))
    }

    /// The date and the entries of a resource at the moment of the search; `None` when it is deleted.
    pub(crate) fn listed(&self, resource: u64) -> Answered<Option<(Instant, Vec<Entry>)>> {
        if let Some(past) = &self.past {
            let (current, key) = self.current(resource)?;
            if !past.has_seen(&current) {
                let head = past.head(self, resource)?.filter(|head| !head.is_deleted());
                return Ok(head.map(|head| past.listed(self, &head, &key)).transpose()?.map(|listed| (*listed).clone()));
            }
        }
        Ok(self.snapshot.list(self.tenant, resource)?.map(|list| listed::decode(&list)).transpose()?)
    }

    /// The entries of a resource at the moment of the search.
    pub(crate) fn entries(&self, resource: u64) -> Answered<Vec<Entry>> {
        Ok(self.listed(resource)?.map(|(_, entries)| entries).unwrap_or_default())
    }

    /// At least those of the entries whose parameter is wanted.
    pub(crate) fn some_entries(&self, resource: u64, wanted: impl Fn(Param) -> bool) -> Answered<Vec<Entry>> {
        if self.past.is_some() {
            return self.entries(resource);
        }
        let list = self.snapshot.list(self.tenant, resource)?;
        Ok(list.map(|list| listed::decode_some(&list, wanted)).transpose()?.unwrap_or_default())
    }

    /// A resource of the snapshot as a filter sees it.
    pub(crate) fn candidate(&self, head: &Head, key: Key) -> Answered<Candidate<'static>> {
        Ok(Candidate { key: Cow::Owned(key), last_updated: head.at, entries: Cow::Owned(self.entries(head.resource)?) })
    }

    /// The numbers of the resources of a type that refer by `param` to `target` at the moment of the search, in natural order.
    pub(crate) fn referring_numbers(&self, kind: ResourceType, param: Param, target: &str) -> Answered<Vec<u64>> {
        let value = EntryValue::Local(Local { target: target.into() });
        let mut prefix = keys::entries_of(self.tenant, param);
        prefix.extend_from_slice(&store::encoding::value_key(&value));
        let mut tails = Vec::new();
        for guard in self.snapshot.at.prefix_of_value(&prefix) {
            self.budget.read()?;
            tails.push(keys::split_tail(&guard?.0)?.1);
        }
        if let Some(past) = &self.past {
            let changed = past.changed(self, kind)?;
            tails.retain(|tail| !changed.has(keys::tail_parts(*tail).1));
            tails.extend(past.referring(self, kind, param, target)?);
            tails.sort_unstable();
        }
        Ok(tails.into_iter().map(|tail| keys::tail_parts(tail).1).collect())
    }
}

fn missing(resource: u64) -> StoreError {
    StoreError::Damaged(format!("the index has entries of resource {resource}, and not the resource"))
}

/// Whether a filter asks about other resources.
fn leads_on(filter: &Filter) -> bool {
    match filter {
        Filter::Chain(..) | Filter::Has(..) => true,
        Filter::All(filters) | Filter::Any(filters) => filters.iter().any(leads_on),
        Filter::Not(filter) | Filter::Contained(_, filter) => leads_on(filter),
        Filter::Id(_) | Filter::LastUpdated(..) | Filter::Match(..) | Filter::Present(_) => false,
    }
}

impl Others for View<'_> {
    type Error = SearchError;

    fn resource(&self, key: &Key) -> Answered<Option<Candidate<'_>>> {
        self.budget.check()?;
        if let Some(touched) = self.changes.and_then(|changes| changes.get(self.tenant, key)) {
            return Ok(touched.listed.as_ref().map(|listed| Candidate {
                key: Cow::Owned(key.clone()),
                last_updated: touched.head.at,
                entries: Cow::Borrowed(listed.entries()),
            }));
        }
        match self.head(key)? {
            Some(head) => Ok(Some(self.candidate(&head, key.clone())?)),
            None => Ok(None),
        }
    }

    /// One is looked for in the index, where that need not turn chains into resources again for each that is asked about.
    fn has_referring(&self, kind: ResourceType, param: Param, target: &str, filter: &Filter) -> Answered<bool> {
        if !self.is_plain() || self.past.is_some() || leads_on(filter) {
            return any_referring(self, kind, param, target, filter);
        }
        let both = Filter::All(vec![Filter::Match(param, Test::Local(target.into())), filter.clone()]);
        Ok(Found::new(self, kind, &both, Window::default())?.next()?.is_some())
    }

    fn referring(&self, kind: ResourceType, param: Param, target: &str) -> Answered<Vec<Candidate<'_>>> {
        let mut found = Vec::new();
        for number in self.referring_numbers(kind, param, target)? {
            let (head, key) = self.by_number(number)?;
            self.budget.check()?;
            if key.kind == kind && !self.is_changed(&key) {
                found.push(self.candidate(&head, key)?);
            }
        }
        let refers = |entry: &Entry| entry.param == param && local_key(&entry.value).is_some_and(|key| key.to_string() == target);
        found.extend(self.changed(kind).map(|(_, candidate)| candidate).filter(|candidate| candidate.entries.iter().any(refers)));
        Ok(found)
    }
}
