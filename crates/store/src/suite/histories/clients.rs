//! Clients that make a history with an engine: few resources, many hands.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task::JoinSet;

use super::{Act, Order, Recorder, Seen, Write, check};
use crate::commit::{Commit, CommitError, Conflict, Expect};
use crate::contract::Store;
use crate::query::{HistoryQuery, Scope, Version};
use crate::suite::prng::Prng;
use crate::suite::sample::{TENANT, act, coded, has, key, kind, query, sample, token};
use crate::suite::world::START;
use crate::suite::{Harness, ManualClock};

/// How many clients there are.
const CLIENTS: u64 = 16;

/// The resources that all of them work on.
const KEYS: [&str; 6] = ["Observation/k0", "Observation/k1", "Observation/k2", "Observation/k3", "Observation/k4", "Observation/k5"];

/// What took place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Calls that were answered.
    pub calls: usize,
    /// Commits among them.
    pub commits: usize,
    /// Conditions that did not hold.
    pub refused: u64,
}

/// Lets clients make a history of about `operations` calls, and checks it.
///
/// # Panics
/// When it is not linearizable: the seed is printed then, though a race may not come again with it.
pub async fn run(mut harness: Box<dyn Harness>, seed: u64, operations: u64) -> Report {
    let store = harness.open(Arc::new(ManualClock::new(START))).await;
    let shared = Arc::new(Shared { store, recorder: Recorder::default(), values: AtomicU64::new(0), refused: AtomicU64::new(0) });
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (shared, mut prng) = (Arc::clone(&shared), Prng::new(seed ^ (client << 32)));
        clients.spawn(async move {
            let mut client = Client { number: client, shared, known: [0; KEYS.len()], held: [0; KEYS.len()] };
            for _ in 0..operations / CLIENTS {
                client.step(&mut prng).await;
            }
        });
    }
    clients.join_all().await;
    let shared = Arc::into_inner(shared).expect("all clients have ended");
    let calls = shared.recorder.into_calls();
    let order = order(&*shared.store, &calls).await;
    if let Err(violation) = check(&order, &calls) {
        panic!("WARD_SEED={seed}: the history of {} calls is not linearizable: {violation}", calls.len());
    }
    Report { calls: calls.len(), commits: order.commits().len(), refused: shared.refused.load(Ordering::Relaxed) }
}

/// The order of the change feed, with the values that the clients wrote.
async fn order(store: &dyn Store, calls: &[super::Call]) -> Order {
    let writes = calls.iter().flat_map(|call| match &call.act {
        Act::Wrote { writes, .. } => writes.as_slice(),
        _ => &[],
    });
    let values: std::collections::HashMap<_, _> = writes.map(|write| ((write.key.as_str(), write.version), write.value)).collect();
    let (mut commits, mut after) = (Vec::new(), 0);
    loop {
        let page = store.changes(TENANT, after, 1000).await.expect("the feed");
        let Some(last) = page.last() else { return Order::new(commits) };
        after = last.sequence;
        let written = page.iter().map(|change| {
            let versions = change.versions.iter().map(|(key, version, is_deletion)| {
                let key = key.to_string();
                let value = values.get(&(key.as_str(), *version)).copied().flatten().filter(|_| !is_deletion);
                Write { value, key, version: *version }
            });
            versions.collect::<Vec<_>>()
        });
        commits.extend(written.filter(|writes| !writes.is_empty()));
    }
}

struct Shared {
    store: Arc<dyn Store>,
    recorder: Recorder,
    values: AtomicU64,
    refused: AtomicU64,
}

struct Client {
    number: u64,
    shared: Arc<Shared>,
    /// The version of each resource that it saw last.
    known: [u64; KEYS.len()],
    /// A value that each resource had, or was to have.
    held: [u64; KEYS.len()],
}

impl Client {
    async fn step(&mut self, prng: &mut Prng) {
        let one = prng.below(KEYS.len() as u64) as usize;
        match prng.below(16) {
            0..=2 => self.read(one).await,
            3..=4 => self.search_all().await,
            5 => self.search_value(one).await,
            6 => self.history(one).await,
            7 => self.last_written().await,
            8..=9 => self.write(&[one], Vec::new()).await,
            10..=11 => self.write(&[one], vec![Expect::Version(key(KEYS[one]), self.known[one])]).await,
            12 => self.write(&[one], vec![Expect::Absent(key(KEYS[one]))]).await,
            13 => {
                self.write(&[one], vec![Expect::NoMatch(kind("Observation"), has("code", coded(&format!("s|{}", self.held[one]))))]).await
            }
            14 => self.write(&[one, (one + 1) % KEYS.len()], Vec::new()).await,
            _ => self.delete(one).await,
        }
        tokio::task::yield_now().await;
    }

    fn saw(&self, invoked: u64, returned: u64, act: Act) {
        self.shared.recorder.answered(self.number, invoked, returned, act);
    }

    async fn read(&mut self, one: usize) {
        let invoked = self.shared.recorder.invoke();
        let found = self.shared.store.read(TENANT, &key(KEYS[one])).await.expect("a read");
        let returned = self.shared.recorder.invoke();
        self.known[one] = found.as_ref().map_or(0, |version| version.version);
        self.saw(invoked, returned, Act::Saw(vec![(KEYS[one].to_owned(), seen(found.as_ref()))]));
    }

    /// One search sees one state of all.
    async fn search_all(&mut self) {
        let query = query(has("code", coded("s|all")));
        let invoked = self.shared.recorder.invoke();
        let found = self.shared.store.search(&query).await.expect("a search").matches;
        let returned = self.shared.recorder.invoke();
        let of = |name: &str| found.iter().find(|version| version.key.to_string() == name);
        let all = KEYS.iter().map(|name| ((*name).to_owned(), of(name).map_or(Seen::Gone, |version| Seen::Version(version.version))));
        self.saw(invoked, returned, Act::Saw(all.collect()));
    }

    async fn search_value(&mut self, one: usize) {
        let value = self.held[one];
        let query = query(has("code", coded(&format!("s|{value}"))));
        let invoked = self.shared.recorder.invoke();
        let found = self.shared.store.search(&query).await.expect("a search").matches;
        let returned = self.shared.recorder.invoke();
        assert!(found.iter().all(|version| version.key.to_string() == KEYS[one]), "a value is of one resource");
        let seen = if found.is_empty() { Seen::Lacks(value) } else { Seen::Holds(value) };
        self.saw(invoked, returned, Act::Saw(vec![(KEYS[one].to_owned(), seen)]));
    }

    async fn history(&mut self, one: usize) {
        let found = self.versions(Scope::Instance(key(KEYS[one])), 3).await;
        let numbers: Vec<u64> = found.2.iter().map(|version| version.version).collect();
        let first = numbers.first().copied().unwrap_or(0);
        assert!(numbers.iter().copied().eq((1..=first).rev().take(3)), "a history skips a version: {numbers:?}");
        self.saw(found.0, found.1, Act::Saw(vec![(KEYS[one].to_owned(), Seen::Newest(first))]));
    }

    async fn last_written(&mut self) {
        let (invoked, returned, found) = self.versions(Scope::System, 5).await;
        let versions = found.into_iter().map(|version| (version.key.to_string(), version.version));
        self.saw(invoked, returned, Act::SawLast(versions.collect()));
    }

    async fn versions(&self, scope: Scope, count: u32) -> (u64, u64, Vec<Version>) {
        let query = HistoryQuery { tenant: TENANT, scope, since: None, until: None, before: None, most_bytes: None, count };
        let invoked = self.shared.recorder.invoke();
        let found = self.shared.store.history(&query).await.expect("a history").versions;
        (invoked, self.shared.recorder.invoke(), found)
    }

    async fn write(&mut self, keys: &[usize], expect: Vec<Expect>) {
        let value = self.shared.values.fetch_add(keys.len() as u64, Ordering::Relaxed) + 1;
        let values = keys.iter().zip(value..);
        let put = values.clone().map(|(one, value)| {
            let coded = sample(KEYS[*one]).with("code", token("s", "all")).with("code", token("s", &value.to_string()));
            coded.marked(value).put()
        });
        let expected = expect.iter().map(|expect| self.expected(keys[0], expect)).collect();
        let commit = Commit { put: put.collect(), expect, ..act() };
        let written = values.map(|(one, value)| (*one, Some(value))).collect();
        self.commit(commit, expected, written).await;
    }

    async fn delete(&mut self, one: usize) {
        let commit = Commit { delete: vec![key(KEYS[one])], ..act() };
        self.commit(commit, Vec::new(), vec![(one, None)]).await;
    }

    async fn commit(&mut self, commit: Commit, expected: Vec<(String, Seen)>, written: Vec<(usize, Option<u64>)>) {
        let invoked = self.shared.recorder.invoke();
        let outcome = self.shared.store.commit(commit).await;
        let returned = self.shared.recorder.invoke();
        let act = match outcome {
            Ok(committed) if committed.versions == [0] => Act::Saw(vec![(KEYS[written[0].0].to_owned(), Seen::Gone)]),
            Ok(committed) => {
                let versions = written.iter().zip(&committed.versions);
                for ((one, value), version) in versions.clone() {
                    self.known[*one] = *version;
                    self.held[*one] = value.unwrap_or(self.held[*one]);
                }
                let write = |((one, value), version): (&(usize, Option<u64>), &u64)| Write {
                    key: KEYS[*one].to_owned(),
                    version: *version,
                    value: *value,
                };
                Act::Wrote { expected, writes: versions.map(write).collect() }
            }
            Err(CommitError::Conflict(conflict)) => {
                self.shared.refused.fetch_add(1, Ordering::Relaxed);
                Act::Saw(vec![(KEYS[written[0].0].to_owned(), self.told(written[0].0, &conflict))])
            }
            Err(other) => panic!("neither applied nor refused: {other:?}"),
        };
        self.saw(invoked, returned, act);
    }

    /// What has to be so for an expectation to hold.
    fn expected(&self, one: usize, expect: &Expect) -> (String, Seen) {
        let seen = match expect {
            Expect::Version(_, version) => Seen::Newest(*version),
            Expect::Absent(_) => Seen::Gone,
            _ => Seen::Lacks(self.held[one]),
        };
        (KEYS[one].to_owned(), seen)
    }

    /// What a conflict says of the resource.
    fn told(&mut self, one: usize, conflict: &Conflict) -> Seen {
        match conflict {
            Conflict::Version { found, .. } => {
                self.known[one] = *found;
                Seen::Newest(*found)
            }
            Conflict::Exists(_) => Seen::There,
            Conflict::Matches { .. } => Seen::Holds(self.held[one]),
            other => panic!("a conflict that nothing asks for: {other:?}"),
        }
    }
}

fn seen(version: Option<&Version>) -> Seen {
    match version {
        Some(version) if version.text().is_some() => Seen::Version(version.version),
        Some(version) => Seen::Newest(version.version),
        None => Seen::Newest(0),
    }
}
