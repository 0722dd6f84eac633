//! The names in a folder.
//!
//! Changes of names reach the disk in their order, as a journal of a file system has them, each whole: a rename is never half there.

use std::collections::BTreeMap;

use super::Loss;
use crate::random::Random;

/// What a name stands for: the number of a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    File(usize),
    Folder(usize),
}

type Names = BTreeMap<String, Node>;

/// What changes at once: names, and what they stand for then.
type Change = Vec<(String, Option<Node>)>;

/// A folder.
#[derive(Default)]
pub(super) struct Folder {
    sure: Names,
    current: Names,
    /// What is not sure, and since when it was asked for.
    pending: Vec<(u64, Change)>,
}

impl Folder {
    /// The names as a process sees them.
    pub(super) fn current(&self) -> &Names {
        &self.current
    }

    pub(super) fn change<const N: usize>(&mut self, now: u64, names: [(String, Option<Node>); N]) {
        let change = Vec::from(names);
        apply(&mut self.current, &change);
        self.pending.push((now, change));
    }

    /// A sync has ended that began at this moment.
    pub(super) fn sync(&mut self, began: u64) {
        let count = self.pending.partition_point(|(at, _)| *at < began);
        for (_, change) in self.pending.drain(..count) {
            apply(&mut self.sure, &change);
        }
    }

    /// The names when the power fails now.
    pub(super) fn after(&self, loss: Loss, random: &mut Random) -> Names {
        let kept = match loss {
            Loss::Nothing => self.pending.len(),
            Loss::Everything => 0,
            Loss::Some => random.below(self.pending.len() + 1),
        };
        let mut names = self.sure.clone();
        self.pending.iter().take(kept).for_each(|(_, change)| apply(&mut names, change));
        names
    }
}

fn apply(names: &mut Names, change: &Change) {
    for (name, node) in change {
        match node {
            Some(node) => drop(names.insert(name.clone(), *node)),
            None => drop(names.remove(name)),
        }
    }
}
