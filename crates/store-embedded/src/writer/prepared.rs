//! A commit made ready by whoever brings it, so that the writer's one thread has little left to do.

use std::collections::HashSet;
use std::sync::Arc;

use store::commit::{Commit, CommitError, Conflict, Key, Put, Tenant};
use store::contract::Extract;

use super::foreseen::Foreseen;
use crate::error::StoreError;
use crate::index::Index;
use crate::index::keys::MOST_ID_BYTES;
use crate::index::listed::Listed;
use crate::index::update::EntryChanges;
use crate::shared::Shared;
use crate::truth::bodies::{Bodies, KeyFor, Place};
use crate::truth::log::Packed;

/// A commit whose bodies are compressed and whose index keys are made.
pub(crate) struct Prepared {
    /// The commit, without its resources.
    pub(crate) commit: Commit,
    pub(crate) put: Vec<PreparedPut>,
    pub(crate) audit: Vec<PreparedPut>,
    /// What goes into the trails of other tenants.
    pub(crate) trails: Vec<(Tenant, Vec<PreparedPut>)>,
    /// A resource that it writes twice.
    pub(crate) twice: Option<Key>,
    /// About how much memory it takes while it waits.
    pub(crate) bytes: usize,
    /// What it finds in the index.
    pub(crate) foreseen: Option<Foreseen>,
}

/// A resource to write.
pub(crate) struct PreparedPut {
    pub(crate) key: Key,
    /// Compressed, and not sealed yet: that is done for its version.
    pub(crate) body: Packed,
    /// The key that it is sealed with; `None` when it is kept as it is.
    pub(crate) key_for: Option<KeyFor>,
    pub(crate) listed: Listed,
    /// What it changes of the entries of its resource, when there is one.
    pub(crate) changes: Option<EntryChanges>,
    /// [`Put::extractor`].
    pub(crate) extractor: u64,
}

impl Prepared {
    pub(crate) fn new(mut commit: Commit, shared: &Shared) -> Result<Self, CommitError> {
        let twice = first_repeated(&commit);
        let (put, audit) = (std::mem::take(&mut commit.put), std::mem::take(&mut commit.audit));
        let trails = std::mem::take(&mut commit.trails);
        let index = shared.index();
        let prepare = |tenant: Tenant, puts: Vec<Put>| {
            puts.into_iter().map(|put| prepare(tenant, put, (&shared.bodies, &index))).collect::<Result<Vec<_>, _>>()
        };
        let (mut put, audit) = (prepare(commit.tenant, put)?, prepare(commit.tenant, audit)?);
        let trails = trails.into_iter().filter_map(|(tenant, told)| match prepare(tenant, told) {
            // A tenant that was erased has no trail any more.
            Err(CommitError::Conflict(conflict)) if matches!(*conflict, Conflict::Erased(_)) => None,
            prepared => Some(prepared.map(|told| (tenant, told))),
        });
        let trails = trails.collect::<Result<Vec<_>, _>>()?;
        if commit.delete.iter().chain(commit.erase.iter().map(|erase| &erase.key)).any(|key| key.id.len() > MOST_ID_BYTES) {
            return Err(too_long());
        }
        // What cannot be looked up now, the writer looks up, and tells what is wrong.
        let foreseen = Foreseen::of(index, &commit, &mut put).unwrap_or_default();
        let told = trails.iter().flat_map(|(_, told)| told);
        let bytes = 256 + put.iter().chain(&audit).chain(told).map(PreparedPut::bytes).sum::<usize>();
        Ok(Self { commit, put, audit, trails, twice, bytes, foreseen })
    }

    /// How many versions it writes at most.
    pub(crate) fn versions(&self) -> usize {
        self.put.len() + self.audit.len() + self.commit.delete.len() + self.trails.iter().map(|(_, told)| told.len()).sum::<usize>()
    }
}

impl PreparedPut {
    fn bytes(&self) -> usize {
        let keys = &self.listed.keys;
        let changes = self.changes.as_ref().map_or(0, EntryChanges::bytes);
        256 + changes + self.body.bytes.len() + keys.bytes() + 16 * keys.len() + 2 * self.listed.list.len()
    }

    /// Extracts its entries again, when another extractor made them than is in force, or they were sealed for another index than is in use.
    pub(crate) fn renew(&mut self, tenant: Tenant, (extract, index): (&dyn Extract, &Index), bodies: &Bodies) -> Result<(), StoreError> {
        if self.listed.seal == index.seal() && (self.extractor == 0 || self.extractor == extract.identity()) {
            return Ok(());
        }
        let text = bodies.dictionaries.unpack(self.body.dictionary, &self.body.bytes);
        let text = text.ok_or_else(|| StoreError::Damaged("a body cannot be unpacked that was packed just now".to_owned()))?;
        let (entries, date) = extract.extract(self.key.kind, &text);
        self.listed = index.listed(tenant, self.key.kind, date, &entries)?;
        self.changes = None;
        Ok(())
    }

    /// Its body as it is kept, for this version of its resource.
    pub(crate) fn body(&mut self, tenant: Tenant, version: u64) -> Result<Packed, StoreError> {
        let mut body = std::mem::take(&mut self.body);
        if let Some(key_for) = &self.key_for {
            key_for.seal(Place { tenant, key: &self.key, version }, &mut body)?;
        }
        Ok(body)
    }

    /// What the overlay and the index keep of it.
    pub(crate) fn listed(&mut self, resource: u64) -> Arc<Listed> {
        let mut listed = std::mem::take(&mut self.listed);
        listed.name(resource);
        Arc::new(listed)
    }
}

fn prepare(tenant: Tenant, put: Put, (bodies, index): (&Bodies, &Index)) -> Result<PreparedPut, CommitError> {
    if put.key.id.len() > MOST_ID_BYTES {
        return Err(too_long());
    }
    if put.body.stamp_at as usize > put.body.text.len() {
        return Err(CommitError::Engine("the place of the stamp lies outside the body".to_owned()));
    }
    Ok(PreparedPut {
        key_for: bodies.key_for(tenant, &put.key, &put.entries)?,
        body: bodies.dictionaries.pack(&put.body.text, put.body.stamp_at),
        listed: index.listed(tenant, put.key.kind, put.date, &put.entries)?,
        key: put.key,
        changes: None,
        extractor: put.extractor,
    })
}

fn too_long() -> CommitError {
    CommitError::Engine(format!("a logical id is longer than {MOST_ID_BYTES} bytes"))
}

/// The first resource that was named before, in the order in which versions are written.
fn first_repeated(commit: &Commit) -> Option<Key> {
    let mut seen = HashSet::new();
    let put = commit.put.iter().map(|put| &put.key);
    let audit = commit.audit.iter().map(|put| &put.key);
    let erase = commit.erase.iter().map(|erase| &erase.key);
    let twice = put.chain(&commit.delete).chain(audit).chain(erase).find(|key| !seen.insert(*key));
    let mut told = HashSet::new();
    let trails = commit.trails.iter().flat_map(|(tenant, audit)| audit.iter().map(move |put| (*tenant, &put.key)));
    twice.or_else(|| trails.into_iter().find(|told_to| !told.insert(*told_to)).map(|(_, key)| key)).cloned()
}
