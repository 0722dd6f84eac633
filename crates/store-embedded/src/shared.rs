//! What readers and the writer share.
//!
//! - [`mod@fetching`]: texts that come from the truth together.

mod fetching;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use store::commit::Key;
use store::contract::Indexing;
use store::entry::Param;
use store::query::{Content, Version};
use tokio::sync::watch;

use crate::error::{Result, StoreError};
use crate::index::Index;
use crate::index::head::Head;
use crate::truth::bodies::Bodies;
use crate::truth::log::{self, State};
use crate::truth::pool::Pool;
use fetching::Fetching;

/// Texts by row. A row never changes but by an erase, which takes it out, so that nothing here can be out of date.
type Texts = Cache<u64, Bytes, ByBytes>;

/// A text weighs its bytes, and what the cache itself needs for it.
#[derive(Clone)]
struct ByBytes;

impl Weighter<u64, Bytes> for ByBytes {
    fn weight(&self, _: &u64, text: &Bytes) -> u64 {
        text.len() as u64 + 64
    }
}

/// What readers and the writer share.
pub(crate) struct Shared {
    pub(crate) directory: PathBuf,
    pub(crate) pool: Pool,
    pub(crate) bodies: Bodies,
    texts: Texts,
    /// Held while a text goes from the truth to the cache, so that none comes there after it was taken out.
    fetching: RwLock<()>,
    index: RwLock<Arc<Index>>,
    /// The parameters that not all resources are indexed by. While it is read, nothing is defined.
    missing: RwLock<BTreeSet<Param>>,
    /// How far the index is with them; `None`: there are none.
    indexing: watch::Sender<Option<Indexing>>,
    /// How often resources have defined something else.
    pub(crate) redefined: AtomicU64,
}

/// How many texts are fetched from the truth for a search that is answered at once: to fetch one takes about as long as to look one up in the index.
pub(crate) const MOST_FETCHED_AT_ONCE: usize = 64;

/// How large a text is taken to be, to size the cache's tables.
const TYPICAL_TEXT_BYTES: u64 = 2048;

impl Shared {
    pub(crate) fn new(directory: PathBuf, pool: Pool, bodies: Bodies, index: Index, cache_bytes: u64) -> Self {
        let texts = Cache::with_weighter((cache_bytes / TYPICAL_TEXT_BYTES) as usize, cache_bytes, ByBytes);
        Self {
            directory,
            pool,
            bodies,
            texts,
            fetching: RwLock::new(()),
            index: RwLock::new(Arc::new(index)),
            missing: RwLock::default(),
            indexing: watch::Sender::new(None),
            redefined: AtomicU64::new(0),
        }
    }

    /// The index in use.
    pub(crate) fn index(&self) -> Arc<Index> {
        Arc::clone(&self.index.read())
    }

    /// Puts another index in its place.
    pub(crate) fn set_index(&self, index: Index) {
        *self.index.write() = Arc::new(index);
    }

    /// The parameters that not all resources are indexed by.
    pub(crate) fn missing(&self) -> RwLockReadGuard<'_, BTreeSet<Param>> {
        self.missing.read()
    }

    /// The same, to be changed: nobody begins to search meanwhile.
    pub(crate) fn missing_mut(&self) -> RwLockWriteGuard<'_, BTreeSet<Param>> {
        self.missing.write()
    }

    /// How far the index is with parameters that came in lately; wakes when that changes.
    pub(crate) fn indexing(&self) -> watch::Receiver<Option<Indexing>> {
        self.indexing.subscribe()
    }

    /// How far it is now.
    pub(crate) fn indexing_now(&self) -> Indexing {
        self.indexing.borrow().unwrap_or_default()
    }

    pub(crate) fn show_indexing(&self, progress: impl Into<Option<Indexing>>) {
        self.indexing.send_replace(progress.into());
    }

    /// The text of a row.
    pub(crate) fn text(&self, row: u64) -> Result<Bytes> {
        match self.texts.get(&row) {
            Some(text) => Ok(text),
            None => {
                let _kept_out = self.fetching.read();
                let text = log::text(&*self.pool.reader()?, &self.bodies, row)?;
                self.texts.insert(row, text.clone());
                Ok(text)
            }
        }
    }

    /// Takes the texts of rows that the truth has erased out of the cache.
    pub(crate) fn forget(&self, rows: impl Iterator<Item = u64>) {
        let _alone = self.fetching.write();
        for row in rows {
            self.texts.remove(&row);
        }
    }

    /// Takes all texts out of the cache: a key was destroyed, and nobody knows which of them it had sealed.
    pub(crate) fn forget_all(&self) {
        let _alone = self.fetching.write();
        self.texts.clear();
    }

    /// The version of a head.
    pub(crate) fn version(&self, key: Key, head: &Head) -> Result<Version> {
        version(key, head, |row| self.text(row))
    }

    /// The versions of some heads, in their order: the first of them, and those after it until their texts would have more than `most_bytes`. `None`
    /// when more texts than are `left` would have to be fetched from the truth for them.
    pub(crate) fn versions_fetching(&self, hits: &[(Head, Key)], left: &mut usize, most_bytes: usize) -> Result<Option<Vec<Version>>> {
        let (mut fetching, mut versions, mut bytes) = (None, Vec::with_capacity(hits.len()), 0);
        for (head, key) in hits {
            let cached = self.texts.get(&head.row);
            if cached.is_none() {
                let Some(fewer) = left.checked_sub(1) else { return Ok(None) };
                *left = fewer;
            }
            let text = |row| match (cached, &mut fetching) {
                (Some(text), _) => Ok(text),
                (None, Some(fetching)) => Fetching::text(fetching, row),
                (None, fetching) => fetching.insert(Fetching::begin(self)?).text(row),
            };
            let version = version(key.clone(), head, text)?;
            bytes += version.text().map_or(0, Bytes::len);
            if bytes > most_bytes && !versions.is_empty() {
                break;
            }
            versions.push(version);
        }
        Ok(Some(versions))
    }

    /// How many texts are kept, how many bytes they take, and how often one was there and was not.
    pub(crate) fn cached(&self) -> (u64, u64, u64, u64) {
        (self.texts.len() as u64, self.texts.weight(), self.texts.hits(), self.texts.misses())
    }
}

/// A version whose key was destroyed is as good as deleted.
fn version(key: Key, head: &Head, text: impl FnOnce(u64) -> Result<Bytes>) -> Result<Version> {
    let content = match head.state {
        State::Erased => return Err(StoreError::Erased),
        State::Deleted => Content::Deleted,
        State::Updated | State::Created => match text(head.row) {
            Err(StoreError::Destroyed) => Content::Deleted,
            text => Content::Resource { text: text?, created: head.state == State::Created },
        },
    };
    Ok(Version { key, version: head.version, last_updated: head.at, content })
}

/// The types in their order, as part of what an index was made with: its keys hold their places.
pub(crate) fn kinds_hash() -> u64 {
    let names: Vec<&str> = ResourceType::all().map(ResourceType::name).collect();
    xxhash_rust::xxh3::xxh3_64(names.join(",").as_bytes())
}
