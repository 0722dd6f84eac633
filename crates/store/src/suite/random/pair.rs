//! The engine under test and the reference engine, side by side.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::commit::{Commit, CommitError, Instant, Key, Tenant};
use crate::contract::{Clock, Store};
use crate::memory::MemoryStore;
use crate::query::{Answer, HistoryQuery, Page, Query, Scope};
use crate::suite::prng::Prng;
use crate::suite::sample::{key, kind};
use crate::suite::world::START;
use crate::suite::{Harness, ManualClock};

use super::accidents::{Done, Doubt, Take};
use super::commits::{self, ACCOUNTS, JOBS, SEQUENCES, SUBJECTS, TENANTS};
use super::queries;
use super::report::Report;
use super::values::{IDS, KINDS, target};

/// How many searches are remembered, to be made again, and how many of them are after each commit: what an engine keeps of its answers must not
/// outlive what they are about.
const REMEMBERED: usize = 40;
const AGAIN: u64 = 3;

/// An engine and the reference engine, which do the same.
pub struct Pair {
    pub(super) harness: Box<dyn Harness>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) now: Instant,
    pub(super) tested: Option<Arc<dyn Store>>,
    pub(super) reference: MemoryStore,
    /// Searches of which a page was read, each with the place of the next one.
    unfinished: Vec<Query>,
    /// Searches that were made, the oldest first.
    asked: VecDeque<Query>,
    /// How many of them are made again after a commit.
    again: u64,
    /// What changed the reference engine.
    pub(super) done: Vec<Done>,
    /// Whether the engine under test may fail; how that ends is then in doubt.
    pub(super) may_fail: bool,
    pub(super) doubt: Option<Doubt>,
    /// All answers so far, when somebody wants to know.
    answers: Option<RefCell<DefaultHasher>>,
    pub(super) report: Report,
}

/// Asks both engines the same, and compares what they say.
macro_rules! both {
    ($pair:ident, $what:expr, $store:ident => $answer:expr) => {{
        let tested = {
            let $store = $pair.tested();
            $answer.await
        };
        let reference = {
            let $store: &dyn Store = &$pair.reference;
            $answer.await
        };
        $pair.same($what, tested, reference)
    }};
}

/// The answer to a search, without how it was found, which is the engine's own.
async fn answered(store: &dyn Store, query: &Query) -> Answer {
    let mut answer = store.search(query).await.expect("a search");
    let explanation = answer.explanation.take();
    assert_eq!(explanation.is_some(), query.is_explained(), "an explanation is given when it is asked for, and nothing is hidden");
    answer
}

impl Pair {
    /// Opens an empty store beside an empty reference.
    pub async fn new(mut harness: Box<dyn Harness>, report: Report) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let tested = Some(harness.open(clock.clone()).await);
        let reference = MemoryStore::new(clock.clone());
        Self {
            harness,
            clock,
            now: START,
            tested,
            reference,
            unfinished: Vec::new(),
            asked: VecDeque::new(),
            again: AGAIN,
            done: Vec::new(),
            may_fail: false,
            doubt: None,
            answers: None,
            report,
        }
    }

    /// The answer of both.
    pub(super) fn same<T: PartialEq + Debug>(&self, what: impl Debug, tested: T, reference: T) -> T {
        assert!(tested == reference, "the answers differ to\n{what:#?}\nunder test:\n{tested:#?}\nreference:\n{reference:#?}");
        if let Some(answers) = &self.answers {
            format!("{tested:?}").hash(&mut *answers.borrow_mut());
        }
        tested
    }

    /// Has so many searches made again after each commit.
    pub fn repeat(&mut self, searches: u64) {
        self.again = searches;
    }

    /// Remembers all answers from now on.
    pub fn remember(&mut self) {
        self.answers = Some(RefCell::default());
    }

    /// A number that tells the answers that were remembered from others.
    pub fn answers(&self) -> u64 {
        self.answers.as_ref().map_or(0, |answers| answers.borrow().finish())
    }

    /// What took place.
    pub fn report(&self) -> &Report {
        &self.report
    }

    pub(super) fn tested(&self) -> &dyn Store {
        &**self.tested.as_ref().expect("an open store")
    }

    pub(super) async fn restart(&mut self) {
        self.close();
        self.open().await;
        self.report.add("restart");
    }

    /// Does something.
    pub async fn step(&mut self, prng: &mut Prng, step: u64) {
        // The clock goes back now and then.
        self.now += prng.between(-2, 9);
        self.clock.set(self.now);
        match prng.below(100) {
            0..50 => {
                self.commit(commits::commit(prng, self.now, step)).await;
                self.ask_again(prng).await;
            }
            50..75 => self.search(queries::query(prng, self.now)).await,
            75..85 if !self.unfinished.is_empty() => {
                let place = prng.below(self.unfinished.len() as u64) as usize;
                let query = self.unfinished.swap_remove(place);
                self.report.add("page");
                self.search(query).await;
            }
            85..90 => self.history(queries::history(prng)).await,
            90..95 => self.take_jobs(commits::tenant(prng), prng).await,
            _ => self.read(commits::tenant(prng), &key(&target(prng))).await,
        }
    }

    async fn commit(&mut self, commit: Commit) {
        let tested = self.tested().commit(commit.clone()).await;
        if self.failed(&tested, || Doubt::Commit(Box::new(commit.clone()))) {
            return;
        }
        let reference = self.reference.commit(commit.clone()).await;
        let answer = self.same(&commit, tested, reference);
        if answer.is_ok() {
            self.done.push(Done::Commit(Box::new(commit), self.clock.now()));
        }
        self.report.add(&match answer {
            Ok(committed) if committed.erased.iter().any(|versions| *versions > 0) => "erase".to_owned(),
            Ok(_) => "commit".to_owned(),
            Err(CommitError::Conflict(conflict)) => format!("{conflict:?}").chars().take_while(|letter| letter.is_alphanumeric()).collect(),
            Err(other) => panic!("neither applied nor refused: {other:?}"),
        });
    }

    /// Makes some of the searches again that were made before.
    async fn ask_again(&mut self, prng: &mut Prng) {
        // What is in doubt may be seen, or not.
        if self.is_in_doubt() {
            return;
        }
        for _ in 0..self.again.min(self.asked.len() as u64) {
            let place = prng.below(self.asked.len() as u64) as usize;
            let Some(query) = self.asked.get(place).cloned() else { continue };
            let answer = both!(self, &query, store => answered(store, &query));
            self.report.add(if answer.matches.is_empty() { "asked again" } else { "found again" });
        }
    }

    async fn search(&mut self, query: Query) {
        if self.asked.len() == REMEMBERED {
            self.asked.pop_front();
        }
        self.asked.push_back(query.clone());
        let answer = both!(self, &query, store => answered(store, &query));
        self.report.add("search");
        if query.subjects.len() > 1 {
            self.report.add("several types");
        }
        if !answer.matches.is_empty() {
            self.report.add("found");
            self.report.add(if query.as_of.is_some() { "found in the past" } else { "found now" });
        }
        if !answer.included.is_empty() {
            self.report.add("included");
            if query.visible.is_some() {
                self.report.add("included where some is hidden");
            }
        }
        if let Some(place) = answer.next {
            self.unfinished.push(Query { page: Page::After(place), ..query.clone() });
        }
        if let Some(place) = answer.prev {
            self.report.add("page before");
            self.unfinished.push(Query { page: Page::Before(place), ..query });
        }
    }

    async fn history(&mut self, query: HistoryQuery) {
        let answer = both!(self, &query, store => store.history(&query)).expect("a history");
        if !answer.versions.is_empty() {
            self.report.add("history");
        }
    }

    async fn take_jobs(&mut self, tenant: Tenant, prng: &mut Prng) {
        let job = prng.pick(&JOBS);
        let (now, limit) = (self.now, prng.below(4) as u32);
        let lease_until = now + prng.between(0, 60);
        let take = Take { tenant, kind: (*job).to_owned(), now, lease_until, limit };
        let tested = take.of(self.tested()).await;
        if self.failed(&tested, || Doubt::Take(take.clone())) {
            return;
        }
        let reference = take.of(&self.reference).await;
        let taken = self.same("taking jobs", tested, reference).expect("jobs");
        self.done.push(Done::Take(take));
        if !taken.is_empty() {
            self.report.add("job taken");
        }
    }

    /// Reads the current version, and all versions.
    async fn read(&self, tenant: Tenant, key: &Key) {
        let current = both!(self, key, store => store.read(tenant, key)).expect("a read");
        for version in 0..=current.map_or(0, |current| current.version) + 1 {
            let _ = both!(self, (key, version), store => store.vread(tenant, key, version)).expect("a read");
        }
    }

    /// Compares everything that can be read, and so many searches.
    pub async fn look_at_everything(&mut self, prng: &mut Prng, searches: usize) {
        for tenant in TENANTS {
            self.look_at(tenant).await;
        }
        for _ in 0..searches {
            self.search(queries::query(prng, self.now)).await;
        }
    }

    async fn look_at(&mut self, tenant: Tenant) {
        for kind_name in KINDS {
            for id in IDS {
                self.read(tenant, &Key::new(kind(kind_name), id)).await;
            }
        }
        let all = HistoryQuery { tenant, scope: Scope::System, since: None, until: None, before: None, most_bytes: None, count: u32::MAX };
        self.history(all).await;
        let _ = both!(self, "the change feed", store => store.changes(tenant, 0, u32::MAX));
        let _ = both!(self, "the change feed's middle", store => store.changes(tenant, 7, 5));
        for (subject, _) in SUBJECTS {
            let _ = both!(self, subject, store => store.claims(tenant, subject, self.now));
        }
        for (ledger, account, _) in ACCOUNTS {
            let _ = both!(self, account, store => store.balance(tenant, ledger, account));
        }
        for name in SEQUENCES {
            let _ = both!(self, name, store => store.next_number(tenant, name));
            let _ = both!(self, name, store => store.cursor(tenant, name));
        }
    }
}
