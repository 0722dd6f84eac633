//! The resources of a tenant as a search sees them: those of a snapshot and, for a condition of a commit, what the
//! commits before it in its group have made of them.

use std::borrow::Cow;

use fhir::definitions::ResourceType;
use store::commit::{Instant, Key, Tenant};
use store::entry::{Entry, EntryValue, Local, Param};
use store::matches::filter::local_key;
use store::matches::{Candidate, Others};

use super::budget::{Budget, SearchError};
use super::stream::Tail;
use crate::error::{Result, StoreError};
use crate::index::head::Head;
use crate::index::update::Changes;
use crate::index::{Snapshot, keys, listed};

/// What a search sees.
pub(crate) struct View<'a> {
    pub(crate) snapshot: &'a Snapshot<'a>,
    changes: Option<&'a Changes>,
    pub(crate) tenant: Tenant,
    pub(crate) budget: Budget,
    /// Whether the steps of the search are timed.
    pub(crate) is_explained: bool,
}

impl<'a> View<'a> {
    /// Changes that are empty count as none.
    pub(crate) fn new(snapshot: &'a Snapshot<'a>, changes: Option<&'a Changes>, tenant: Tenant, budget: Budget) -> Self {
        Self { snapshot, changes: changes.filter(|changes| !changes.is_empty()), tenant, budget, is_explained: false }
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
            let candidate = Candidate { key: Cow::Borrowed(key), last_updated: touched.head.at, entries: Cow::Borrowed(&listed.entries) };
            Some((keys::tail(listed.date, touched.head.resource), candidate))
        })
    }

    /// A resource of the snapshot by its number; an error when there is none, for the entry that named it is there.
    pub(crate) fn by_number(&self, resource: u64) -> Result<(Head, Key)> {
        let found = self.snapshot.resource(self.tenant, resource)?;
        found.ok_or_else(|| StoreError::Damaged(format!("the index has entries of resource {resource}, and not the resource")))
    }

    /// The date and the entries of a resource of the snapshot; `None` when it is deleted.
    pub(crate) fn listed(&self, resource: u64) -> Result<Option<(Instant, Vec<Entry>)>> {
        self.snapshot.list(self.tenant, resource)?.map(|list| listed::decode(&list)).transpose()
    }

    /// The entries of a resource of the snapshot.
    pub(crate) fn entries(&self, resource: u64) -> Result<Vec<Entry>> {
        Ok(self.listed(resource)?.map(|(_, entries)| entries).unwrap_or_default())
    }

    /// A resource of the snapshot as a filter sees it.
    pub(crate) fn candidate(&self, head: &Head, key: Key) -> Result<Candidate<'static>> {
        Ok(Candidate { key: Cow::Owned(key), last_updated: head.at, entries: Cow::Owned(self.entries(head.resource)?) })
    }

    /// The numbers of the resources of the snapshot that refer by `param` to `target`.
    pub(crate) fn referring_numbers(&self, param: Param, target: &str) -> std::result::Result<Vec<u64>, SearchError> {
        use fjall::Readable;
        let value = EntryValue::Local(Local { target: target.into() });
        let mut prefix = keys::entries_of(self.tenant, param);
        prefix.extend_from_slice(&store::encoding::value_key(&value));
        let mut numbers = Vec::new();
        for guard in self.snapshot.at.prefix(&self.snapshot.index.entries, &prefix) {
            self.budget.read()?;
            let key = guard.key()?;
            let (_, tail) = keys::split_tail(&key)?;
            numbers.push(keys::tail_parts(tail).1);
        }
        Ok(numbers)
    }
}

impl Others for View<'_> {
    type Error = SearchError;

    fn resource(&self, key: &Key) -> std::result::Result<Option<Candidate<'_>>, SearchError> {
        self.budget.check()?;
        if let Some(touched) = self.changes.and_then(|changes| changes.get(self.tenant, key)) {
            return Ok(touched.listed.as_ref().map(|listed| Candidate {
                key: Cow::Owned(key.clone()),
                last_updated: touched.head.at,
                entries: Cow::Owned(listed.entries.clone()),
            }));
        }
        match self.snapshot.head(self.tenant, key)?.filter(|head| !head.is_deleted()) {
            Some(head) => Ok(Some(self.candidate(&head, key.clone())?)),
            None => Ok(None),
        }
    }

    fn referring(&self, kind: ResourceType, param: Param, target: &str) -> std::result::Result<Vec<Candidate<'_>>, SearchError> {
        let mut found = Vec::new();
        for number in self.referring_numbers(param, target)? {
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
