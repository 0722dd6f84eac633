//! The code systems that can be asked about.

use std::collections::BTreeMap;

use crate::engine::Terminology;
use crate::system::grammars;
use crate::version;

/// A code system that can be asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSystem {
    /// Its address.
    pub url: Box<str>,
    /// Its versions, the newest first: the first is meant where none is named. One that does not say which it is, is `None`.
    pub versions: Vec<Option<Box<str>>>,
}

impl Terminology<'_> {
    /// All code systems of which some concepts are here, by their addresses: resources, tables and grammars. Supplements are none.
    ///
    /// The first time it goes through all CodeSystem resources of the library.
    pub fn code_systems(&self) -> Vec<KnownSystem> {
        let mut found: BTreeMap<Box<str>, Vec<Option<Box<str>>>> = BTreeMap::new();
        for (url, version) in &self.cache.index(self.library).systems {
            found.entry(url.clone()).or_default().push(version.clone());
        }
        for url in self.tables.urls() {
            let versions = self.tables.versions(&url);
            found.entry(url).or_default().extend(versions);
        }
        for about in grammars().iter().map(|grammar| grammar.about()) {
            found.entry(about.url.clone()).or_default().push(about.version.clone());
        }
        let sorted = |(url, mut versions): (Box<str>, Vec<Option<Box<str>>>)| {
            versions.sort_by(|left, right| version::newest_first(left.as_deref(), right.as_deref()));
            versions.dedup();
            KnownSystem { url, versions }
        };
        found.into_iter().map(sorted).collect()
    }
}
