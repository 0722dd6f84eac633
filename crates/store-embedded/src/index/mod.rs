//! The index: everything that finds a version. It is derived from the truth, never synced, and can be made again.
//!
//! Every group of commits goes in as one atomic batch, together with the last row of the truth that it covers.
//! A reader takes a [`Snapshot`] and sees whole groups only.

pub(crate) mod check;
pub(crate) mod dates;
pub(crate) mod head;
pub(crate) mod keys;
pub(crate) mod listed;
pub(crate) mod opening;
pub(crate) mod replay;
pub(crate) mod update;

use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, Readable};
use store::commit::{Key, Tenant};

use crate::error::Result;
use head::{Head, VersionAt};

/// Changes when the keys or values of the index do: an older index is then rebuilt.
const FORMAT: u64 = 4;

/// How large a keyspace's newest part grows in memory before it is written out.
const MEMTABLE_BYTES: u64 = 32 * 1024 * 1024;

/// One thread flushes and compacts. With more of them the first only flushes, and hands every compaction that it meets back to the queue,
/// which keeps a core busy for as long as another thread compacts.
const BACKGROUND_THREADS: usize = 1;

/// How large the journals grow before what keeps them is written out: opening after a crash reads them.
const JOURNAL_BYTES: u64 = 128 * 1024 * 1024;

/// The key-value store and its keyspaces; see [`keys`] for what is in them.
pub(crate) struct Index {
    pub(crate) db: Database,
    pub(crate) current: Keyspace,
    pub(crate) resources: Keyspace,
    pub(crate) entries: Keyspace,
    pub(crate) lists: Keyspace,
    pub(crate) versions: Keyspace,
    pub(crate) history: Keyspace,
    pub(crate) erased: Keyspace,
    pub(crate) meta: Keyspace,
}

impl Index {
    /// Opens the index at `path`, or makes an empty one.
    pub(crate) fn open(path: &Path, cache_bytes: u64) -> Result<Self> {
        let db =
            Database::builder(path).cache_size(cache_bytes).worker_threads(BACKGROUND_THREADS).max_journaling_size(JOURNAL_BYTES).open()?;
        let keyspace = |name: &str| db.keyspace(name, || KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES));
        Ok(Self {
            current: keyspace("current")?,
            resources: keyspace("resources")?,
            entries: keyspace("entries")?,
            lists: keyspace("lists")?,
            versions: keyspace("versions")?,
            history: keyspace("history")?,
            erased: keyspace("erased")?,
            meta: keyspace("meta")?,
            db,
        })
    }

    /// What is there now, and stays as it is.
    pub(crate) fn snapshot(&self) -> Snapshot<'_> {
        Snapshot { index: self, at: self.db.snapshot() }
    }

    /// The last row of the truth that the index covers.
    pub(crate) fn applied(&self) -> Result<u64> {
        Ok(self.number("applied")?.unwrap_or(0))
    }

    /// The last erasure before the index was made: its files hold nothing of what was erased up to it.
    pub(crate) fn erasures(&self) -> Result<u64> {
        Ok(self.number("erasures")?.unwrap_or(0))
    }

    fn number(&self, name: &str) -> Result<Option<u64>> {
        self.meta.get(name)?.map(|bytes| head::number(&bytes)).transpose()
    }
}

/// The index as one group of commits left it.
pub(crate) struct Snapshot<'a> {
    pub(crate) index: &'a Index,
    pub(crate) at: fjall::Snapshot,
}

impl Snapshot<'_> {
    /// The last row of the truth that it covers.
    pub(crate) fn applied(&self) -> Result<u64> {
        Ok(self.at.get(&self.index.meta, "applied")?.map(|bytes| head::number(&bytes)).transpose()?.unwrap_or(0))
    }

    /// The current version of a resource, a deletion included.
    pub(crate) fn head(&self, tenant: Tenant, key: &Key) -> Result<Option<Head>> {
        let found = self.at.get(&self.index.current, keys::current(tenant, key))?;
        found.map(|bytes| Head::decode(&bytes)).transpose()
    }

    /// A version by its key in `versions`.
    pub(crate) fn version(&self, key: Vec<u8>) -> Result<Option<VersionAt>> {
        let found = self.at.get(&self.index.versions, key)?;
        found.map(|bytes| VersionAt::decode(&bytes)).transpose()
    }

    /// The versions of a resource that are not erased, newest first, deletions included. They do not say the number of the resource: it is 0.
    pub(crate) fn versions(&self, tenant: Tenant, key: &Key) -> impl Iterator<Item = Result<Head>> {
        let prefix = keys::versions_of(tenant, key);
        let number_at = prefix.len();
        let heads = self.at.prefix(&self.index.versions, prefix).map(move |guard| {
            let (stored, value) = guard.into_inner()?;
            let VersionAt { row, at, state } = VersionAt::decode(&value)?;
            let version = stored.get(number_at..).map(head::number).transpose()?.unwrap_or_default();
            Ok(Head { resource: 0, row, version: !version, at, state })
        });
        heads.filter(|head: &Result<Head>| head.as_ref().map_or(true, |head| !head.is_erased()))
    }

    /// The current version and the key of a resource by its number.
    pub(crate) fn resource(&self, tenant: Tenant, resource: u64) -> Result<Option<(Head, Key)>> {
        let found = self.at.get(&self.index.resources, keys::resource(tenant, resource))?;
        found.map(|bytes| Head::decode_with(&bytes)).transpose()
    }

    /// The value of `lists` for a resource.
    pub(crate) fn list(&self, tenant: Tenant, resource: u64) -> Result<Option<fjall::Slice>> {
        Ok(self.at.get(&self.index.lists, keys::resource(tenant, resource))?)
    }
}
