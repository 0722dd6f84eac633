//! What has been read so far, and what is still needed.

use std::collections::{HashMap, HashSet};

use fhir::{Issue, Value};

use crate::source::{Page, Search, Source};

/// What has been read and found.
#[derive(Default)]
pub(super) struct Loaded {
    references: HashMap<String, Option<Value>>,
    searches: HashMap<Search, Result<Page, Issue>>,
    resources: usize,
}

/// What a round missed.
#[derive(Default)]
pub(super) struct Needs {
    pub(super) references: HashSet<String>,
    pub(super) searches: HashSet<Search>,
}

impl Needs {
    pub(super) fn is_empty(&self) -> bool {
        self.references.is_empty() && self.searches.is_empty()
    }
}

impl Loaded {
    /// What a reference leads to; `None` when it has not been read.
    pub(super) fn reference(&self, reference: &str) -> Option<Option<&Value>> {
        self.references.get(reference).map(Option::as_ref)
    }

    /// What a search found; `None` when it has not been made.
    pub(super) fn search(&self, search: &Search) -> Option<Result<&Page, &Issue>> {
        self.searches.get(search).map(Result::as_ref)
    }

    /// How many resources are here.
    pub(super) fn resources(&self) -> usize {
        self.resources
    }

    /// How many searches were made.
    pub(super) fn searches(&self) -> usize {
        self.searches.len()
    }

    /// Reads and finds what is needed: one reading and one round of searches.
    pub(super) async fn load<S: Source>(&mut self, source: &S, needs: Needs) -> Result<(), S::Failure> {
        let mut references: Vec<String> = needs.references.into_iter().collect();
        references.sort_unstable();
        if !references.is_empty() {
            let mut found = source.read(&references).await?.into_iter();
            for reference in references {
                let resource = found.next().flatten();
                self.resources += usize::from(resource.is_some());
                self.references.insert(reference, resource);
            }
        }
        let searches: Vec<Search> = needs.searches.into_iter().collect();
        if !searches.is_empty() {
            let pages = source.search(&searches).await?;
            for (search, page) in searches.into_iter().zip(pages) {
                self.resources += page.as_ref().map_or(0, |page| page.matches.len());
                self.searches.insert(search, page);
            }
        }
        Ok(())
    }
}
