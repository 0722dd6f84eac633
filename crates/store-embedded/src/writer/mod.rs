//! The writer: one thread that takes all that waits, applies it as one group, syncs once and answers all.
//!
//! - [`queue`]: what waits.
//! - [`prepared`]: a commit, compressed and encoded by whoever brought it.
//! - [`foreseen`]: what it finds in the index, looked up beforehand.
//! - [`group`]: one transaction.
//! - [`erase`]: what a commit removes for good.
//! - [`resealing`]: bodies that were sealed anew.
//! - [`write_ahead`]: when the write-ahead log is written back.
//! - [`expect`], [`claims`], [`ledger`], [`numbers`], [`work`]: the parts of a commit that can refuse it.

pub(crate) mod claims;
pub(crate) mod definitions;
pub(crate) mod erase;
pub(crate) mod expect;
pub(crate) mod foreseen;
pub(crate) mod group;
pub(crate) mod ledger;
pub(crate) mod numbers;
pub(crate) mod prepared;
pub(crate) mod queue;
pub(crate) mod resealing;
pub(crate) mod work;
pub(crate) mod write_ahead;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use store::commit::{CommitError, Committed, Tenant};
use store::contract::{Clock, Extract};
use store::query::DueJob;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};

use crate::backup::segment::Reached;
use crate::error::{Result, StoreError};
use crate::index::replay;
use crate::index::update::Grown;
use crate::options::OnFatal;
use crate::shared::Shared;
use crate::truth::{self, sql};
use group::{Group, Last, Refusal};
use queue::{NewIndex, Order};
use write_ahead::WriteAhead;

/// How many commits go into a group at most.
const MOST_COMMITS: usize = 1024;

/// How many versions a group has before no more commits are taken into it.
const MOST_VERSIONS: usize = 4096;

/// How many bytes a group has before no more commits are taken into it.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The writer's side of the store.
pub(crate) struct Writer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) connection: Connection,
    pub(crate) extract: Arc<dyn Extract>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) on_fatal: OnFatal,
    pub(crate) applied: watch::Sender<u64>,
    pub(crate) tenants: HashMap<Tenant, Last>,
    pub(crate) next_row: u64,
    /// When the last commit was applied.
    pub(crate) last_at: store::commit::Instant,
    pub(crate) grown: Grown,
    /// Wakes the indexer.
    pub(crate) indexer: std::sync::mpsc::Sender<()>,
    pub(crate) write_ahead: WriteAhead,
    /// [`crate::Options::answers_early`].
    pub(crate) answers_early: Option<Duration>,
}

/// An answer that goes out once the group is durable.
enum Answer {
    Commit(oneshot::Sender<std::result::Result<Committed, CommitError>>, std::result::Result<Committed, CommitError>),
    Take(oneshot::Sender<std::result::Result<Vec<DueJob>, CommitError>>, Vec<DueJob>),
}

impl Writer {
    /// Works until it is told to stop, or everybody who could ask is gone.
    pub(crate) fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut waiting = VecDeque::new();
        while let Some(first) = orders.blocking_recv() {
            waiting.push_back(first);
            gather(&mut waiting, &mut orders);
            while !waiting.is_empty() {
                match self.work(&mut waiting) {
                    Ok(true) => {}
                    Ok(false) => return self.close(),
                    Err(e) => return self.fail(&e),
                }
            }
        }
        self.close();
    }

    /// Does what comes first: a group of commits, or something else. Says whether to go on.
    fn work(&mut self, waiting: &mut VecDeque<Order>) -> Result<bool> {
        match waiting.pop_front() {
            None | Some(Order::Keep) => {}
            Some(Order::Close) => return Ok(false),
            Some(Order::Dictionary(bytes)) => self.keep_dictionary(&bytes)?,
            Some(Order::Adopt(new, answer)) => {
                let adopted = self.adopt(*new);
                let failed = matches!(&adopted, Err(StoreError::Truth(e)) if !write_ahead::is_passing(e));
                answer.send(adopted).ok();
                if failed {
                    return Err(StoreError::Io(std::io::Error::other("a new index was not put in use")));
                }
            }
            Some(Order::Reseal(bodies, answer)) => self.reseal(&bodies, answer)?,
            Some(Order::DropDictionaries(answer)) => self.drop_dictionaries(answer)?,
            Some(Order::Index(step, answer)) => drop(answer.send(self.index(*step)?)),
            Some(order) => {
                waiting.push_front(order);
                return self.group(waiting).map(|()| true);
            }
        }
        self.keep_log().map(|()| true)
    }

    /// Applies the commits at the front as one group, and answers them.
    fn group(&mut self, waiting: &mut VecDeque<Order>) -> Result<()> {
        let index = self.shared.index();
        if let Err(e) = index.tree.wait_for_room() {
            refuse_all(waiting, &e);
            return Ok(());
        }
        let at = self.clock.now().max(self.last_at);
        let with = (&*self.shared, &*self.extract);
        let mut group = Group::begin(&self.connection, with, &index, &self.tenants, self.next_row, at)?;
        let (mut answers, mut rooms) = (Vec::new(), Vec::new());
        let mut failure = None;
        while failure.is_none()
            && let Some(order) = waiting.pop_front_if(|order| erase::joins(order, answers.len()))
        {
            let is_alone = erase::erases(&order);
            let (answer, failed) = take_in(&mut group, order, &mut rooms);
            answers.extend(answer);
            failure = failed;
            if is_alone {
                break;
            }
        }
        if let Some(ahead) = self.answers_early {
            answers.drain(..).for_each(Answer::send);
            std::thread::sleep(ahead);
        }
        let defines = group.defines;
        let (moved, next_row, changes, at) = match failure {
            None => match durable(&group, &self.shared) {
                Ok(()) => (group.moved, group.next_row, group.changes, group.at),
                Err(e) => return self.undo(e, answers),
            },
            Some(e) => return self.undo(e, answers),
        };
        let count =
            moved.iter().map(|(tenant, last)| last.sequence - self.tenants.get(tenant).map_or(0, |last| last.sequence)).sum::<u64>();
        self.tenants.extend(moved);
        if count > 0 {
            self.last_at = at;
        }
        self.next_row = next_row;
        if !changes.is_empty() {
            let erased: Vec<u64> = changes.erased_rows().collect();
            changes.write(&index, &mut self.grown, next_row - 1)?;
            if !erased.is_empty() {
                self.shared.forget(erased.into_iter());
                self.write_ahead.holds_erased = true;
            }
        }
        if defines {
            self.define(&index)?;
        }
        // What was erased is out of it before the erase is answered, and a sync that fails here is the end before anybody is told that all is well.
        self.keep_log()?;
        drop(rooms);
        answers.into_iter().for_each(Answer::send);
        if count > 0 {
            self.applied.send_modify(|applied| *applied += count);
        }
        Ok(())
    }

    /// Undoes a group. When the disk is full, it tells so and goes on; anything else is the end.
    fn undo(&self, e: StoreError, answers: Vec<Answer>) -> Result<()> {
        if !e.is_full() {
            return Err(e);
        }
        if !self.connection.is_autocommit() {
            self.connection.prepare_cached("ROLLBACK")?.execute([])?;
        }
        tracing::error!("the disk is full: {} commits were refused", answers.len());
        answers.into_iter().for_each(Answer::refuse);
        Ok(())
    }

    fn keep_dictionary(&self, bytes: &[u8]) -> Result<()> {
        let number = self.shared.bodies.dictionaries.newest() + 1;
        match self.connection.prepare_cached(sql::INSERT_DICTIONARY)?.execute((number, bytes)) {
            Ok(_) => self.shared.bodies.dictionaries.add(number, bytes),
            // Without it, bodies take more room: not a reason to stop.
            Err(e) if write_ahead::is_passing(&e) => tracing::warn!("a dictionary was not kept: {e}"),
            Err(e) => return Err(e.into()),
        }
        Ok(())
    }

    /// Brings a new index up to the last row and puts it in the place of the one in use.
    fn adopt(&mut self, NewIndex { index, number, redefined }: NewIndex) -> Result<()> {
        if index.erasures()? != truth::log::last_erasure(&self.connection)? {
            return Err(StoreError::Erased);
        }
        replay::catch_up(&self.connection, &self.shared.bodies, &index, &*self.extract, &mut |_| {})?;
        let now = self.shared.redefined.load(std::sync::atomic::Ordering::Acquire);
        truth::set_meta(&self.connection, "index", number as i64)?;
        self.grown = Grown::default();
        self.redefine(&index, |custom| if redefined == now { custom } else { custom.doubted() })?;
        self.shared.set_index(index);
        Ok(())
    }

    /// Says how far the log is, and writes it back when it is time.
    pub(crate) fn keep_log(&mut self) -> Result<()> {
        let mut commits: Vec<_> = self.tenants.iter().map(|(tenant, last)| (*tenant, last.sequence)).collect();
        commits.sort_unstable();
        Ok(self.write_ahead.keep(&self.connection, || Reached { at: self.last_at, commits })?)
    }

    /// Leaves the log short and the index on disk, so that the next start is quick. It is no harm when it fails.
    fn close(&mut self) {
        // Whoever waits for the index is told that the store is closed.
        self.shared.show_indexing(None);
        if let Err(e) = self.keep_log() {
            tracing::warn!("the write-ahead log was not written back: {e}");
        }
        self.write_ahead.close(&self.connection);
        if let Err(e) = self.shared.index().tree.flush() {
            tracing::warn!("the index was not written to disk, the next start makes good for it: {e}");
        }
    }

    /// Ends the process: after a failed sync nobody knows what is on the disk, and the next start finds out.
    fn fail(&self, e: &StoreError) {
        tracing::error!("the store stops: {e}");
        (self.on_fatal)(&e.to_string());
    }
}

impl Answer {
    fn send(self) {
        match self {
            Answer::Commit(sender, answer) => {
                sender.send(answer).ok();
            }
            Answer::Take(sender, jobs) => {
                sender.send(Ok(jobs)).ok();
            }
        }
    }

    fn refuse(self) {
        match self {
            Answer::Commit(sender, _) => {
                sender.send(Err(CommitError::Full)).ok();
            }
            Answer::Take(sender, _) => {
                sender.send(Err(CommitError::Full)).ok();
            }
        }
    }
}

/// Tells the commits at the front that there is no room for them.
fn refuse_all(waiting: &mut VecDeque<Order>, e: &StoreError) {
    tracing::error!("commits are refused: {e}");
    while let Some(order) = waiting.pop_front_if(|order| matches!(order, Order::Commit(..) | Order::Take(..))) {
        match order {
            Order::Commit(_, sender, _) => drop(sender.send(Err(CommitError::Full))),
            Order::Take(_, sender) => drop(sender.send(Err(CommitError::Full))),
            Order::Dictionary(_)
            | Order::Adopt(..)
            | Order::Index(..)
            | Order::Reseal(..)
            | Order::DropDictionaries(_)
            | Order::Keep
            | Order::Close => {}
        }
    }
}

/// Takes an order into a group. Gives its answer, and what went wrong with the whole group.
fn take_in(group: &mut Group<'_>, order: Order, rooms: &mut Vec<OwnedSemaphorePermit>) -> (Option<Answer>, Option<StoreError>) {
    match order {
        Order::Commit(prepared, sender, room) => {
            rooms.push(room);
            let (done, failure) = match group.apply(*prepared) {
                Ok(committed) => (Ok(committed), None),
                Err(Refusal::Conflict(conflict)) => (Err(conflict.into()), None),
                Err(Refusal::Alone(e)) => (Err(e), None),
                Err(Refusal::Broken(e)) => (Err(CommitError::Full), Some(e)),
            };
            (Some(Answer::Commit(sender, done)), failure)
        }
        Order::Take(take, sender) => match work::take(group.connection, &take) {
            Ok(jobs) => (Some(Answer::Take(sender, jobs)), None),
            Err(e) => (Some(Answer::Take(sender, Vec::new())), Some(e.into())),
        },
        Order::Dictionary(_)
        | Order::Adopt(..)
        | Order::Index(..)
        | Order::Reseal(..)
        | Order::DropDictionaries(_)
        | Order::Keep
        | Order::Close => (None, None),
    }
}

/// Adds what waits, up to the size of a group. It waits for nobody: those who come while a group is synced are the next one.
fn gather(waiting: &mut VecDeque<Order>, orders: &mut mpsc::UnboundedReceiver<Order>) {
    let size = |order: &Order| match order {
        Order::Commit(prepared, _, _) => (prepared.versions(), prepared.bytes),
        _ => (0, 0),
    };
    let (mut versions, mut bytes) = waiting.iter().map(size).fold((0, 0), |sum, each| (sum.0 + each.0, sum.1 + each.1));
    while waiting.len() < MOST_COMMITS && versions < MOST_VERSIONS && bytes < MOST_BYTES {
        let Ok(order) = orders.try_recv() else { break };
        versions += size(&order).0;
        bytes += size(&order).1;
        waiting.push_back(order);
    }
}

/// Makes a group durable: the keys of what it has sealed first.
fn durable(group: &Group<'_>, shared: &Shared) -> Result<()> {
    shared.bodies.sync_keys()?;
    group.move_tenants()?;
    Ok(commit(group.connection)?)
}

fn commit(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}
