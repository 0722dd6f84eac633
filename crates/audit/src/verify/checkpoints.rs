//! Checkpoints: signed, in order, none missing, none contradicting another.

use std::collections::BTreeMap;

use super::{Evidence, Report, Wrong};
use crate::checkpoint::{self, Checkpoint};
use crate::merkle::Hash;
use crate::notary;

/// All checkpoints that are signed with the key, by their sizes: the roots that the events up to there must have.
pub(super) fn signed(evidence: &Evidence<'_>, report: &mut Report) -> BTreeMap<u64, Signed> {
    let own = in_order(evidence, report);
    let mut all: BTreeMap<u64, Signed> = BTreeMap::new();
    let mut numbers: BTreeMap<u64, Hash> = BTreeMap::new();
    // What a restore took away is signed, and no longer there.
    let restores: Vec<&Checkpoint> =
        own.iter().map(|(checkpoint, _)| checkpoint).filter(|checkpoint| checkpoint.restored_from.is_some()).collect();
    let is_there =
        |checkpoint: &Checkpoint| !restores.iter().any(|restore| checkpoint.number < restore.number && checkpoint.size > restore.size);
    report.restored = restores.iter().filter_map(|restore| Some((restore.restored_from?, restore.size))).collect();
    for (checkpoint, hash) in &own {
        numbers.insert(checkpoint.number, *hash);
        if is_there(checkpoint) {
            add(&mut all, checkpoint, report);
        }
    }
    report.checkpoints = own.len() as u64;
    for (place, note) in evidence.witnessed.iter().enumerate() {
        let Some(checkpoint) = open(evidence, place, note, "of a witness", report) else { continue };
        let number = checkpoint.number;
        match numbers.get(&number) {
            Some(hash) if *hash == checkpoint::hash(note) => {}
            Some(_) => {
                let text = format!("checkpoint {number} is another one than a witness has");
                report.find(Wrong::DisorderedCheckpoints, Some(number), None, text);
            }
            None => {
                let text = format!("checkpoint {number}, which a witness has, is missing");
                report.find(Wrong::DisorderedCheckpoints, Some(number), None, text);
            }
        }
        if is_there(&checkpoint) {
            add(&mut all, &checkpoint, report);
        }
    }
    all
}

/// A root that was signed, and by which checkpoint.
pub(super) struct Signed {
    pub(super) root: Hash,
    pub(super) number: u64,
}

fn add(all: &mut BTreeMap<u64, Signed>, checkpoint: &Checkpoint, report: &mut Report) {
    // Of nothing there is nothing to compare: a backup from before the first event.
    if checkpoint.size == 0 {
        return;
    }
    let (number, root) = (checkpoint.number, checkpoint.root);
    let known = all.entry(checkpoint.size).or_insert(Signed { root, number });
    if known.root != root {
        let text = format!("checkpoints {} and {number} sign different trails of {} events", known.number, checkpoint.size);
        report.find(Wrong::Forked, Some(number), None, text);
    }
}

/// The server's own checkpoints, each with its hash.
fn in_order(evidence: &Evidence<'_>, report: &mut Report) -> Vec<(Checkpoint, Hash)> {
    let mut all: Vec<(Checkpoint, Hash)> = Vec::new();
    // After one that cannot be read it is not known what comes next.
    let mut is_known = true;
    for (place, note) in evidence.checkpoints.iter().enumerate() {
        let Some(checkpoint) = open(evidence, place, note, "of the server", report) else {
            is_known = false;
            continue;
        };
        let (number, previous) = all.last().map_or((1, Hash::default()), |(last, hash)| (last.number + 1, *hash));
        let grows = all.last().is_none_or(|(last, _)| {
            let is_larger = match checkpoint.restored_from {
                None => checkpoint.size > last.size,
                Some(before) => before == last.size,
            };
            is_larger && checkpoint.at >= last.at
        });
        let follows = checkpoint.number == number && checkpoint.previous == previous;
        if !grows || is_known && !follows {
            let text = format!(
                "checkpoint {} stands where checkpoint {number} should: one is missing, put in, or out of order",
                checkpoint.number
            );
            report.find(Wrong::DisorderedCheckpoints, Some(place as u64), None, text);
        }
        is_known = true;
        all.push((checkpoint, checkpoint::hash(note)));
    }
    all
}

fn open(evidence: &Evidence<'_>, place: usize, note: &str, whose: &str, report: &mut Report) -> Option<Checkpoint> {
    let found = Checkpoint::open(note, evidence.verifier);
    let text = match &found {
        Ok(checkpoint) if checkpoint.origin == notary::origin(evidence.verifier.name(), evidence.tenant) => return found.ok(),
        Ok(_) => "it is of another trail".to_owned(),
        Err(error) => error.to_string(),
    };
    let text = format!("the checkpoint {whose} at place {place}: {text}");
    report.find(Wrong::BadCheckpoint, Some(place as u64), None, text);
    None
}
