//! The order of all writes, and what is there after each.

use std::collections::BTreeMap;

use super::Seen;

/// A version that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Of which resource.
    pub key: String,
    /// Its number.
    pub version: u64,
    /// Its value, which no other version has; `None`: the resource is deleted by it.
    pub value: Option<u64>,
}

/// A resource between two commits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Its last version; 0 when it was never there.
    pub version: u64,
    /// Its value; `None` when it is not there.
    pub value: Option<u64>,
}

impl State {
    /// Whether somebody who saw this saw that.
    pub fn shows(&self, seen: Seen) -> bool {
        match seen {
            Seen::Version(version) => self.version == version && self.value.is_some(),
            Seen::Newest(version) => self.version == version,
            Seen::Gone => self.value.is_none(),
            Seen::There => self.value.is_some(),
            Seen::OtherThan(version) => self.version != version,
            Seen::Holds(value) => self.value == Some(value),
            Seen::Lacks(value) => self.value != Some(value),
        }
    }
}

/// All commits, in their order. A place in it is a number of commits that were made: 0 is before the first.
#[derive(Clone, Debug, Default)]
pub struct Order {
    commits: Vec<Vec<Write>>,
    /// Of each resource: after which places it changed, and to what.
    changes: BTreeMap<String, Vec<(usize, State)>>,
}

impl Order {
    /// The order of these commits.
    pub fn new(commits: Vec<Vec<Write>>) -> Self {
        let mut changes: BTreeMap<String, Vec<(usize, State)>> = BTreeMap::new();
        for (place, commit) in commits.iter().enumerate() {
            for Write { key, version, value } in commit {
                changes.entry(key.clone()).or_default().push((place + 1, State { version: *version, value: *value }));
            }
        }
        Self { commits, changes }
    }

    /// The commits.
    pub fn commits(&self) -> &[Vec<Write>] {
        &self.commits
    }

    /// The first place from `place` on, at which a resource is as somebody saw it.
    pub(super) fn next(&self, key: &str, seen: Seen, place: usize) -> Option<usize> {
        let changes = self.changes.get(key).map_or(&[][..], Vec::as_slice);
        let behind = changes.partition_point(|(at, _)| *at <= place);
        let now = behind.checked_sub(1).map_or(State::default(), |last| changes[last].1);
        if now.shows(seen) {
            return Some(place);
        }
        changes[behind..].iter().find(|(_, state)| state.shows(seen)).map(|(at, _)| *at)
    }

    /// The place at which these were the last versions written, newest first.
    pub(super) fn place_of_last(&self, versions: &[(String, u64)]) -> Option<usize> {
        let Some((key, version)) = versions.first() else { return Some(0) };
        let changes = self.changes.get(key)?;
        let (place, _) = changes.iter().find(|(_, state)| state.version == *version)?;
        let written = self.commits[..*place].iter().rev().flat_map(|commit| commit.iter().rev());
        let mut written = written.map(|write| (&write.key, write.version));
        versions.iter().all(|(key, version)| written.next() == Some((key, *version))).then_some(*place)
    }
}
