//! The resources of a tenant, as reads and filters see them.

use std::borrow::Cow;
use std::convert::Infallible;

use fhir::definitions::ResourceType;

use crate::commit::{Instant, Key};
use crate::entry::{EntryValue, Param};
use crate::matches::{Candidate, Others, passes, passing_inside};
use crate::query::{Filter, Subject};

use super::state::{Row, TenantState};

/// The state of a tenant, now or at a moment.
pub(super) struct View<'a> {
    pub(super) tenant: &'a TenantState,
    /// The moment whose state it is; `None`: now.
    pub(super) as_of: Option<Instant>,
}

impl View<'_> {
    /// The versions written so far, oldest first.
    fn rows(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.tenant.rows.iter().filter(|row| self.as_of.is_none_or(|moment| row.at <= moment))
    }

    /// The versions of a resource, oldest first.
    pub(super) fn versions<'v>(&'v self, key: &'v Key) -> impl DoubleEndedIterator<Item = &'v Row> {
        self.rows().filter(move |row| row.key == *key && !row.is_erased)
    }

    /// The last version that was written, erased or not.
    pub(super) fn last(&self, key: &Key) -> Option<&Row> {
        self.rows().rfind(|row| row.key == *key)
    }

    /// The current version, a deletion included.
    pub(super) fn current(&self, key: &Key) -> Option<&Row> {
        self.last(key).filter(|row| !row.is_erased)
    }

    /// The current version, unless it is a deletion.
    pub(super) fn living(&self, key: &Key) -> Option<&Row> {
        self.current(key).filter(|row| !row.is_deleted())
    }

    /// The living resources of a type, in the order of a search without sort: by date, newest first, then the youngest first.
    pub(super) fn of_kind(&self, kind: ResourceType) -> Vec<&Row> {
        let mut newest = std::collections::BTreeMap::new();
        for row in self.rows().filter(|row| row.key.kind == kind) {
            newest.insert(row.resource, row);
        }
        let mut living: Vec<_> = newest.into_values().filter(|row| !row.is_deleted()).collect();
        living.sort_by_key(|row| std::cmp::Reverse((row.date, row.resource)));
        living
    }

    /// Those of them that pass.
    pub(super) fn matching(&self, kind: ResourceType, filter: &Filter) -> Vec<&Row> {
        let mut rows = self.of_kind(kind);
        rows.retain(|row| self.passes(filter, row));
        rows
    }

    /// Whether a resource passes.
    pub(super) fn passes(&self, filter: &Filter, row: &Row) -> bool {
        let Ok(passed) = passes(filter, &candidate(row), self);
        passed
    }

    /// Which of the resource and those that it contains pass.
    pub(super) fn passing_inside(&self, subjects: &[Subject], row: &Row) -> Vec<Key> {
        let Ok(found) = passing_inside(subjects, &candidate(row), self);
        found
    }

    /// Those of them that refer by `param` to `target`.
    pub(super) fn referring_rows(&self, kind: ResourceType, param: Param, target: &str) -> Vec<&Row> {
        let mut rows = self.of_kind(kind);
        rows.retain(|row| {
            let mut values = row.entries.iter().filter(|entry| entry.param == param).map(|entry| &entry.value);
            values.any(|value| matches!(value, EntryValue::Local(local) if *local.target == *target))
        });
        rows
    }
}

fn candidate(row: &Row) -> Candidate<'_> {
    Candidate { key: Cow::Borrowed(&row.key), last_updated: row.at, entries: Cow::Borrowed(&row.entries) }
}

impl Others for View<'_> {
    type Error = Infallible;

    fn resource(&self, key: &Key) -> Result<Option<Candidate<'_>>, Infallible> {
        Ok(self.living(key).map(candidate))
    }

    fn referring(&self, kind: ResourceType, param: Param, target: &str) -> Result<Vec<Candidate<'_>>, Infallible> {
        Ok(self.referring_rows(kind, param, target).into_iter().map(candidate).collect())
    }
}
