//! Where conformance resources (profiles, value sets, code systems, concept maps, …) are found by their canonical address.
//!
//! Whoever validates or answers questions of terminology is handed a [`Library`] and does not know where its resources come from: what the
//! server brings, packages, what clients have stored, or what came with a request. Libraries are stacked with [`Stacked`].

use std::collections::HashMap;
use std::sync::Arc;

use crate::Value;
use crate::canonical::{Canonical, compare_versions};

/// Finds conformance resources.
pub trait Library: Send + Sync {
    /// The resource of the type `kind` that has this address. Of several versions that the address accepts it is the newest by
    /// [`compare_versions`]; `None` when there is none. The fragment does not count.
    fn find(&self, kind: &str, canonical: &Canonical<'_>) -> Option<Arc<Value>>;

    /// The versions that there are of an address, the newest first; resources without a version are told as `None`.
    fn versions(&self, kind: &str, url: &str) -> Vec<Option<Box<str>>>;

    /// The addresses of all resources of the type, sorted, each once.
    fn urls(&self, kind: &str) -> Vec<Box<str>>;

    /// A number that is another one whenever something else can be found: what was made of the resources before is then made anew.
    fn generation(&self) -> u64;
}

impl<L: Library + ?Sized> Library for &L {
    fn find(&self, kind: &str, canonical: &Canonical<'_>) -> Option<Arc<Value>> {
        (**self).find(kind, canonical)
    }

    fn versions(&self, kind: &str, url: &str) -> Vec<Option<Box<str>>> {
        (**self).versions(kind, url)
    }

    fn urls(&self, kind: &str) -> Vec<Box<str>> {
        (**self).urls(kind)
    }

    fn generation(&self) -> u64 {
        (**self).generation()
    }
}

/// The versions of one address, the newest first.
type Versions = Vec<Arc<Value>>;

/// A library in memory, which does not change: what came with a request or a file.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// By type and address.
    resources: HashMap<(Box<str>, Box<str>), Versions>,
}

impl Shelf {
    /// A library of these resources. Those without a `url` cannot be found and are left out; of two with the same type, address and
    /// version the later one counts.
    pub fn new(resources: impl IntoIterator<Item = Value>) -> Self {
        let mut shelf = Self::default();
        for resource in resources {
            let (Some(kind), Some(url)) = (resource.resource_type(), resource.text("url")) else { continue };
            let versions = shelf.resources.entry((kind.into(), url.into())).or_default();
            versions.retain(|other| other.text("version") != resource.text("version"));
            versions.push(Arc::new(resource));
        }
        for versions in shelf.resources.values_mut() {
            versions.sort_by(|left, right| compare_versions(right.text("version"), left.text("version")));
        }
        shelf
    }

    fn of(&self, kind: &str, url: &str) -> &[Arc<Value>] {
        self.resources.get(&(Box::from(kind), Box::from(url))).map_or(&[], Vec::as_slice)
    }
}

impl Library for Shelf {
    fn find(&self, kind: &str, canonical: &Canonical<'_>) -> Option<Arc<Value>> {
        self.of(kind, canonical.url).iter().find(|resource| canonical.accepts(resource.text("version"))).cloned()
    }

    fn versions(&self, kind: &str, url: &str) -> Vec<Option<Box<str>>> {
        self.of(kind, url).iter().map(|resource| resource.text("version").map(Box::from)).collect()
    }

    fn urls(&self, kind: &str) -> Vec<Box<str>> {
        let mut urls: Vec<Box<str>> = self.resources.keys().filter(|(other, _)| &**other == kind).map(|(_, url)| url.clone()).collect();
        urls.sort();
        urls
    }

    fn generation(&self) -> u64 {
        0
    }
}

/// One library on top of another: what the upper one has of a type and address hides what the lower one has with the same version.
pub struct Stacked<'a> {
    /// Is asked first.
    pub upper: &'a dyn Library,
    /// Is asked for what the upper one has not.
    pub lower: &'a dyn Library,
}

impl Library for Stacked<'_> {
    fn find(&self, kind: &str, canonical: &Canonical<'_>) -> Option<Arc<Value>> {
        let (upper, lower) = (self.upper.find(kind, canonical), self.lower.find(kind, canonical));
        match (upper, lower) {
            (Some(upper), Some(lower)) if compare_versions(lower.text("version"), upper.text("version")).is_gt() => Some(lower),
            (upper, lower) => upper.or(lower),
        }
    }

    fn versions(&self, kind: &str, url: &str) -> Vec<Option<Box<str>>> {
        let mut versions = self.upper.versions(kind, url);
        versions.extend(self.lower.versions(kind, url));
        versions.sort_by(|left, right| compare_versions(right.as_deref(), left.as_deref()));
        versions.dedup();
        versions
    }

    fn urls(&self, kind: &str) -> Vec<Box<str>> {
        let mut urls = self.upper.urls(kind);
        urls.extend(self.lower.urls(kind));
        urls.sort();
        urls.dedup();
        urls
    }

    fn generation(&self) -> u64 {
        // Either changing changes it: the generations of the parts only rise.
        self.upper.generation().wrapping_add(self.lower.generation())
    }
}

#[cfg(test)]
mod tests;
