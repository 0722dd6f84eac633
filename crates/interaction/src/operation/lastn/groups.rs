//! Observations by their code. Two codes are the same when some observation has both, and so are those that are the same as these.

use std::collections::HashMap;

use fhir::Value;
use store::query::Version;

/// Observations grouped by code, of each group the first `max`.
pub(super) struct Groups {
    max: usize,
    /// The group of each coding and text; a group that was merged into another points there.
    of: HashMap<String, usize>,
    merged_into: Vec<usize>,
    /// The first observations of each group with their places in the order in which they came.
    kept: Vec<Vec<(usize, Version)>>,
    seen: usize,
}

impl Groups {
    pub(super) fn new(max: usize) -> Self {
        Self { max, of: HashMap::new(), merged_into: Vec::new(), kept: Vec::new(), seen: 0 }
    }

    /// Adds an observation with its `code`. They come newest first.
    pub(super) fn add(&mut self, code: Option<&Value>, version: Version) {
        let mut group = None;
        for identity in identities(code) {
            let known = self.of.get(&identity).map(|&known| self.root(known));
            let joined = match (group, known) {
                (Some(group), Some(known)) => self.merge(group, known),
                (None, Some(known)) => known,
                (Some(group), None) => group,
                (None, None) => self.begin(),
            };
            self.of.insert(identity, joined);
            group = Some(joined);
        }
        let place = self.seen;
        self.seen += 1;
        if let Some(kept) = group.and_then(|group| self.kept.get_mut(group)).filter(|kept| kept.len() < self.max) {
            kept.push((place, version));
        }
    }

    /// What was kept: a group after the other, by the place of its first.
    pub(super) fn finish(mut self) -> Vec<Version> {
        self.kept.retain(|kept| !kept.is_empty());
        self.kept.sort_by_key(|kept| kept.first().map(|(place, _)| *place));
        self.kept.into_iter().flatten().map(|(_, version)| version).collect()
    }

    fn begin(&mut self) -> usize {
        let group = self.kept.len();
        self.kept.push(Vec::new());
        self.merged_into.push(group);
        group
    }

    fn root(&self, mut group: usize) -> usize {
        while self.merged_into[group] != group {
            group = self.merged_into[group];
        }
        group
    }

    /// Of two groups one: the first of both together are among the first of each.
    fn merge(&mut self, left: usize, right: usize) -> usize {
        if left == right {
            return left;
        }
        let moved = std::mem::take(&mut self.kept[right]);
        self.kept[left].extend(moved);
        self.kept[left].sort_by_key(|(place, _)| *place);
        self.kept[left].truncate(self.max);
        self.merged_into[right] = left;
        left
    }
}

/// What says of a code which one it is: system and code of its codings, its text when it has none.
fn identities(code: Option<&Value>) -> Vec<String> {
    let codings = code.into_iter().flat_map(|code| code.list("coding")).filter(|coding| coding.get("code").is_some());
    let mut identities: Vec<String> = codings
        .map(|coding| format!("{}|{}", coding.text("system").unwrap_or_default(), coding.text("code").unwrap_or_default()))
        .collect();
    if identities.is_empty() {
        identities.push(format!("\0{}", code.and_then(|code| code.text("text")).unwrap_or_default()));
    }
    identities
}
