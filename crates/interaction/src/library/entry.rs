//! A stored resource as the library keeps it: packed, until somebody asks for it.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use fhir::Value;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use store::commit::{Instant, Key};

use super::skim::{self, Named};

/// How hard texts are packed: as fast as can be, which makes a tenth of most.
const LEVEL: i32 = 1;

/// How many bytes of text the trees stand for that are kept because somebody has asked for them lately; as trees they take three to four times as much.
const KEPT_BYTES: u64 = 8 << 20;

/// A resource.
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) named: Named,
    /// When its version was written.
    pub(super) at: Instant,
    packed: Box<[u8]>,
    length: usize,
    /// The tree, as long as anybody has it.
    tree: Mutex<Weak<Value>>,
}

impl Entry {
    /// The resource with this text, as it goes out; `None` when it has no address.
    pub(super) fn new(key: Key, at: Instant, text: &[u8]) -> Option<Self> {
        let named = skim::named(key.kind, text);
        if named.addresses.is_empty() {
            return None;
        }
        let packed = zstd::bulk::compress(text, LEVEL).ok()?.into_boxed_slice();
        Some(Self { key, named, at, packed, length: text.len(), tree: Mutex::default() })
    }

    /// The resource as a tree: the one that others have, or one that is made now.
    pub(super) fn tree(&self, kept: &Trees) -> Option<Arc<Value>> {
        let mut known = self.tree.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tree) = known.upgrade() {
            return Some(tree);
        }
        let text = zstd::bulk::decompress(&self.packed, self.length).ok()?;
        let tree = Arc::new(fhir::json::parse(&text).ok()?);
        *known = Arc::downgrade(&tree);
        kept.0.insert(Arc::as_ptr(&tree) as usize, (tree.clone(), self.length));
        Some(tree)
    }
}

/// The trees that were asked for lately.
pub(super) struct Trees(Cache<usize, (Arc<Value>, usize), ByText>);

impl Default for Trees {
    fn default() -> Self {
        Self(Cache::with_weighter(1024, KEPT_BYTES, ByText))
    }
}

/// A tree weighs as much as its text.
#[derive(Clone)]
struct ByText;

impl Weighter<usize, (Arc<Value>, usize)> for ByText {
    fn weight(&self, _: &usize, (_, length): &(Arc<Value>, usize)) -> u64 {
        *length as u64
    }
}
