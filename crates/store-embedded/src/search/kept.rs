//! What searches have found, for whoever asks the same again: a chart that many look at is searched once.
//!
//! What is kept are the versions of a page by their rows, and not their texts. It is given again as long as nothing that it was found by was
//! changed: [`crate::index::tree`] tells by what was read for it. So a search by a patient goes on holding while other patients are written.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use store::query::Query;

use super::Answer;
use super::include::Hit;
use crate::index::tree::{Noted, Tree};

/// What one answer may take; a larger one is not kept.
const MOST_BYTES: u64 = 256 << 10;

/// How large an answer is taken to be, to size the table.
const TYPICAL_BYTES: u64 = 4096;

/// What a query takes, about, without long lists, and what an answer does without its hits; and a hit with its place.
const QUERY_BYTES: usize = 1024;
const HIT_BYTES: usize = 240;

/// What was found by what.
pub(crate) struct Kept(Cache<Query, Arc<One>, ByBytes>);

struct One {
    answer: Arc<Answer>,
    noted: Noted,
    bytes: u64,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Query, Arc<One>> for ByBytes {
    fn weight(&self, _: &Query, one: &Arc<One>) -> u64 {
        one.bytes
    }
}

impl Kept {
    /// With room for so many bytes.
    pub(crate) fn new(bytes: u64) -> Self {
        Self(Cache::with_weighter((bytes / TYPICAL_BYTES) as usize, bytes, ByBytes))
    }

    /// What the query finds now, when that is known.
    pub(crate) fn get(&self, tree: &Tree, query: &Query) -> Option<Arc<Answer>> {
        let one = self.0.get(query)?;
        if tree.still_has(&one.noted) {
            return Some(Arc::clone(&one.answer));
        }
        // What does not hold makes room; a newer one that has taken its place meanwhile goes with it, and is found again.
        self.0.remove(query);
        None
    }

    /// Keeps what a query has found, by what was noted.
    pub(crate) fn put(&self, tree: &Tree, query: &Query, answer: &Arc<Answer>, noted: Noted) {
        let hits: usize = answer.page.matches.iter().chain(&answer.included).map(hit_bytes).sum();
        let bytes = (QUERY_BYTES + query.list_bytes() + noted.bytes() + hits) as u64;
        if bytes <= MOST_BYTES {
            tree.watch();
            self.0.insert(query.clone(), Arc::new(One { answer: Arc::clone(answer), noted, bytes }));
        }
    }
}

fn hit_bytes((_, key): &Hit) -> usize {
    HIT_BYTES + key.id.len()
}

/// Whether what a query finds may be kept: it says nothing of how it was found, and is about now.
pub(crate) fn is_kept(query: &Query) -> bool {
    !query.is_explained() && query.as_of.is_none()
}
