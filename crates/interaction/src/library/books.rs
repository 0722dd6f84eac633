//! Where stored conformance resources are found: by key, to keep them true, and by address.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use fhir::canonical::{Canonical, compare_versions};
use fhir::definitions::ResourceType;
use store::commit::{Key, Sequence};

use super::entry::Entry;

/// All of a tenant.
#[derive(Default)]
pub(super) struct Books {
    /// The last commit that is known of each resource, and what it left: nothing when it was deleted, or has no address.
    known: HashMap<Key, (Sequence, Option<Arc<Entry>>)>,
    /// By address: the newest version first.
    found: HashMap<ResourceType, BTreeMap<Box<str>, Vec<Arc<Entry>>>>,
}

impl Books {
    /// Takes over what a commit has left of a resource, unless a later one is known. Says whether anything is found otherwise than before.
    pub(super) fn put(&mut self, sequence: Sequence, key: &Key, entry: Option<Arc<Entry>>) -> bool {
        let before = match self.known.get(key) {
            Some((later, _)) if *later >= sequence && *later > 0 => return false,
            Some((_, before)) => before.clone(),
            None => None,
        };
        let is_news = before.is_some() || entry.is_some();
        if let Some(before) = before {
            self.take_out(&before);
        }
        if let Some(entry) = &entry {
            self.file(entry);
        }
        self.known.insert(key.clone(), (sequence, entry));
        is_news
    }

    fn file(&mut self, entry: &Arc<Entry>) {
        let of_kind = self.found.entry(entry.key.kind).or_default();
        for address in &entry.named.addresses {
            let versions = of_kind.entry(address.clone()).or_default();
            let place = versions.partition_point(|other| order(other, entry) == Ordering::Less);
            versions.insert(place, entry.clone());
        }
    }

    fn take_out(&mut self, entry: &Arc<Entry>) {
        let Some(of_kind) = self.found.get_mut(&entry.key.kind) else { return };
        for address in &entry.named.addresses {
            if let Some(versions) = of_kind.get_mut(address) {
                versions.retain(|other| !Arc::ptr_eq(other, entry));
                if versions.is_empty() {
                    of_kind.remove(address);
                }
            }
        }
    }

    /// The resources of an address, the newest version first. Of those with the same version, the one written last comes first.
    pub(super) fn of(&self, kind: ResourceType, url: &str) -> &[Arc<Entry>] {
        self.found.get(&kind).and_then(|of_kind| of_kind.get(url)).map_or(&[], Vec::as_slice)
    }

    /// The first that is meant.
    pub(super) fn find(&self, kind: ResourceType, canonical: &Canonical<'_>) -> Option<Arc<Entry>> {
        self.of(kind, canonical.url).iter().find(|entry| canonical.accepts(entry.named.version.as_deref())).cloned()
    }

    /// All addresses of a type, sorted.
    pub(super) fn urls(&self, kind: ResourceType) -> Vec<Box<str>> {
        self.found.get(&kind).map(|of_kind| of_kind.keys().cloned().collect()).unwrap_or_default()
    }
}

/// The newest version first; of the same version the one that was written last, and then that of the smaller id.
fn order(left: &Entry, right: &Entry) -> Ordering {
    let by_version = compare_versions(right.named.version.as_deref(), left.named.version.as_deref());
    by_version.then(right.at.cmp(&left.at)).then_with(|| left.key.id.cmp(&right.key.id))
}

#[cfg(test)]
mod tests;
