//! Sweeping: records that are worth nothing any more go, and so do earlier versions of those that stay: they have hashes of passwords that were changed.

use std::collections::BTreeSet;

use fhir::{Value, json, object};
use store::commit::{Commit, CommitError, Erase, Expect, Extent, Instant, Key, Release, Sequence};
use store::query::{Filter, Query, Test, Version};

use super::{Directory, DirectoryError, SYSTEM, TENANT, basic, fhir_id};

/// Records are swept by the day on which they end.
const DAY_MS: i64 = 24 * 3_600_000;

/// How many days are looked at again, in case a clock was ahead.
const AGAIN_DAYS: i64 = 7;

/// How many days back the first sweep looks.
const FIRST_DAYS: i64 = 400;

/// How many records go in one commit.
const BATCH: u32 = 100;

/// The cursors: the last day that was swept, and the last commit whose records were trimmed.
const SWEPT: &str = "directory.swept";
const TRIMMED: &str = "directory.trimmed";

/// The identifier by which a record is found that ends at a moment.
pub(super) fn identifier(ends: Instant) -> Value {
    object! { "system": system(), "value": ends.div_euclid(DAY_MS).to_string() }
}

fn system() -> String {
    format!("{SYSTEM}:ends")
}

impl Directory {
    /// Removes records of whatever kind that ended on a day before that of `now`, with all that they ever said; at most about `most`. How many went comes back.
    ///
    /// Fails when the store does; what went before that is gone.
    pub async fn sweep(&self, now: Instant, most: u64) -> Result<u64, DirectoryError> {
        let today = now.div_euclid(DAY_MS);
        let swept = i64::try_from(self.store.cursor(TENANT, SWEPT).await?).unwrap_or(i64::MAX);
        let mut removed = 0;
        for day in (swept - AGAIN_DAYS).max(today - FIRST_DAYS)..today {
            loop {
                let ended = self.ended_on(day).await?;
                if ended.is_empty() {
                    break;
                }
                let mut went = 0;
                for version in &ended {
                    went += u64::from(self.remove_ended(version).await?);
                }
                removed += went;
                // What others change at this moment is left for the next time.
                if removed >= most || went == 0 {
                    return Ok(removed);
                }
            }
        }
        if swept < today {
            let mut done = Commit::new(TENANT, "ward", "sweep");
            done.advance = vec![(SWEPT.to_owned(), Sequence::try_from(today).unwrap_or(0))];
            self.applied(done).await?;
        }
        Ok(removed)
    }

    /// Erases what records of these kinds said before, of those that changed since the last time; at most about `most` records. How many went through it comes back.
    ///
    /// Fails when the store does.
    pub async fn trim(&self, kinds: &[&str], most: u64) -> Result<u64, DirectoryError> {
        let mut trimmed = 0;
        let mut place = self.store.cursor(TENANT, TRIMMED).await?;
        while trimmed < most {
            let changes = self.store.changes(TENANT, place, BATCH).await?;
            let Some(last) = changes.last() else { return Ok(trimmed) };
            place = last.sequence;
            let later = changes.iter().flat_map(|change| &change.versions).filter(|(_, version, deleted)| *version > 1 && !deleted);
            let changed: BTreeSet<&Key> = later.map(|(key, ..)| key).collect();
            let mut commit = Commit::new(TENANT, "ward", "trim");
            for key in changed {
                let current = self.store.read(TENANT, key).await?;
                if current.as_ref().and_then(kind_of).is_some_and(|kind| kinds.contains(&&*kind)) {
                    commit.erase.push(Erase { key: key.clone(), extent: Extent::Past });
                }
            }
            // The commit of the last time is in the feed, too: it alone is no reason for another.
            if commit.erase.is_empty() && changes.len() < BATCH as usize {
                return Ok(trimmed);
            }
            trimmed += commit.erase.len() as u64;
            commit.advance = vec![(TRIMMED.to_owned(), place)];
            self.applied(commit).await?;
        }
        Ok(trimmed)
    }

    /// Erases what a record said before. One that there is not is passed over.
    ///
    /// Fails when the store does.
    pub async fn forget(&self, id: &str) -> Result<(), DirectoryError> {
        let mut commit = Commit::new(TENANT, "ward", "forget");
        commit.erase.extend(fhir_id(id).map(|key| Erase { key, extent: Extent::Past }));
        self.applied(commit).await.map(drop)
    }

    async fn ended_on(&self, day: i64) -> Result<Vec<Version>, DirectoryError> {
        let Some(known) = self.registry.get(basic(), "identifier") else { return Ok(Vec::new()) };
        let test = Test::Token { system: Some(system().into()), code: Some(day.to_string().into()) };
        let query = Query { count: BATCH, ..Query::new(TENANT, basic(), Filter::Match(known.param, test)) };
        Ok(self.store.search(&query).await?.matches)
    }

    /// Removes a record, and frees its names. Whether it went: another may have changed it.
    async fn remove_ended(&self, version: &Version) -> Result<bool, DirectoryError> {
        let mut commit = Commit::new(TENANT, "ward", "sweep");
        commit.expect = vec![Expect::Version(version.key.clone(), version.version)];
        commit.erase = vec![Erase { key: version.key.clone(), extent: Extent::All }];
        commit.release = releases(version);
        let went = self.applied(commit).await?;
        self.watches().changed(&version.key.id);
        Ok(went)
    }

    /// Applies a commit; whether it was not refused.
    async fn applied(&self, commit: Commit) -> Result<bool, DirectoryError> {
        match self.store.commit(commit).await {
            Ok(_) => Ok(true),
            Err(CommitError::Conflict(_)) => Ok(false),
            Err(CommitError::Engine(what)) => Err(DirectoryError::Store(what)),
            Err(_) => Err(DirectoryError::Busy),
        }
    }
}

/// The kind of a record.
fn kind_of(version: &Version) -> Option<String> {
    let resource = json::parse(version.text()?).ok()?;
    let coding = resource.get("code")?.get("coding")?.as_array()?.first()?;
    (coding.get("system")?.as_str()? == SYSTEM).then(|| coding.get("code")?.as_str().map(str::to_owned)).flatten()
}

/// All that a record may be known by: what it is not held by is passed over.
fn releases(version: &Version) -> Vec<Release> {
    let resource = version.text().and_then(|text| json::parse(text).ok());
    let identifiers = resource.as_ref().and_then(|resource| resource.get("identifier")?.as_array());
    let subject = |identifier: &Value| {
        let (kind, name) = identifier.get("system")?.as_str()?.strip_prefix(SYSTEM)?.strip_prefix(':')?.split_once(':')?;
        Some(format!("{kind}|{name}|{}", identifier.get("value")?.as_str()?))
    };
    let holder = version.key.to_string();
    let subjects = identifiers.into_iter().flatten().filter_map(subject);
    subjects.map(|subject| Release { subject, holder: holder.clone() }).collect()
}
