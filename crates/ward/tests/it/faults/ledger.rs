//! What was sent and what was acknowledged, as the notes of the load say: `sent` or `done`, then what, as `Patient/a 2` or `Basic/b 1 Basic/c 1`;
//! version 0 is a deletion.

use std::collections::{BTreeMap, BTreeSet};

/// What must be there, what may be, and what is there together or not at all.
#[derive(Default)]
pub struct Ledger {
    /// The resources that were sent, by the version that was acknowledged last, `None` when none was.
    pub resources: BTreeMap<String, Option<Known>>,
    /// Those whose deletion was sent.
    deletions: BTreeSet<String>,
    /// The resources of each transaction that was sent.
    pub together: Vec<Vec<String>>,
}

/// What was acknowledged last of a resource.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// A version; a later one may have been sent.
    Version(u64),
    /// A deletion, after which nothing was sent.
    Deleted,
}

impl Ledger {
    /// The ledger that notes make.
    pub fn of<'a>(notes: impl Iterator<Item = &'a str>) -> Self {
        let mut ledger = Self::default();
        for note in notes {
            let Some((word, rest)) = note.split_once(' ') else { continue };
            let words: Vec<&str> = rest.split(' ').collect();
            let named = words.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].parse::<u64>().expect("a version")));
            for (resource, version) in named.clone() {
                if version == 0 {
                    ledger.deletions.insert(resource.clone());
                }
                let known = ledger.resources.entry(resource).or_default();
                match (word, version) {
                    ("done", 0) => *known = Some(Known::Deleted),
                    ("done", version) => *known = Some(Known::Version(version)),
                    _ => {}
                }
            }
            if word == "sent" && words.len() > 2 {
                ledger.together.push(named.map(|(resource, _)| resource).collect());
            }
        }
        ledger
    }

    /// Whether its deletion was sent.
    pub fn is_deleted(&self, resource: &str) -> bool {
        self.deletions.contains(resource)
    }

    /// How many resources were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.resources.values().flatten().count()
    }
}
