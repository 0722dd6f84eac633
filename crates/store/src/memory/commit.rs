//! A commit: judged in full, then applied.

use std::collections::BTreeSet;

use crate::commit::{Commit, Committed, Conflict, Instant, Key, NO_DATE, Put};
use crate::query::{Change, Content, Erasure};

use super::claims;
use super::erase::erase;
use super::expect;
use super::ledger;
use super::numbers;
use super::state::{Row, State};

impl State {
    /// Judges a commit in the order that [`Commit`] states, and applies it when nothing speaks against it.
    pub(super) fn commit(&mut self, commit: Commit, now: Instant) -> Result<Committed, Conflict> {
        let at = now.max(self.last_at);
        let view = self.view(commit.tenant);
        no_key_twice(&commit)?;
        commit.expect.iter().try_for_each(|expected| expect::judge(&view, expected))?;
        let claims = claims::judge(&view.tenant.claims, &commit.release, &commit.claim, at)?;
        let accounts = ledger::judge(&view.tenant.accounts, &commit.post)?;
        let (numbers, drawn) = numbers::judge(&view.tenant.numbers, &commit.number)?;
        let open_jobs = view.tenant.jobs.judge(&commit.finish)?;

        self.last_at = at;
        let (versions, created): (Vec<_>, Vec<_>) = self.write_rows(&commit, at).into_iter().unzip();
        let tenant = self.tenant(commit.tenant);
        let erasures: Vec<Erasure> = commit.erase.iter().map(|asked| erase(tenant, asked)).collect();
        let erased = erasures.iter().map(|erasure| erasure.versions).collect();
        tenant.sequence += 1;
        tenant.claims = claims;
        tenant.accounts = accounts;
        tenant.numbers = numbers;
        tenant.jobs = open_jobs;
        let jobs = commit.job.iter().map(|job| tenant.jobs.add(job.clone())).collect();
        tenant.cursors.extend(commit.advance);
        let trails =
            commit.trails.into_iter().map(|(tenant, audit)| Commit { audit, ..Commit::new(tenant, &*commit.actor, &*commit.reason) });
        let trails: Vec<Commit> = trails.collect();
        let (sequence, written) = (tenant.sequence, written(&commit.put, commit.delete, &commit.audit, &versions));
        tenant.changes.push(Change {
            sequence,
            at,
            actor: commit.actor,
            reason: commit.reason,
            versions: written,
            erased: erasures.into_iter().filter(|erasure| erasure.versions > 0).collect(),
            events: commit.event,
        });
        // They expect nothing, and no key stands in them twice: nothing refuses them.
        trails.into_iter().try_for_each(|trail| self.commit(trail, at).map(drop))?;
        Ok(Committed { sequence, at, versions, created, erased, numbers: drawn, jobs })
    }

    /// Writes the versions, and says their numbers, 0 for a deletion that was passed over, and whether each brought its resource into being.
    fn write_rows(&mut self, commit: &Commit, at: Instant) -> Vec<(u64, bool)> {
        let mut versions = Vec::new();
        for put in &commit.put {
            versions.push(self.write(commit, &put.key, Some(put), at));
        }
        for key in &commit.delete {
            let exists = self.view(commit.tenant).living(key).is_some();
            versions.push(if exists { self.write(commit, key, None, at) } else { (0, false) });
        }
        for put in &commit.audit {
            versions.push(self.write(commit, &put.key, Some(put), at));
        }
        versions
    }

    /// Writes a version, a deletion when there is nothing to put.
    fn write(&mut self, commit: &Commit, key: &Key, put: Option<&Put>, at: Instant) -> (u64, bool) {
        self.last_row += 1;
        let number = self.last_row;
        let view = self.view(commit.tenant);
        let before = view.last(key);
        let version = before.map_or(0, |row| row.version) + 1;
        let resource = before.map_or(number, |row| row.resource);
        let created = before.is_none_or(Row::is_deleted);
        let content = match put {
            Some(put) => Content::Resource { text: put.body.stamped(version, at).into(), created },
            None => Content::Deleted,
        };
        let entries = put.map(|put| put.entries.clone()).unwrap_or_default();
        let date = put.map_or(NO_DATE, |put| put.date);
        self.tenant(commit.tenant).rows.push(Row {
            number,
            key: key.clone(),
            version,
            at,
            content,
            entries,
            date,
            resource,
            is_erased: false,
        });
        (version, created && put.is_some())
    }
}

fn no_key_twice(commit: &Commit) -> Result<(), Conflict> {
    let mut seen = BTreeSet::new();
    let keys = commit.put.iter().map(|put| &put.key).chain(&commit.delete).chain(commit.audit.iter().map(|put| &put.key));
    let keys = keys.chain(commit.erase.iter().map(|erase| &erase.key));
    let mut told = BTreeSet::new();
    let trails = commit.trails.iter().flat_map(|(tenant, audit)| audit.iter().map(move |put| (*tenant, &put.key)));
    let twice = keys.into_iter().find(|key| !seen.insert(*key));
    match twice.or_else(|| trails.into_iter().find(|told_to| !told.insert(*told_to)).map(|(_, key)| key)) {
        Some(key) => Err(Conflict::Twice(key.clone())),
        None => Ok(()),
    }
}

/// The versions as the change feed tells them.
fn written(put: &[Put], delete: Vec<Key>, audit: &[Put], versions: &[u64]) -> Vec<(Key, u64, bool)> {
    let deleted = delete.into_iter().map(|key| (key, true));
    let keys = put.iter().map(|put| (put.key.clone(), false)).chain(deleted).chain(audit.iter().map(|put| (put.key.clone(), false)));
    let numbered = keys.zip(versions).map(|((key, is_deletion), version)| (key, *version, is_deletion));
    numbered.filter(|(_, version, _)| *version > 0).collect()
}
