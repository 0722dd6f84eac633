//! The events of the store, the file of leaves and the signed roots, compared commit by commit.

use std::collections::{BTreeMap, HashMap, HashSet};

use store::commit::Sequence;
use store::contract::Store;

use super::checkpoints::Signed;
use super::{Evidence, Report, Wrong};
use crate::merkle::{Frontier, Hash, Leaves};
use crate::tree::{self, Leaf, LeafFile, TreeError};

/// So many commits are read at once.
const CHANGES: u32 = 500;
/// So many differences are kept to tell a reordered event from a removed and an inserted one.
const MOST_KEPT: usize = 100_000;

/// What differs between store and leaves.
#[derive(Default)]
struct Differences {
    /// Leaves that the store does not have in that commit, by their hashes: place and commit.
    missing: HashMap<Hash, (u64, Sequence)>,
    /// Events that are no leaves of that commit, by their hashes: place and event.
    unknown: HashMap<Hash, (u64, Leaf)>,
}

/// Compares, and adds what is wrong to the report.
pub(super) async fn compare(
    store: &dyn Store,
    evidence: &Evidence<'_>,
    signed: &BTreeMap<u64, Signed>,
    report: &mut Report,
) -> Result<(), TreeError> {
    let mut recorded = match evidence.leaves {
        Some(file) => Some(Recorded::new(file, signed, report)?),
        None => None,
    };
    let (mut frontier, mut differences) = (Frontier::default(), Differences::default());
    let (mut after, mut proven, mut is_forked) = (0, 0, false);
    let mut roots = signed.iter().peekable();
    loop {
        let changes = store.changes(evidence.tenant, after, CHANGES).await?;
        for change in &changes {
            let leaves = tree::leaves_of(store, evidence.tenant, change).await?;
            if change.sequence <= after {
                let text = format!("commit {} comes after commit {after}", change.sequence);
                report.find(Wrong::Reordered, Some(frontier.size()), None, text);
            }
            if let Some(recorded) = &mut recorded {
                recorded.compare(frontier.size(), change.sequence, &leaves, &mut differences)?;
            }
            for leaf in leaves {
                if leaf.version > 1 {
                    let text = format!("{} has a version {}: AuditEvents have one", leaf.key, leaf.version);
                    report.find(Wrong::Superseded, Some(frontier.size()), Some(leaf.key.clone()), text);
                }
                frontier.push(leaf.hash);
                if let Some((size, signed)) = roots.next_if(|(size, _)| **size == frontier.size()) {
                    let is_same = signed.root == frontier.root();
                    if is_same && !is_forked {
                        proven = *size;
                    }
                    if !is_same && !is_forked {
                        let text = format!(
                            "the {size} events up to checkpoint {} are not those that it signed; the {proven} first are",
                            signed.number
                        );
                        report.find(Wrong::Forked, Some(proven), None, text);
                    }
                    is_forked |= !is_same;
                }
            }
            after = after.max(change.sequence);
        }
        if changes.len() < CHANGES as usize {
            break;
        }
    }
    report.events = frontier.size();
    report.proven = proven;
    if let Some(mut recorded) = recorded {
        recorded.rest(&mut differences)?;
    }
    differences.tell(report);
    if let Some((size, signed)) = roots.next_back() {
        let text = format!("checkpoint {} signed {size} events, and there are {}", signed.number, frontier.size());
        report.find(Wrong::Truncated, Some(frontier.size()), None, text);
    }
    Ok(())
}

/// The file of leaves, read along with the store.
struct Recorded<'a> {
    file: &'a LeafFile,
    at: u64,
    /// Those that were read and not compared yet, in reverse.
    read: Vec<(Hash, Sequence)>,
}

/// So many leaves are read at once.
const CHUNK: u64 = 4096;

impl<'a> Recorded<'a> {
    /// Looks first whether the file is what was signed.
    fn new(file: &'a LeafFile, signed: &BTreeMap<u64, Signed>, report: &mut Report) -> Result<Self, TreeError> {
        let (mut frontier, mut last, mut roots) = (Frontier::default(), 0, signed.iter().peekable());
        let (mut is_damaged, mut is_disordered) = (false, false);
        file.each_row(0, file.size(), &mut |hash, sequence| {
            is_disordered |= sequence < last;
            last = sequence;
            frontier.push(hash);
            if let Some((_, signed)) = roots.next_if(|(size, _)| **size == frontier.size()) {
                is_damaged |= signed.root != frontier.root();
            }
        })?;
        if is_damaged || is_disordered || roots.peek().is_some() {
            let text = "the file of leaves is not what the checkpoints signed: it cannot tell which event was altered".to_owned();
            report.find(Wrong::DamagedLeaves, None, None, text);
        }
        Ok(Self { file, at: 0, read: Vec::new() })
    }

    fn next_if(&mut self, wanted: impl Fn(Sequence) -> bool) -> Result<Option<(Hash, Sequence)>, TreeError> {
        if self.read.is_empty() && self.at < self.file.size() {
            let to = (self.at + CHUNK).min(self.file.size());
            let read = &mut self.read;
            self.file.each_row(self.at, to, &mut |hash, sequence| read.push((hash, sequence)))?;
            self.read.reverse();
            self.at = to;
        }
        Ok(self.read.pop_if(|(_, sequence)| wanted(*sequence)))
    }

    /// The place of the next leaf.
    fn place(&self) -> u64 {
        self.at - self.read.len() as u64
    }

    /// Compares the leaves of a commit with the events that it has in the store, the first of which is at `place`.
    fn compare(&mut self, place: u64, sequence: Sequence, events: &[Leaf], differences: &mut Differences) -> Result<(), TreeError> {
        while let Some((hash, earlier)) = self.next_if(|found| found < sequence)? {
            differences.miss(hash, self.place() - 1, earlier);
        }
        let first = self.place();
        let mut leaves = Vec::new();
        while let Some((hash, _)) = self.next_if(|found| found == sequence)? {
            leaves.push(hash);
        }
        // What came in after the file was last followed is not in it yet.
        if self.place() == self.file.size() && leaves.is_empty() {
            return Ok(());
        }
        differences.of_commit(sequence, (first, &leaves), (place, events));
        Ok(())
    }

    /// The leaves behind the last event of the store.
    fn rest(&mut self, differences: &mut Differences) -> Result<(), TreeError> {
        while let Some((hash, sequence)) = self.next_if(|_| true)? {
            differences.miss(hash, self.place() - 1, sequence);
        }
        Ok(())
    }
}

impl Differences {
    /// What differs within one commit: between its leaves, the first of which is at that place in their file, and its events, the first of
    /// which is at that place in the store.
    fn of_commit(&mut self, sequence: Sequence, (first, leaves): (u64, &[Hash]), (place, events): (u64, &[Leaf])) {
        let recorded: HashSet<&Hash> = leaves.iter().collect();
        let there: HashSet<&Hash> = events.iter().map(|event| &event.hash).collect();
        let (mut left, mut right) = (leaves.iter().enumerate().peekable(), events.iter().enumerate().peekable());
        loop {
            // What stands on one side only is passed over there, so that what is behind it does not seem to have moved.
            let only_left = left.peek().is_some_and(|(_, hash)| !there.contains(hash));
            let only_right = right.peek().is_some_and(|(_, event)| !recorded.contains(&event.hash));
            let is_same = matches!((left.peek(), right.peek()), (Some((_, hash)), Some((_, event))) if **hash == event.hash);
            let (takes_left, takes_right) = if only_left || only_right { (only_left, only_right) } else { (true, true) };
            let (leaf, event) = (left.next_if(|_| takes_left), right.next_if(|_| takes_right));
            if leaf.is_none() && event.is_none() {
                return;
            }
            if is_same {
                continue;
            }
            if let Some((index, hash)) = leaf {
                self.miss(*hash, first + index as u64, sequence);
            }
            if let Some((index, event)) = event {
                self.know_not(place + index as u64, event);
            }
        }
    }

    fn miss(&mut self, hash: Hash, place: u64, sequence: Sequence) {
        if self.missing.len() < MOST_KEPT {
            self.missing.insert(hash, (place, sequence));
        }
    }

    fn know_not(&mut self, place: u64, event: &Leaf) {
        if self.unknown.len() < MOST_KEPT {
            self.unknown.insert(event.hash, (place, event.clone()));
        }
    }

    /// Tells them: what is in both moved; what stands in one commit in the place of another was altered; the rest was removed or put in.
    fn tell(mut self, report: &mut Report) {
        let mut moved: Vec<(u64, u64, Leaf)> = Vec::new();
        self.missing.retain(|hash, (from, _)| match self.unknown.remove(hash) {
            Some((to, event)) => {
                moved.push((*from, to, event));
                false
            }
            None => true,
        });
        moved.sort_unstable_by_key(|(from, _, _)| *from);
        for (from, to, event) in moved {
            let text = format!("{} stands at place {to}, and stood at {from}", event.key);
            report.find(Wrong::Reordered, Some(to), Some(event.key), text);
        }
        let mut missing: Vec<_> = self.missing.into_values().collect();
        missing.sort_unstable();
        let mut unknown: Vec<_> = self.unknown.into_values().collect();
        unknown.sort_unstable_by_key(|(place, _)| std::cmp::Reverse(*place));
        let mut of_commits: BTreeMap<Sequence, Vec<(u64, Leaf)>> = BTreeMap::new();
        for (place, event) in unknown {
            of_commits.entry(event.sequence).or_default().push((place, event));
        }
        for (place, sequence) in missing {
            match of_commits.get_mut(&sequence).and_then(Vec::pop) {
                Some((_, event)) => {
                    let text = format!("{}, at place {place}, is not what it was", event.key);
                    report.find(Wrong::Altered, Some(place), Some(event.key), text);
                }
                None => {
                    let text = format!("the event at place {place}, of commit {sequence}, is missing");
                    report.find(Wrong::Removed, Some(place), None, text);
                }
            }
        }
        for (place, event) in of_commits.into_values().flat_map(|events| events.into_iter().rev()) {
            let text = format!("{}, at place {place}, was not there", event.key);
            report.find(Wrong::Inserted, Some(place), Some(event.key), text);
        }
    }
}
