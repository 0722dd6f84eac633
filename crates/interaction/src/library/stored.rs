//! What is stored of a tenant.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use bytes::Bytes;
use fhir::Value;
use fhir::canonical::{Canonical, is_conformance};
use fhir::definitions::ResourceType;
use fhir::library::Library;
use store::Store;
use store::commit::{Body, Commit, Committed, Extent, Instant, Key, Sequence, Tenant};
use store::contract::ReadError;
use store::query::{Filter, Page, Query};
use tokio::sync::OnceCell;

use super::books::Books;
use super::entry::{Entry, Trees};

/// The next generation. No two tenants have the same one while they have anything: what was compiled for one is never taken for the other's.
static GENERATIONS: AtomicU64 = AtomicU64::new(1);

/// How many resources are read at a time when the library is filled.
const PAGE: u32 = 200;

/// How many bytes of texts a page has at most.
const PAGE_BYTES: usize = 8 << 20;

/// The stored conformance resources of a tenant.
#[derive(Default)]
pub struct Stored {
    books: RwLock<Books>,
    trees: Trees,
    generation: AtomicU64,
    filled: OnceCell<()>,
}

impl Stored {
    /// Reads what was stored before, unless that was done. Several who ask at the same time wait for the same reading.
    ///
    /// # Errors
    /// Those of a search of the store. Whoever asks next tries again.
    pub async fn fill(&self, store: &dyn Store, tenant: Tenant) -> Result<(), ReadError> {
        self.filled.get_or_try_init(|| self.read_all(store, tenant)).await.copied()
    }

    /// Whether it has what was stored before.
    pub fn is_filled(&self) -> bool {
        self.filled.initialized()
    }

    async fn read_all(&self, store: &dyn Store, tenant: Tenant) -> Result<(), ReadError> {
        for kind in ResourceType::all().filter(|kind| is_conformance(*kind)) {
            let mut query = Query { count: PAGE, most_bytes: Some(PAGE_BYTES), ..Query::new(tenant, kind, Filter::everything()) };
            loop {
                let answer = store.search(&query).await?;
                for version in answer.matches {
                    let text = version.text().cloned();
                    // A commit of which it was told since is later than what a search could find.
                    self.put(0, &version.key, version.last_updated, text);
                }
                let Some(place) = answer.next else { break };
                query.page = Page::After(place);
            }
        }
        Ok(())
    }

    /// Takes over what a commit has written.
    pub(super) fn take_in(&self, written: Written, committed: &Committed) {
        let at = committed.at;
        for (place, key, body) in written.put {
            let version = committed.versions.get(place).copied().unwrap_or(1);
            self.put(committed.sequence, &key, at, Some(body.stamped(version, at).into()));
        }
        for key in written.gone {
            self.put(committed.sequence, &key, at, None);
        }
    }

    fn put(&self, sequence: Sequence, key: &Key, at: Instant, text: Option<Bytes>) {
        // What takes time is done before the books are locked.
        let entry = text.and_then(|text| Entry::new(key.clone(), at, &text)).map(Arc::new);
        let is_news = self.books.write().unwrap_or_else(PoisonError::into_inner).put(sequence, key, entry);
        if is_news {
            self.generation.store(GENERATIONS.fetch_add(1, Ordering::AcqRel), Ordering::Release);
        }
    }

    /// The key of the resource of this type, address and version, when one is stored.
    pub fn key_of(&self, kind: ResourceType, url: &str, version: Option<&str>) -> Option<Key> {
        let books = self.books();
        books.of(kind, url).iter().find(|entry| entry.named.version.as_deref() == version).map(|entry| entry.key.clone())
    }

    fn books(&self) -> RwLockReadGuard<'_, Books> {
        self.books.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Library for Stored {
    fn find(&self, kind: &str, canonical: &Canonical<'_>) -> Option<Arc<Value>> {
        let found = self.books().find(ResourceType::parse(kind)?, canonical)?;
        found.tree(&self.trees)
    }

    fn versions(&self, kind: &str, url: &str) -> Vec<Option<Box<str>>> {
        let Some(kind) = ResourceType::parse(kind) else { return Vec::new() };
        let mut versions: Vec<_> = self.books().of(kind, url).iter().map(|entry| entry.named.version.clone()).collect();
        versions.dedup();
        versions
    }

    fn urls(&self, kind: &str) -> Vec<Box<str>> {
        ResourceType::parse(kind).map(|kind| self.books().urls(kind)).unwrap_or_default()
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

/// What a commit writes of conformance resources: its places in the commit, and what it removes.
pub(super) struct Written {
    put: Vec<(usize, Key, Body)>,
    gone: Vec<Key>,
}

impl Written {
    /// What a commit writes; `None` when it touches no conformance resource.
    pub(super) fn of(commit: &Commit) -> Option<Self> {
        let puts = commit.put.iter().enumerate().filter(|(_, put)| is_conformance(put.key.kind));
        let put: Vec<_> = puts.map(|(place, put)| (place, put.key.clone(), put.body.clone())).collect();
        let all_erased = commit.erase.iter().filter(|erase| erase.extent == Extent::All).map(|erase| &erase.key);
        let gone: Vec<Key> = commit.delete.iter().chain(all_erased).filter(|key| is_conformance(key.kind)).cloned().collect();
        (!put.is_empty() || !gone.is_empty()).then_some(Self { put, gone })
    }
}
