//! A ledger against a database: nothing lost, nothing half, nothing that was refused, nothing that nobody sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::ledger::{Effect, Keeper, Ledger, Operation, Outcome};
use crate::raw::{Raw, Version};

/// How much of an operation is in the database.
enum Found {
    All,
    Nothing,
    Half(String),
}

/// The versions, by what tells them apart.
struct Versions<'a> {
    by_mark: BTreeMap<&'a str, &'a Version>,
    /// The deletions of each resource that no operation has accounted for yet, oldest first.
    deletions: BTreeMap<String, VecDeque<&'a Version>>,
    /// The last version of each resource that an operation has accounted for.
    last: BTreeMap<String, u64>,
}

impl Keeper {
    /// Judges the ledger against the database, and notes what became of the operations that no answer came to: from now on, they are as they were
    /// found. Gives the ledger after that.
    ///
    /// # Panics
    /// With everything that is wrong.
    pub fn judge(&self, raw: &Raw) -> Ledger {
        let ledger = self.ledger();
        match ledger.judge(raw) {
            Err(problems) => panic!("{} of {} operations:\n{}", problems.len(), ledger.operations.len(), problems.join("\n")),
            Ok(resolved) => resolved.iter().for_each(|(name, outcome)| self.ended(name, *outcome)),
        }
        self.ledger()
    }
}

impl Ledger {
    /// What was acknowledged by the time of this ledger and is not whole in a database that may be of a later time: a copy of it.
    pub fn missing_in(&self, raw: &Raw) -> Vec<String> {
        let mut versions = Versions::of(raw);
        let is_there = |operation: &&Operation| matches!(operation.outcome, Outcome::Done | Outcome::Applied);
        let missing = self.operations.iter().filter(is_there).filter(|operation| !matches!(versions.find(&operation.effects), Found::All));
        missing.map(|operation| operation.name.clone()).collect()
    }

    /// What became of the operations that no answer came to; what is wrong, when something is.
    ///
    /// # Errors
    /// A line for each operation that is lost, half there or there although it was refused, and for each version that nobody sent.
    pub fn judge(&self, raw: &Raw) -> Result<Vec<(String, Outcome)>, Vec<String>> {
        let mut versions = Versions::of(raw);
        let (mut problems, mut resolved) = (Vec::new(), Vec::new());
        let (may_be_there, must_be_absent): (Vec<_>, Vec<_>) =
            self.operations.iter().partition(|operation| !matches!(operation.outcome, Outcome::Refused | Outcome::Dropped));
        for Operation { name, outcome, effects } in may_be_there {
            match (outcome, versions.find(effects)) {
                (_, Found::Half(what)) => problems.push(format!("{name} is half there: {what}")),
                (Outcome::Unknown, Found::All) => resolved.push((name.clone(), Outcome::Applied)),
                (Outcome::Unknown, Found::Nothing) => resolved.push((name.clone(), Outcome::Dropped)),
                (Outcome::Done, Found::Nothing) => problems.push(format!("{name} was acknowledged and is lost")),
                (_, Found::Nothing) => problems.push(format!("{name} was there after a restart and is lost")),
                (_, Found::All) => {}
            }
        }
        // What stays dropped may have been sent again under another name, which has taken its marks by now.
        for operation in must_be_absent.iter().filter(|operation| versions.has_any(&operation.effects)) {
            let name = &operation.name;
            problems.push(match operation.outcome {
                Outcome::Refused => format!("{name} was refused and is there"),
                _ => format!("{name} was not there after a restart and is now"),
            });
        }
        problems.extend(versions.unsent());
        if problems.is_empty() { Ok(resolved) } else { Err(problems) }
    }
}

impl<'a> Versions<'a> {
    fn of(raw: &'a Raw) -> Self {
        let mut versions = Self { by_mark: BTreeMap::new(), deletions: BTreeMap::new(), last: BTreeMap::new() };
        for version in &raw.versions {
            match version.mark() {
                Some(mark) => {
                    let before = versions.by_mark.insert(mark, version);
                    assert!(before.is_none(), "{mark} is there twice");
                }
                None if version.text.is_none() => versions.deletions.entry(version.key()).or_default().push_back(version),
                None => {}
            }
        }
        versions
    }

    /// Whether a version is left that one of the effects would have written. Deletions that are left are told at the end, whoever did them.
    fn has_any(&self, effects: &[Effect]) -> bool {
        effects.iter().any(|effect| match effect {
            Effect::Written(_, mark) | Effect::Created(mark) => self.by_mark.contains_key(mark.as_str()),
            Effect::Deleted(_) => false,
        })
    }

    /// Takes out what an operation has written.
    fn find(&mut self, effects: &[Effect]) -> Found {
        let found: Vec<Option<&Version>> = effects.iter().map(|effect| self.take(effect)).collect();
        let there: Vec<&Version> = found.iter().flatten().copied().collect();
        if there.is_empty() {
            return Found::Nothing;
        }
        if there.len() < effects.len() {
            let missing = effects.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(effect, _)| effect.to_string());
            return Found::Half(format!("without {}", missing.collect::<Vec<_>>().join(", ")));
        }
        let commits: BTreeSet<_> = there.iter().map(|version| (version.tenant, version.sequence)).collect();
        if commits.len() > 1 {
            return Found::Half(format!("in the commits {commits:?}"));
        }
        for (effect, version) in effects.iter().zip(&there) {
            let last = self.last.insert(version.key(), version.version).unwrap_or(0);
            if effect.key().is_some_and(|key| key != version.key()) || version.version <= last {
                return Found::Half(format!("{effect} is version {} of {}, after {last}", version.version, version.key()));
            }
        }
        Found::All
    }

    fn take(&mut self, effect: &Effect) -> Option<&'a Version> {
        match effect {
            Effect::Written(_, mark) | Effect::Created(mark) => self.by_mark.remove(mark.as_str()),
            Effect::Deleted(key) => self.deletions.get_mut(key)?.pop_front(),
        }
    }

    /// What is left: written, and by nobody.
    fn unsent(self) -> impl Iterator<Item = String> {
        let deletions = self.deletions.into_values().flatten();
        let versions = self.by_mark.into_values().chain(deletions);
        versions.map(|version| format!("nobody sent version {} of {}, or it was refused", version.version, version.key()))
    }
}
