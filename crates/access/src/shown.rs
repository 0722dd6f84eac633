//! What rules have let pass lately, so that a read by a rule with a filter is not a search each time.
//!
//! A rule that asks about nothing but the resource itself says the same of the same text, as long as the grant holds: then what it has let pass
//! passes again. Known for it is the text, by its SHA-256, and not its number: so nothing has to be heard of when a resource is changed, erased or written anew under
//! its old id. Only what has passed is remembered, and the store is who judged it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{Context, SHA256};
use fhir::definitions::ResourceType;
use quick_cache::sync::Cache;
use store::query::{Filter, Version};

/// How many texts are remembered, of all grants together: some 20 MB.
const MAX_SHOWN: usize = 200_000;

/// What was let pass, under all grants.
pub(crate) struct Shown(Cache<[u8; 32], ()>);

impl Default for Shown {
    fn default() -> Self {
        Self(Cache::new(MAX_SHOWN))
    }
}

/// What was let pass under one grant when it was read.
pub(crate) struct OfGrant {
    all: Arc<Shown>,
    /// What no other grant of this process has.
    number: u64,
    /// For each type, whether the rule asks about nothing but the resource itself.
    is_own: Box<[OnceLock<bool>]>,
}

impl OfGrant {
    pub(crate) fn new(all: Arc<Shown>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let is_own = ResourceType::all().map(|_| OnceLock::new()).collect();
        Self { all, number: NEXT.fetch_add(1, Ordering::Relaxed), is_own }
    }

    /// Whether what passes this rule, which is the grant's for reading the type, may be remembered.
    pub(crate) fn remembers(&self, kind: ResourceType, rule: &Filter) -> bool {
        *self.is_own[kind.index()].get_or_init(|| is_own(rule))
    }

    /// Whether this version is known to pass. A deletion never is.
    pub(crate) fn has(&self, version: &Version) -> bool {
        self.name(version).is_some_and(|name| self.all.0.get(&name).is_some())
    }

    /// Remembers that a version passed.
    pub(crate) fn keep(&self, version: &Version) {
        if let Some(name) = self.name(version) {
            self.all.0.insert(name, ());
        }
    }

    fn name(&self, version: &Version) -> Option<[u8; 32]> {
        let text = version.text()?;
        let mut digest = Context::new(&SHA256);
        digest.update(&self.number.to_le_bytes());
        digest.update(&(version.key.kind.index() as u64).to_le_bytes());
        digest.update(&(version.key.id.len() as u64).to_le_bytes());
        digest.update(version.key.id.as_bytes());
        digest.update(&version.last_updated.to_le_bytes());
        digest.update(text);
        digest.finish().as_ref().try_into().ok()
    }
}

impl std::fmt::Debug for OfGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OfGrant({})", self.number)
    }
}

/// Whether a filter asks about nothing but the resource itself, so that its text alone decides.
fn is_own(filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().all(is_own),
        Filter::Not(filter) | Filter::Contained(_, filter) => is_own(filter),
        Filter::Id(_) | Filter::LastUpdated(..) | Filter::Match(..) | Filter::Present(_) => true,
        Filter::Chain(..) | Filter::Has(..) => false,
    }
}
