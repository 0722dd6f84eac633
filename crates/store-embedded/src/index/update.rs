//! What a group of commits changes in the index, gathered until the truth has it, then written as one batch.
//!
//! Within a batch all items have one sequence number, so a key must occur once: a resource that a group writes twice
//! goes in as it is at the end, compared with what it was at the beginning.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use fhir::definitions::ResourceType;
use store::commit::{Key, Tenant};

use super::dates::DateUses;
use super::entry_keys::EntryKeys;
use super::head::{Head, VersionAt};
use super::listed::Listed;
use super::tree::{Batch, Slice};
use super::{Index, head, keys, pairs};
use crate::error::Result;
use crate::truth::log::{self, State};

/// The changes of a group.
#[derive(Default)]
pub(crate) struct Changes {
    touched: HashMap<(Tenant, Key), Touched>,
    written: Vec<Written>,
    erased: Vec<Erased>,
}

/// A resource that the group wrote.
pub(crate) struct Touched {
    /// Whether it was there before the group, not deleted.
    was_listed: bool,
    /// Its current version.
    pub(crate) head: Head,
    /// Its entries; `None` when it is deleted.
    pub(crate) listed: Option<Arc<Listed>>,
    /// What they change of the entries before the group, when that is known.
    changes: Option<EntryChanges>,
}

/// The entries that a version of a resource has and the one before had not, and the other way round.
#[derive(Clone, Debug, Default)]
pub(crate) struct EntryChanges(Vec<(Slice, bool)>);

impl EntryChanges {
    /// From the ones to the others.
    pub(crate) fn between(before: &EntryKeys, after: &EntryKeys) -> Self {
        let gone = before.iter().filter(|key| !after.has(key)).map(|key| (Slice::from(key), false));
        let new = after.iter().filter(|key| !before.has(key)).map(|key| (Slice::from(key), true));
        Self(gone.chain(new).collect())
    }

    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.0.iter().map(|(key, _)| size_of::<(Slice, bool)>() + key.len()).sum()
    }
}

/// A version that the group wrote.
struct Written {
    tenant: Tenant,
    key: Key,
    version: u64,
    at: VersionAt,
    resource: u64,
}

/// A version from before the group that the group erased.
pub(crate) struct Erased {
    pub(crate) resource: u64,
    pub(crate) version: u64,
    pub(crate) tenant: Tenant,
    pub(crate) key: Key,
    pub(crate) at: VersionAt,
}

impl Changes {
    /// What the group has made of a resource so far.
    pub(crate) fn get(&self, tenant: Tenant, key: &Key) -> Option<&Touched> {
        // The map owns its keys: a lookup has to make one. Most groups are looked into far less often than they grow.
        if self.touched.is_empty() { None } else { self.touched.get(&(tenant, key.clone())) }
    }

    /// The resources of a tenant that the group has written so far.
    pub(crate) fn touched(&self, tenant: Tenant) -> impl Iterator<Item = (&Key, &Touched)> {
        self.touched.iter().filter(move |((of, _), _)| *of == tenant).map(|((_, key), touched)| (key, touched))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.written.is_empty() && self.erased.is_empty()
    }

    /// Adds a version; `before` is the current version until now. `listed` is `None` for a deletion. `changes` are those from the entries before
    /// the group to these, when they are known.
    pub(crate) fn add(
        &mut self,
        tenant: Tenant,
        key: Key,
        (before, head): (Option<Head>, Head),
        listed: Option<Arc<Listed>>,
        changes: Option<EntryChanges>,
    ) {
        let at = VersionAt { row: head.row, at: head.at, state: head.state };
        self.written.push(Written { tenant, key: key.clone(), version: head.version, at, resource: head.resource });
        self.touched
            .entry((tenant, key))
            .and_modify(|touched| {
                touched.head = head;
                touched.listed.clone_from(&listed);
                touched.changes = None;
            })
            .or_insert_with(|| Touched { was_listed: before.is_some_and(|before| !before.is_deleted()), head, listed, changes });
    }

    /// Gives the current version of a resource other entries: no version is written.
    pub(crate) fn renew(&mut self, tenant: Tenant, key: Key, head: Head, listed: Arc<Listed>) {
        self.touched.insert((tenant, key), Touched { was_listed: true, head, listed: Some(listed), changes: None });
    }

    /// Takes out a version from before the group. `current` is its resource's current version.
    pub(crate) fn erase(&mut self, erased: Erased, current: Head) {
        if current.row == erased.at.row {
            let head = Head { state: State::Erased, ..current };
            let touched = Touched { was_listed: !current.is_deleted(), head, listed: None, changes: None };
            self.touched.insert((erased.tenant, erased.key.clone()), touched);
        }
        self.erased.push(erased);
    }

    /// The rows that were erased.
    pub(crate) fn erased_rows(&self) -> impl Iterator<Item = u64> {
        self.erased.iter().map(|erased| erased.at.row)
    }

    /// Writes the changes as one batch. `applied` is the last row of the truth that the index covers then.
    ///
    /// Keys go in sorted: neighbours are found where the one before was, which halves the time that a large batch takes.
    pub(crate) fn write(self, index: &Index, grown: &mut Grown, applied: u64) -> Result<()> {
        let mut batch = Batch::default();
        for written in &self.written {
            let key = keys::version(written.tenant, written.resource, written.version);
            batch.insert(key, written.at.encode());
        }
        for code_of in [|kind| keys::kind_code(kind), |_| keys::ALL_KINDS] {
            for written in &self.written {
                let code = code_of(written.key.kind);
                let ordinal = grown.next(index, written.tenant, code)?;
                let value = head::Written { ordinal, at: written.at.at, resource: written.resource }.encode();
                batch.insert(keys::history(written.tenant, code, written.at.row), value);
                if written.at.state == State::Erased {
                    batch.insert(keys::erased(written.tenant, code, written.at.row), &[][..]);
                }
            }
        }
        for erased in &self.erased {
            write_erased(&mut batch, erased);
        }
        self.write_resources(&mut batch, index, grown)?;
        batch.insert(keys::meta(b"applied"), &applied.to_be_bytes()[..]);
        if let Some(last) = self.written.last() {
            batch.insert(keys::meta(b"mark"), &log::mark_of(&last.key, last.version, last.at.at).to_be_bytes()[..]);
        }
        index.tree.write(batch);
        Ok(())
    }

    /// Puts what is known of each resource into a batch.
    pub(crate) fn write_resources(&self, batch: &mut Batch, index: &Index, grown: &mut Grown) -> Result<()> {
        let mut touched: Vec<(Tenant, &Key, &Touched)> =
            self.touched.iter().map(|((tenant, key), touched)| (*tenant, key, touched)).collect();
        touched.sort_unstable_by_key(|(tenant, _, touched)| (*tenant, touched.head.resource));
        let mut entries = Vec::new();
        for (tenant, key, touched) in touched {
            write_resource(batch, index, tenant, key, touched, &mut entries)?;
        }
        entries.sort_unstable();
        for (key, is_there) in entries {
            if is_there {
                batch.insert(key, &[][..]);
            } else {
                batch.remove(key);
            }
        }
        for (tenant, kind) in self.wide() {
            batch.insert(pairs::wide(tenant, kind), &[][..]);
        }
        for (key, value) in self.date_uses(index, grown)? {
            batch.insert(key, &value[..]);
        }
        Ok(())
    }

    /// The types of which it has resources with too many values for pairs.
    fn wide(&self) -> HashSet<(Tenant, ResourceType)> {
        let is_wide = |touched: &Touched| touched.listed.as_ref().is_some_and(|listed| listed.keys.is_wide());
        self.touched.iter().filter(|(_, touched)| is_wide(touched)).map(|((tenant, key), _)| (*tenant, key.kind)).collect()
    }

    /// What the group adds to what is known of dates, each key once.
    fn date_uses(&self, index: &Index, grown: &mut Grown) -> Result<HashMap<Vec<u8>, [u8; 9]>> {
        let mut changed = HashMap::new();
        for ((tenant, _), touched) in &self.touched {
            for (param, found) in touched.listed.iter().flat_map(|listed| &listed.dates) {
                changed.extend(grown.dates.add(index, *tenant, *param, *found)?);
            }
        }
        Ok(changed)
    }
}

/// Leaves the places of a version, and says that it was erased.
fn write_erased(batch: &mut Batch, erased: &Erased) {
    let at = VersionAt { state: State::Erased, ..erased.at };
    batch.insert(keys::version(erased.tenant, erased.resource, erased.version), at.encode());
    for code in [keys::kind_code(erased.key.kind), keys::ALL_KINDS] {
        batch.insert(keys::erased(erased.tenant, code, erased.at.row), &[][..]);
    }
}

/// Writes what is kept once for a resource, and gathers the entries that it gains and loses.
fn write_resource(
    batch: &mut Batch,
    index: &Index,
    tenant: Tenant,
    key: &Key,
    touched: &Touched,
    entries: &mut Vec<(Slice, bool)>,
) -> Result<()> {
    let list = keys::list(tenant, touched.head.resource);
    batch.insert(keys::current(tenant, key), touched.head.encode());
    batch.insert(keys::resource(tenant, touched.head.resource), touched.head.encode_with(key));
    if let (Some(listed), Some(changes)) = (&touched.listed, &touched.changes) {
        entries.extend(changes.0.iter().cloned());
        batch.insert(list, &listed.list[..]);
        return Ok(());
    }
    let before = if touched.was_listed { index.tree.snapshot().get(&list)? } else { None };
    let old = match &before {
        Some(before) => Listed::keys_of(tenant, key.kind, touched.head.resource, before)?,
        None => EntryKeys::default(),
    };
    let none = EntryKeys::default();
    let new = touched.listed.as_ref().map_or(&none, |listed| &listed.keys);
    entries.extend(EntryChanges::between(&old, new).0);
    match &touched.listed {
        Some(listed) => batch.insert(list, &listed.list[..]),
        None if before.is_some() => batch.remove(list),
        None => {}
    }
    Ok(())
}

/// What grows with every version: how many each history has, so that each new one gets its place, and what is known of dates.
#[derive(Default)]
pub(crate) struct Grown {
    histories: HashMap<(Tenant, u8), u64>,
    dates: DateUses,
}

impl Grown {
    fn next(&mut self, index: &Index, tenant: Tenant, code: u8) -> Result<u64> {
        let last = match self.histories.get(&(tenant, code)) {
            Some(&last) => last,
            None => match index.tree.snapshot().prefix(keys::history_of(tenant, code)).next() {
                Some(newest) => head::Written::decode(&newest?.1)?.ordinal,
                None => 0,
            },
        };
        self.histories.insert((tenant, code), last + 1);
        Ok(last + 1)
    }
}
