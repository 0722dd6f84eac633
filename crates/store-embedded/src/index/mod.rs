//! The index: everything that finds a version. It is derived from the truth, never synced, and can be made again.
//!
//! Every group of commits goes in as one atomic batch, together with the last row of the truth that it covers.
//! A reader takes a [`Snapshot`] and sees whole groups only.

pub(crate) mod blind;
pub(crate) mod check;
pub(crate) mod custom;
pub(crate) mod dates;
pub(crate) mod definitions;
pub(crate) mod entry_keys;
pub(crate) mod head;
pub(crate) mod id;
pub(crate) mod keys;
pub(crate) mod listed;
pub(crate) mod opening;
pub(crate) mod pairs;
pub(crate) mod replay;
pub(crate) mod tree;
pub(crate) mod update;

use std::borrow::Cow;
use std::path::Path;

use fhir::definitions::ResourceType;
use store::commit::{Instant, Key, Tenant};
use store::entry::Entry;
use store::query::{Filter, Query};

use crate::error::Result;
use crate::search::kept::Kept;
use blind::Blind;
use head::{Head, VersionAt};
use listed::Listed;
use tree::{Sizes, Slice, Tree, TreeSnapshot};

/// Changes when the keys or values of the index do: an older index is then rebuilt.
const FORMAT: u64 = 9;

/// The tree; see [`keys`] for what is in it.
pub(crate) struct Index {
    pub(crate) tree: Tree,
    /// What searches of it have found.
    pub(crate) kept: Kept,
    /// With what it is sealed; `None` when it is not.
    blind: Option<Blind>,
}

impl Index {
    /// Opens the index at `path`, or makes an empty one.
    pub(crate) fn open(path: &Path, sizes: Sizes, blind: Option<Blind>) -> Result<Self> {
        Ok(Self { tree: Tree::open(path, sizes)?, kept: Kept::new(sizes.answers_bytes), blind })
    }

    /// What it keeps of a resource with these entries.
    pub(crate) fn listed(&self, tenant: Tenant, kind: ResourceType, date: Instant, entries: &[Entry]) -> Result<Listed> {
        Ok(Listed::new(tenant, kind, date, &self.entries(tenant, entries)?).made_for(self.seal()))
    }

    /// Entries as it keeps them.
    pub(crate) fn entries<'e>(&self, tenant: Tenant, entries: &'e [Entry]) -> Result<Cow<'e, [Entry]>> {
        self.blind.as_ref().map_or(Ok(Cow::Borrowed(entries)), |blind| blind.entries(tenant, entries).map(Cow::Owned))
    }

    /// A search as it answers it. [`StoreError::Sealed`](crate::StoreError::Sealed) when it cannot.
    pub(crate) fn query<'q>(&self, query: &'q Query) -> Result<Cow<'q, Query>> {
        self.blind.as_ref().map_or(Ok(Cow::Borrowed(query)), |blind| blind.query(query))
    }

    /// A filter as it answers it, likewise.
    pub(crate) fn filter<'f>(&self, tenant: Tenant, filter: &'f Filter) -> Result<Cow<'f, Filter>> {
        self.blind.as_ref().map_or(Ok(Cow::Borrowed(filter)), |blind| blind.filter(tenant, filter))
    }

    /// Tells what was made for it from what was made for another index: 0 when neither is sealed.
    pub(crate) fn seal(&self) -> u64 {
        self.blind.as_ref().map_or(0, Blind::number)
    }

    /// What is there now, and stays as it is.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot { at: self.tree.snapshot() }
    }

    /// The last row of the truth that the index covers.
    pub(crate) fn applied(&self) -> Result<u64> {
        Ok(self.number("applied")?.unwrap_or(0))
    }

    /// The last erasure before the index was made: its files hold nothing of what was erased up to it.
    pub(crate) fn erasures(&self) -> Result<u64> {
        Ok(self.number("erasures")?.unwrap_or(0))
    }

    /// What it keeps under a name.
    pub(crate) fn meta(&self, name: &[u8]) -> Result<Option<Slice>> {
        self.tree.snapshot().get(keys::meta(name))
    }

    fn number(&self, name: &str) -> Result<Option<u64>> {
        self.meta(name.as_bytes())?.map(|bytes| head::number(&bytes)).transpose()
    }
}

/// The index as one group of commits left it.
pub(crate) struct Snapshot {
    pub(crate) at: TreeSnapshot,
}

impl Snapshot {
    /// The last row of the truth that it covers.
    pub(crate) fn applied(&self) -> Result<u64> {
        Ok(self.at.get(keys::meta(b"applied"))?.map(|bytes| head::number(&bytes)).transpose()?.unwrap_or(0))
    }

    /// The current version of a resource, a deletion included.
    pub(crate) fn head(&self, tenant: Tenant, key: &Key) -> Result<Option<Head>> {
        let found = self.at.get(keys::current(tenant, key))?;
        found.map(|bytes| Head::decode(&bytes)).transpose()
    }

    /// A version of a resource by its number.
    pub(crate) fn version(&self, tenant: Tenant, resource: u64, version: u64) -> Result<Option<VersionAt>> {
        let found = self.at.get(keys::version(tenant, resource, version))?;
        found.map(|bytes| VersionAt::decode(&bytes)).transpose()
    }

    /// The versions of a resource that are not erased, newest first, deletions included.
    pub(crate) fn versions(&self, tenant: Tenant, resource: u64) -> impl Iterator<Item = Result<Head>> {
        let heads = self.at.prefix(keys::versions_of(tenant, resource)).map(move |pair| {
            let (key, value) = pair?;
            let VersionAt { row, at, state } = VersionAt::decode(&value)?;
            Ok(Head { resource, row, version: keys::version_of(&key)?, at, state })
        });
        heads.filter(|head: &Result<Head>| head.as_ref().map_or(true, |head| !head.is_erased()))
    }

    /// The current version and the key of a resource by its number.
    pub(crate) fn resource(&self, tenant: Tenant, resource: u64) -> Result<Option<(Head, Key)>> {
        let found = self.at.get(keys::resource(tenant, resource))?;
        found.map(|bytes| Head::decode_with(&bytes)).transpose()
    }

    /// The list of a resource.
    pub(crate) fn list(&self, tenant: Tenant, resource: u64) -> Result<Option<Slice>> {
        self.at.get(keys::list(tenant, resource))
    }
}
