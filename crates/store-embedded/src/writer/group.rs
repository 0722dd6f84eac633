//! A group of commits: one transaction of the truth, one sync, one batch of the index.
//!
//! Each commit is judged against what the ones before it in the group have done ([`Changes`]). One that is refused
//! leaves nothing: what it may have done to the guarded tables is undone by a savepoint, and its versions are not
//! written before everything else of it went well.

use std::collections::HashMap;

use rusqlite::Connection;
use store::commit::{Commit, CommitError, Committed, Conflict, Instant, Key, Sequence, Tenant};
use store::contract::Extract;

use super::foreseen::Foreseen;
use super::prepared::{Prepared, PreparedPut};
use super::{claims, erase, expect, ledger, numbers, work};
use crate::error::StoreError;
use crate::index::head::Head;
use crate::index::update::Changes;
use crate::index::{Index, Snapshot};
use crate::shared::Shared;
use crate::truth::feed::CommitRow;
use crate::truth::log::{self, LogRow, State};
use crate::truth::sql;

/// Why a commit of the group was not applied.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It alone is refused.
    Conflict(Conflict),
    /// It alone cannot be judged.
    Alone(CommitError),
    /// The engine failed: the whole group is lost.
    Broken(StoreError),
}

impl From<Conflict> for Refusal {
    fn from(conflict: Conflict) -> Self {
        Refusal::Conflict(conflict)
    }
}

/// Before anything is written, only a failure of the database itself is the group's: one of the index leaves a commit unjudged.
impl<E: Into<StoreError>> From<E> for Refusal {
    fn from(e: E) -> Self {
        match e.into() {
            e @ StoreError::Truth(_) => Refusal::Broken(e),
            e => Refusal::Alone(e.into()),
        }
    }
}

/// How far a tenant is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Last {
    /// Its last commit.
    pub(crate) sequence: Sequence,
    /// The number of its last job.
    pub(crate) job: u64,
}

/// A group while it is made.
pub(crate) struct Group<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) shared: &'a Shared,
    extract: &'a dyn Extract,
    /// Whether it writes a resource that defines parameters.
    pub(crate) defines: bool,
    pub(super) index: &'a Index,
    pub(crate) snapshot: Snapshot,
    /// What was looked up for the commit that is being applied.
    foreseen: Option<Foreseen>,
    /// The moment of the group, and so of its commits.
    pub(crate) at: Instant,
    /// How far the tenants were before the group.
    before: &'a HashMap<Tenant, Last>,
    /// Those that the group has moved.
    pub(crate) moved: HashMap<Tenant, Last>,
    pub(crate) next_row: u64,
    pub(crate) changes: Changes,
}

impl<'a> Group<'a> {
    /// Begins a group, and its transaction.
    pub(crate) fn begin(
        connection: &'a Connection,
        (shared, extract): (&'a Shared, &'a dyn Extract),
        index: &'a Index,
        before: &'a HashMap<Tenant, Last>,
        next_row: u64,
        at: Instant,
    ) -> rusqlite::Result<Self> {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let (snapshot, moved, changes) = (index.snapshot(), HashMap::new(), Changes::default());
        Ok(Self { connection, shared, extract, defines: false, index, snapshot, foreseen: None, at, before, moved, next_row, changes })
    }

    /// How far a tenant is.
    fn last(&self, tenant: Tenant) -> Last {
        self.moved.get(&tenant).or_else(|| self.before.get(&tenant)).copied().unwrap_or_default()
    }

    /// The current version of a resource, as the group has left it so far.
    pub(crate) fn head(&self, tenant: Tenant, key: &Key) -> Result<Option<Head>, StoreError> {
        match self.changes.get(tenant, key) {
            Some(touched) => Ok(Some(touched.head)),
            None => match self.foreseen.as_ref().and_then(|foreseen| foreseen.head(self.index, tenant, key)) {
                Some(head) => Ok(head),
                None => self.snapshot.head(tenant, key),
            },
        }
    }

    /// Applies a commit, or leaves everything as it was.
    pub(crate) fn apply(&mut self, mut prepared: Prepared) -> Result<Committed, Refusal> {
        let tenant = prepared.commit.tenant;
        self.foreseen = prepared.foreseen.take();
        let last = self.last(tenant);
        let sequence = last.sequence + 1;
        let guarded = touches_guarded_tables(&prepared.commit);
        if guarded {
            self.connection.prepare_cached("SAVEPOINT one")?.execute([])?;
        }
        let judged = self.judge(&prepared, last);
        if guarded {
            if judged.is_err() {
                self.connection.prepare_cached("ROLLBACK TO one")?.execute([])?;
            }
            self.connection.prepare_cached("RELEASE one")?.execute([])?;
        }
        let (numbers, jobs) = judged?;
        let erase = std::mem::take(&mut prepared.commit.erase);
        let trails = std::mem::take(&mut prepared.trails);
        let (actor, reason) = (prepared.commit.actor.clone(), prepared.commit.reason.clone());
        let (versions, created): (Vec<_>, Vec<_>) = self.write(prepared, sequence).map_err(Refusal::Broken)?.into_iter().unzip();
        self.defines |= erase.iter().any(|erase| Some(erase.key.kind) == self.extract.definitions());
        let erased = erase::apply(self, tenant, sequence, &erase).map_err(Refusal::Broken)?;
        let job = jobs.last().copied().unwrap_or(last.job);
        self.moved.insert(tenant, Last { sequence, job });
        // What was looked up is of the commit's own tenant.
        self.foreseen = None;
        for (tenant, audit) in trails {
            self.tell(Commit::new(tenant, &*actor, &*reason), audit).map_err(Refusal::Broken)?;
        }
        Ok(Committed { sequence, at: self.at, versions, created, erased, numbers, jobs })
    }

    /// Writes what is told in the trail of another tenant: a commit of that tenant, which nothing refuses.
    fn tell(&mut self, commit: Commit, audit: Vec<PreparedPut>) -> Result<(), StoreError> {
        let (tenant, last) = (commit.tenant, self.last(commit.tenant));
        let sequence = last.sequence + 1;
        let nothing = (Vec::new(), Vec::new());
        let told = Prepared { commit, put: nothing.0, audit, trails: nothing.1, twice: None, bytes: 0, foreseen: None };
        self.write(told, sequence)?;
        self.moved.insert(tenant, Last { sequence, ..last });
        Ok(())
    }

    /// Everything that may refuse the commit, in the order that the contract states. Gives the numbers drawn, and those of the jobs.
    fn judge(&self, prepared: &Prepared, last: Last) -> Result<(Vec<u64>, Vec<u64>), Refusal> {
        let commit = &prepared.commit;
        if let Some(key) = &prepared.twice {
            return Err(Conflict::Twice(key.clone()).into());
        }
        let told = prepared.trails.iter().flat_map(|(_, told)| told);
        for put in prepared.put.iter().chain(&prepared.audit).chain(told) {
            put.key_for.as_ref().map_or(Ok(()), |key_for| key_for.judge(&put.key))?;
        }
        expect::judge(self, commit)?;
        claims::apply(self.connection, commit, self.at)?;
        ledger::apply(self.connection, commit, last.sequence + 1)?;
        let numbers = numbers::draw(self.connection, commit)?;
        let jobs = work::apply(self.connection, commit, last.job)?;
        Ok((numbers, jobs))
    }

    /// Writes the versions and the commit. Gives the numbers of the versions, and whether each brought its resource into being.
    fn write(&mut self, prepared: Prepared, sequence: Sequence) -> Result<Vec<(u64, bool)>, StoreError> {
        let Prepared { commit, put, audit, .. } = prepared;
        let first_row = self.next_row;
        let mut versions = Vec::with_capacity(put.len() + commit.delete.len() + audit.len());
        for each in put {
            versions.push(self.put(commit.tenant, each, sequence)?);
        }
        for key in &commit.delete {
            versions.push((self.delete(commit.tenant, key, sequence)?, false));
        }
        for each in audit {
            versions.push(self.put(commit.tenant, each, sequence)?);
        }
        let row = CommitRow { at: self.at, first_row, row_count: self.next_row - first_row };
        append_commit(self.connection, &commit, sequence, row)?;
        Ok(versions)
    }

    fn put(&mut self, tenant: Tenant, mut put: PreparedPut, sequence: Sequence) -> Result<(u64, bool), StoreError> {
        put.renew(tenant, (self.extract, self.index), &self.shared.bodies)?;
        let before = self.head(tenant, &put.key)?;
        let state = if before.is_none_or(|before| before.is_deleted()) { State::Created } else { State::Updated };
        let body = put.body(tenant, version_after(before))?;
        let head = self.append(tenant, &put.key, before, state, Some(body), sequence)?;
        self.defines |= Some(put.key.kind) == self.extract.definitions();
        let foreseen = self.foreseen.as_ref().filter(|foreseen| foreseen.has_entries_of(self.index, tenant, head.resource));
        let changes = put.changes.take().filter(|_| foreseen.is_some());
        let listed = put.listed(head.resource);
        self.changes.add(tenant, put.key, (before, head), Some(listed), changes);
        Ok((head.version, state == State::Created))
    }

    /// Writes a deletion; 0 when there is nothing to delete.
    fn delete(&mut self, tenant: Tenant, key: &Key, sequence: Sequence) -> Result<u64, StoreError> {
        let Some(before) = self.head(tenant, key)?.filter(|before| !before.is_deleted()) else {
            return Ok(0);
        };
        let head = self.append(tenant, key, Some(before), State::Deleted, None, sequence)?;
        self.defines |= Some(key.kind) == self.extract.definitions();
        self.changes.add(tenant, key.clone(), (Some(before), head), None, None);
        Ok(head.version)
    }

    fn append(
        &mut self,
        tenant: Tenant,
        key: &Key,
        before: Option<Head>,
        state: State,
        body: Option<log::Packed>,
        sequence: Sequence,
    ) -> Result<Head, StoreError> {
        let row = self.next_row;
        let head = Head { resource: before.map_or(row, |before| before.resource), row, version: version_after(before), at: self.at, state };
        let log_row = LogRow { row, tenant, resource: head.resource, key: key.clone(), version: head.version, state, at: self.at, body };
        log::append(self.connection, sequence, &log_row)?;
        self.next_row += 1;
        Ok(head)
    }

    /// Moves the tenants to their last commits; the last thing before the transaction is committed.
    pub(crate) fn move_tenants(&self) -> rusqlite::Result<()> {
        for (tenant, last) in &self.moved {
            self.connection.prepare_cached(sql::UPSERT_TENANT)?.execute((tenant.0, last.sequence as i64, self.at, last.job as i64))?;
        }
        Ok(())
    }
}

/// The number of the version that comes after this one.
fn version_after(before: Option<Head>) -> u64 {
    before.map_or(1, |before| before.version + 1)
}

fn append_commit(connection: &Connection, commit: &Commit, sequence: Sequence, row: CommitRow) -> rusqlite::Result<()> {
    connection.prepare_cached(sql::INSERT_COMMIT)?.execute((
        commit.tenant.0,
        sequence as i64,
        row.at,
        &commit.actor,
        &commit.reason,
        row.first_row as i64,
        row.row_count as i64,
    ))?;
    let mut statement = connection.prepare_cached(sql::INSERT_EVENT)?;
    for (ordinal, event) in commit.event.iter().enumerate() {
        statement.execute((commit.tenant.0, sequence as i64, ordinal as i64, &event.topic, &event.payload[..]))?;
    }
    Ok(())
}

/// Whether it writes to tables other than the log before it is known to be applied.
fn touches_guarded_tables(commit: &Commit) -> bool {
    !(commit.claim.is_empty()
        && commit.release.is_empty()
        && commit.post.is_empty()
        && commit.number.is_empty()
        && commit.job.is_empty()
        && commit.finish.is_empty()
        && commit.advance.is_empty())
}
