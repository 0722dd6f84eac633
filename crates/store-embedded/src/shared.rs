//! What readers and the writer share.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use parking_lot::RwLock;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use store::commit::Key;
use store::query::{Content, Version};

use crate::error::{Result, StoreError};
use crate::index::Index;
use crate::index::head::Head;
use crate::truth::dictionary::Dictionaries;
use crate::truth::log::{self, State};
use crate::truth::pool::{Pool, Reader};

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
    pub(crate) dictionaries: Dictionaries,
    texts: Texts,
    /// Held while a text goes from the truth to the cache, so that none comes there after it was taken out.
    fetching: RwLock<()>,
    index: RwLock<Arc<Index>>,
}

/// How large a text is taken to be, to size the cache's tables.
const TYPICAL_TEXT_BYTES: u64 = 2048;

impl Shared {
    pub(crate) fn new(directory: PathBuf, pool: Pool, dictionaries: Dictionaries, index: Index, cache_bytes: u64) -> Self {
        let texts = Cache::with_weighter((cache_bytes / TYPICAL_TEXT_BYTES) as usize, cache_bytes, ByBytes);
        Self { directory, pool, dictionaries, texts, fetching: RwLock::new(()), index: RwLock::new(Arc::new(index)) }
    }

    /// The index in use.
    pub(crate) fn index(&self) -> Arc<Index> {
        Arc::clone(&self.index.read())
    }

    /// Puts another index in its place.
    pub(crate) fn set_index(&self, index: Index) {
        *self.index.write() = Arc::new(index);
    }

    /// The text of a row.
    pub(crate) fn text(&self, row: u64) -> Result<Bytes> {
        match self.texts.get(&row) {
            Some(text) => Ok(text),
            None => self.fetch(&self.pool.reader()?, row),
        }
    }

    fn fetch(&self, reader: &Reader<'_>, row: u64) -> Result<Bytes> {
        let _fetching = self.fetching.read();
        let text = log::text(reader, &self.dictionaries, row)?;
        self.texts.insert(row, text.clone());
        Ok(text)
    }

    /// Takes the texts of rows that the truth has erased out of the cache.
    pub(crate) fn forget(&self, rows: impl Iterator<Item = u64>) {
        let _alone = self.fetching.write();
        for row in rows {
            self.texts.remove(&row);
        }
    }

    /// The version of a head.
    pub(crate) fn version(&self, key: Key, head: &Head) -> Result<Version> {
        version(key, head, |row| self.text(row))
    }

    /// The versions of some heads, in their order.
    pub(crate) fn versions(&self, hits: Vec<(Head, Key)>) -> Result<Vec<Version>> {
        let mut reader = None;
        let mut text = |row| match self.texts.get(&row) {
            Some(text) => Ok(text),
            None => match &reader {
                Some(reader) => self.fetch(reader, row),
                None => self.fetch(reader.insert(self.pool.reader()?), row),
            },
        };
        hits.into_iter().map(|(head, key)| version(key, &head, &mut text)).collect()
    }

    /// How many texts are kept, how many bytes they take, and how often one was there and was not.
    pub(crate) fn cached(&self) -> (u64, u64, u64, u64) {
        (self.texts.len() as u64, self.texts.weight(), self.texts.hits(), self.texts.misses())
    }
}

fn version(key: Key, head: &Head, text: impl FnOnce(u64) -> Result<Bytes>) -> Result<Version> {
    let content = match head.state {
        State::Erased => return Err(StoreError::Erased),
        State::Deleted => Content::Deleted,
        State::Updated | State::Created => Content::Resource { text: text(head.row)?, created: head.state == State::Created },
    };
    Ok(Version { key, version: head.version, last_updated: head.at, content })
}

/// The types in their order, as part of what an index was made with: its keys hold their places.
pub(crate) fn kinds_hash() -> u64 {
    let names: Vec<&str> = ResourceType::all().map(ResourceType::name).collect();
    xxhash_rust::xxh3::xxh3_64(names.join(",").as_bytes())
}
