//! The reference engine with a fault built in. It keeps a log of what it was told, and reads it again when it is opened again.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use fhir::definitions::ResourceType;
use futures_util::FutureExt;
use store::Store;
use store::commit::{Claim, Commit, CommitError, Committed, Conflict, Instant, Key, Sequence, Tenant};
use store::contract::{Clock, Pending, ReadError};
use store::entry::{Entry, EntryValue};
use store::memory::MemoryStore;
use store::query::{Answer, Balance, Change, DueJob, Filter, History, HistoryQuery, Page, Query, Subject, Version, Visible};
use store::suite::{Harness, ManualClock};
use tokio::sync::watch;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    DropsAnEntry,
    KeepsOldEntries,
    LosesTheLastCommit,
    ForgetsGuards,
    ForgetsClaims,
    ForgetsLeases,
    CountsThePageOnly,
    RepeatsTheEndOfAPage,
    MixesTenants,
    LosesEvents,
    ForgetsIncludes,
    ForgetsAType,
    GoesBackToTheStart,
    ForgetsWhatIsContained,
    ForgetsReferencesInside,
    LosesScores,
    AnswersOfNow,
    ForgetsToErase,
    KeepsAnswers,
    BringsWhatIsHidden,
    FollowsWhatIsHidden,
    /// Only several clients at once can notice.
    JudgesTooEarly,
    SplitsCommits,
    ReadsStale,
    SearchesLate,
    /// Only a clock that goes back shows it.
    TakesTheClockAsItIs,
}

impl Fault {
    /// Those that one client can notice.
    pub(crate) const ALL: &[Self] = &[
        Fault::DropsAnEntry,
        Fault::KeepsOldEntries,
        Fault::LosesTheLastCommit,
        Fault::ForgetsGuards,
        Fault::ForgetsClaims,
        Fault::ForgetsLeases,
        Fault::CountsThePageOnly,
        Fault::RepeatsTheEndOfAPage,
        Fault::MixesTenants,
        Fault::LosesEvents,
        Fault::ForgetsIncludes,
        Fault::ForgetsAType,
        Fault::GoesBackToTheStart,
        Fault::ForgetsWhatIsContained,
        Fault::ForgetsReferencesInside,
        Fault::LosesScores,
        Fault::AnswersOfNow,
        Fault::ForgetsToErase,
        Fault::KeepsAnswers,
        Fault::BringsWhatIsHidden,
        Fault::FollowsWhatIsHidden,
    ];

    /// Those that only several clients at once can notice.
    pub(crate) const RACING: &[Self] = &[Fault::JudgesTooEarly, Fault::SplitsCommits, Fault::ReadsStale, Fault::SearchesLate];
}

/// What changed the store.
enum Logged {
    Commit(Box<Commit>, Instant),
    Take(Tenant, String, Instant, Instant, u32),
}

type Log = Arc<Mutex<Vec<Logged>>>;

/// Opens a store with a fault, from its log.
pub(crate) struct FaultyHarness {
    fault: Fault,
    log: Log,
}

impl FaultyHarness {
    pub(crate) fn new(fault: Fault) -> Self {
        Self { fault, log: Log::default() }
    }
}

impl Harness for FaultyHarness {
    fn open(&mut self, clock: Arc<dyn Clock>) -> Pending<'_, Arc<dyn Store>> {
        let log: Vec<Logged> = std::mem::take(&mut *self.log.lock().expect("the log"));
        let last = log.iter().rposition(|logged| matches!(logged, Logged::Commit(..)));
        let lost = last.filter(|_| self.fault == Fault::LosesTheLastCommit);
        let own_clock = Arc::new(ManualClock::new(clock.now()));
        let inner = MemoryStore::new(own_clock.clone());
        let store = Faulty {
            fault: self.fault,
            inner,
            own_clock,
            clock,
            log: self.log.clone(),
            old: Mutex::default(),
            stale: Mutex::default(),
            kept: Mutex::default(),
        };
        for (_, logged) in log.into_iter().enumerate().filter(|(place, _)| Some(*place) != lost) {
            store.replay(logged);
        }
        Box::pin(std::future::ready(Arc::new(store) as Arc<dyn Store>))
    }
}

struct Faulty {
    fault: Fault,
    inner: MemoryStore,
    own_clock: Arc<ManualClock>,
    clock: Arc<dyn Clock>,
    log: Log,
    old: Mutex<BTreeMap<(Tenant, Key), Vec<Entry>>>,
    /// What was read last, for every second reader.
    stale: Mutex<BTreeMap<(Tenant, Key), Option<Version>>>,
    kept: Mutex<HashMap<Query, Answer>>,
}

impl Faulty {
    fn log(&self) -> MutexGuard<'_, Vec<Logged>> {
        self.log.lock().expect("the log")
    }

    fn replay(&self, logged: Logged) {
        match logged {
            Logged::Commit(commit, at) => {
                let _ = self.commit_at(*commit, at);
            }
            Logged::Take(tenant, kind, now, until, limit) => {
                let _ = self.take_jobs(tenant, &kind, now, until, limit).now_or_never();
            }
        }
    }

    fn commit_at(&self, commit: Commit, at: Instant) -> Result<Committed, CommitError> {
        self.own_clock.set(at);
        let twisted = self.twisted(commit.clone(), at);
        let result = self.inner.commit(twisted).now_or_never().expect("an answer at once");
        let result = result.map(|committed| match self.fault {
            Fault::TakesTheClockAsItIs => Committed { at, ..committed },
            _ => committed,
        });
        if let Ok(committed) = &result {
            self.log().push(Logged::Commit(Box::new(commit), committed.at));
        }
        result
    }

    /// Judges a commit without applying it: in a copy, what is judged last is made to fail.
    async fn judge(&self, commit: &Commit) -> Result<(), CommitError> {
        let no_job = u64::MAX;
        let mut copy = commit.clone();
        copy.finish.push(no_job);
        self.own_clock.set(self.clock.now());
        match self.inner.commit(copy).await {
            Err(CommitError::Conflict(conflict)) if *conflict == Conflict::Finished(no_job) => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// Applies a commit in two, with room for others between them.
    async fn commit_halves(&self, mut commit: Commit) -> Result<Committed, CommitError> {
        let second = commit.put.split_off(1);
        let (tenant, actor, reason) = (commit.tenant, commit.actor.clone(), commit.reason.clone());
        let first = self.commit_at(commit, self.clock.now())?;
        tokio::task::yield_now().await;
        let second = self.commit_at(Commit { put: second, ..Commit::new(tenant, actor, reason) }, self.clock.now())?;
        let versions = [first.versions, second.versions.clone()].concat();
        Ok(Committed { versions, created: [first.created, second.created.clone()].concat(), ..second })
    }

    /// The commit as the fault makes it.
    fn twisted(&self, mut commit: Commit, at: Instant) -> Commit {
        match self.fault {
            Fault::DropsAnEntry => commit.put.iter_mut().filter(|put| put.entries.len() > 1).for_each(|put| {
                put.entries.pop();
            }),
            Fault::KeepsOldEntries => {
                let mut old = self.old.lock().expect("the old entries");
                for put in &mut commit.put {
                    let kept = old.entry((commit.tenant, put.key.clone())).or_default();
                    kept.extend(put.entries.iter().cloned());
                    kept.sort();
                    kept.dedup();
                    put.entries.clone_from(kept);
                }
            }
            Fault::ForgetsWhatIsContained => {
                let is_own = |entry: &Entry| !matches!(entry.value, EntryValue::Contained { .. });
                commit.put.iter_mut().for_each(|put| put.entries.retain(is_own));
            }
            Fault::ForgetsReferencesInside => {
                let leads_out = |entry: &Entry| !matches!(&entry.value, EntryValue::Local(local) if local.target.contains('#'));
                commit.put.iter_mut().for_each(|put| put.entries.retain(leads_out));
            }
            Fault::ForgetsGuards => commit.post.iter_mut().for_each(|posting| posting.guarded = false),
            Fault::ForgetsClaims => commit.claim.iter_mut().for_each(|claim| claim.lease_until = Some(at)),
            Fault::LosesEvents => commit.event.clear(),
            Fault::ForgetsToErase => commit.erase.clear(),
            _ => {}
        }
        commit.tenant = self.tenant(commit.tenant);
        commit
    }

    fn tenant(&self, tenant: Tenant) -> Tenant {
        if self.fault == Fault::MixesTenants { Tenant(tenant.0 & 0xff) } else { tenant }
    }

    fn twisted_query(&self, query: &Query) -> Query {
        let mut query = Query { tenant: self.tenant(query.tenant), ..query.clone() };
        match (self.fault, &mut query.page) {
            (Fault::RepeatsTheEndOfAPage, Page::After(place)) => place.resource += 1,
            (Fault::ForgetsIncludes, _) => query.include.clear(),
            (Fault::ForgetsAType, _) => query.subjects.truncate(1),
            (Fault::GoesBackToTheStart, page @ Page::Before(_)) => *page = Page::First,
            (Fault::LosesScores, _) => query.rank.truncate(1),
            (Fault::AnswersOfNow, _) => query.as_of = None,
            (Fault::BringsWhatIsHidden | Fault::FollowsWhatIsHidden, _) => query.visible = query.visible.map(|_| everything()),
            _ => {}
        }
        query
    }

    /// Leaves out what is hidden of what was brought along, when all of it is there already.
    async fn hide(&self, query: &Query, answer: &mut Answer) -> Result<(), ReadError> {
        let Some(visible) = &query.visible else { return Ok(()) };
        for version in std::mem::take(&mut answer.included) {
            let Key { kind, id } = version.key.clone();
            let Some(filter) = visible.filter(kind).cloned() else { continue };
            let both = Filter::All(vec![Filter::Id(vec![id]), filter]);
            let one = Query { as_of: query.as_of, ..Query::new(query.tenant, kind, both) };
            if !self.inner.search(&one).await?.matches.is_empty() {
                answer.included.push(version);
            }
        }
        Ok(())
    }
}

/// All resources of all types.
fn everything() -> Visible {
    ResourceType::all().map(|kind| Subject { kind, filter: Filter::everything() }).collect::<Vec<_>>().into()
}

impl Store for Faulty {
    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        Box::pin(async {
            let mut commit = commit;
            if self.fault == Fault::JudgesTooEarly {
                self.judge(&commit).await?;
                tokio::task::yield_now().await;
                commit.expect.clear();
            }
            if self.fault == Fault::SplitsCommits && commit.put.len() > 1 {
                return self.commit_halves(commit).await;
            }
            self.commit_at(commit, self.clock.now())
        })
    }

    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        if self.fault == Fault::ReadsStale {
            let stale = self.stale.lock().expect("what was read").remove(&(tenant, key.clone()));
            if let Some(stale) = stale {
                return Box::pin(std::future::ready(Ok(stale)));
            }
            let now = self.inner.read(tenant, key).now_or_never().expect("an answer at once");
            self.stale.lock().expect("what was read").insert((tenant, key.clone()), now.clone().ok().flatten());
            return Box::pin(std::future::ready(now));
        }
        self.inner.read(self.tenant(tenant), key)
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>> {
        self.inner.vread(self.tenant(tenant), key, version)
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        Box::pin(async {
            if self.fault == Fault::KeepsAnswers
                && let Some(kept) = self.kept.lock().expect("the answers").get(query)
            {
                return Ok(kept.clone());
            }
            let before = self.inner.search(&self.twisted_query(query)).await?;
            if self.fault == Fault::SearchesLate {
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
                let now = self.inner.search(query).await?;
                // The second half of the answer is of a later moment than the first.
                let half = now.matches.len() / 2;
                let matches = before.matches.iter().take(half).chain(now.matches.iter().skip(half)).cloned();
                return Ok(Answer { matches: matches.collect(), ..now });
            }
            let mut answer = before;
            if self.fault == Fault::FollowsWhatIsHidden {
                self.hide(query, &mut answer).await?;
            }
            if self.fault == Fault::CountsThePageOnly {
                answer.total = answer.total.map(|_| answer.matches.len() as u64);
            }
            self.kept.lock().expect("the answers").insert(query.clone(), answer.clone());
            Ok(answer)
        })
    }

    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>> {
        Box::pin(async {
            let query = HistoryQuery { tenant: self.tenant(query.tenant), ..query.clone() };
            self.inner.history(&query).await
        })
    }

    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, Result<Vec<Change>, ReadError>> {
        self.inner.changes(self.tenant(tenant), after, limit)
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.inner.watch()
    }

    fn cursor<'a>(&'a self, tenant: Tenant, name: &'a str) -> Pending<'a, Result<Sequence, ReadError>> {
        self.inner.cursor(self.tenant(tenant), name)
    }

    fn next_number<'a>(&'a self, tenant: Tenant, sequence: &'a str) -> Pending<'a, Result<u64, ReadError>> {
        self.inner.next_number(self.tenant(tenant), sequence)
    }

    fn balance<'a>(&'a self, tenant: Tenant, ledger: &'a str, account: &'a str) -> Pending<'a, Result<Option<Balance>, ReadError>> {
        self.inner.balance(self.tenant(tenant), ledger, account)
    }

    fn claims<'a>(&'a self, tenant: Tenant, subject: &'a str, now: Instant) -> Pending<'a, Result<Vec<Claim>, ReadError>> {
        self.inner.claims(self.tenant(tenant), subject, now)
    }

    fn take_jobs<'a>(
        &'a self,
        tenant: Tenant,
        kind: &'a str,
        now: Instant,
        lease_until: Instant,
        limit: u32,
    ) -> Pending<'a, Result<Vec<DueJob>, CommitError>> {
        let lease_until = if self.fault == Fault::ForgetsLeases { now } else { lease_until };
        self.log().push(Logged::Take(tenant, kind.to_owned(), now, lease_until, limit));
        self.inner.take_jobs(self.tenant(tenant), kind, now, lease_until, limit)
    }
}
