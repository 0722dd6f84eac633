//! Many at once: one wins, and nobody sees half a commit.

use tokio::task::JoinSet;

use crate::commit::{Claim, Commit, CommitError, Committed, Conflict, Expect, Job, NumberDraw, Posting};
use crate::query::Filter;

use super::sample::{TENANT, act, coded, has, key, kind, query, query_of, sample, token};
use super::world::World;

/// How many act at once.
const CLIENTS: u64 = 64;

type Outcome = Result<Committed, CommitError>;

/// What becomes of the commits of all clients, which are handed in at once.
async fn at_once(world: &World, commit: impl Fn(u64) -> Commit) -> Vec<Outcome> {
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (store, commit) = (world.shared(), commit(client));
        clients.spawn(async move { store.commit(commit).await });
    }
    clients.join_all().await
}

/// The conflicts of all but one, who won.
fn losers(outcomes: Vec<Outcome>) -> Vec<Conflict> {
    losers_of(1, outcomes)
}

/// The conflicts of all but as many as can win.
fn losers_of(winners: usize, outcomes: Vec<Outcome>) -> Vec<Conflict> {
    let total = outcomes.len();
    let refused = outcomes.into_iter().filter_map(|outcome| match outcome {
        Ok(_) => None,
        Err(CommitError::Conflict(conflict)) => Some(*conflict),
        Err(other) => panic!("neither applied nor refused: {other:?}"),
    });
    let losers: Vec<_> = refused.collect();
    assert_eq!(total - losers.len(), winners, "as many win as there is room for");
    losers
}

pub(super) async fn one_gets_the_slot(world: World) {
    let outcomes = at_once(&world, |client| {
        let holder = format!("Appointment/{client}");
        let put = vec![sample(&holder).put()];
        let claim = Claim { subject: "Slot/1".into(), from: 0, until: 9, capacity: 1, units: 1, holder, lease_until: None };
        Commit { put, claim: vec![claim], ..act() }
    });
    let losers = losers(outcomes.await);
    let booked = world.search(&query_of("Appointment", Filter::everything())).await.matches;
    assert_eq!(booked.len(), 1);
    let holder = booked[0].key.to_string();
    assert!(losers.iter().all(|told| *told == Conflict::Claimed { subject: "Slot/1".into(), holder: holder.clone() }));
}

pub(super) async fn one_creates_if_none_exists(world: World) {
    let outcomes = at_once(&world, |client| {
        let put = vec![sample(&format!("Observation/{client}")).with("code", token("s", "a")).put()];
        Commit { put, expect: vec![Expect::NoMatch(kind("Observation"), has("code", coded("s|a")))], ..act() }
    });
    let losers = losers(outcomes.await);
    let found = world.search(&query(Filter::everything())).await.matches;
    let winner = found.into_iter().map(|version| version.key).collect();
    let told = Conflict::Matches { kind: kind("Observation"), found: winner };
    assert!(losers.iter().all(|loser| *loser == told), "everybody is told who was there: {losers:?}");
}

pub(super) async fn one_updates_a_version(world: World) {
    world.put(vec![sample("Patient/1").put()]).await;
    let outcomes = at_once(&world, |client| {
        let put = vec![sample("Patient/1").marked(client).put()];
        Commit { put, expect: vec![Expect::Version(key("Patient/1"), 1)], ..act() }
    });
    let told = Conflict::Version { key: key("Patient/1"), expected: 1, found: 2 };
    assert!(losers(outcomes.await).iter().all(|loser| *loser == told));
}

pub(super) async fn one_creates_an_id(world: World) {
    let outcomes = at_once(&world, |client| {
        let put = vec![sample("Patient/1").marked(client).put()];
        Commit { put, expect: vec![Expect::Absent(key("Patient/1"))], ..act() }
    });
    assert!(losers(outcomes.await).iter().all(|loser| *loser == Conflict::Exists(key("Patient/1"))));
    assert_eq!(world.read("Patient/1").await.expect("a patient").version, 1);
}

pub(super) async fn as_many_as_there_are_beds(world: World) {
    const BEDS: u32 = 7;
    let outcomes = at_once(&world, |client| {
        let holder = format!("Encounter/{client}");
        let claim = Claim { subject: "Ward/3".into(), from: 0, until: 9, capacity: BEDS, units: 1, holder, lease_until: None };
        Commit { claim: vec![claim], ..act() }
    });
    let losers = losers_of(BEDS as usize, outcomes.await);
    let held = world.store().claims(TENANT, "Ward/3", 0).await.expect("claims");
    assert_eq!(held.len(), BEDS as usize);
    let is_told = |loser: &Conflict| matches!(loser, Conflict::Claimed { subject, holder } if subject == "Ward/3" && held.iter().any(|claim| claim.holder == *holder));
    assert!(losers.iter().all(is_told), "everybody is told who is there: {losers:?}");
}

pub(super) async fn stock_is_handed_out_until_it_is_gone(world: World) {
    const STOCK: i64 = 23;
    let moved = |from: &str, to: &str, amount: i64| {
        let posting = |account: &str, amount| Posting {
            ledger: "stock".into(),
            account: account.into(),
            amount,
            unit: "{tablet}".into(),
            guarded: account == "shelf",
        };
        Commit { post: vec![posting(from, -amount), posting(to, amount)], ..act() }
    };
    world.commit(moved("supplier", "shelf", STOCK)).await;
    let outcomes = at_once(&world, |client| moved("shelf", &format!("Patient/{client}"), 2)).await;
    let told = Conflict::Overdrawn { ledger: "stock".into(), account: "shelf".into(), balance: STOCK % 2 };
    let losers = losers_of((STOCK / 2) as usize, outcomes);
    assert!(losers.iter().all(|loser| *loser == told), "everybody is told what is left: {losers:?}");
    let shelf = world.store().balance(TENANT, "stock", "shelf").await.expect("a balance").expect("an account");
    assert_eq!(shelf.amount, STOCK % 2);
}

pub(super) async fn one_finishes_a_job(world: World) {
    let job = Job { kind: "bill".into(), payload: bytes::Bytes::new(), not_before: 0 };
    let number = world.commit(Commit { job: vec![job], ..act() }).await.jobs[0];
    let outcomes = at_once(&world, |client| {
        let put = vec![sample(&format!("Observation/{client}")).put()];
        Commit { put, finish: vec![number], ..act() }
    });
    assert!(losers(outcomes.await).iter().all(|loser| *loser == Conflict::Finished(number)));
    assert_eq!(world.search(&query(Filter::everything())).await.matches.len(), 1, "its effects are there once");
}

pub(super) async fn everybody_gets_a_number(world: World) {
    let draw = |_| Commit { number: vec![NumberDraw { sequence: "mrn".into(), expect: None }], ..act() };
    let outcomes = at_once(&world, draw).await;
    let committed: Vec<_> = outcomes.into_iter().map(|outcome| outcome.expect("a number for everybody")).collect();
    let mut numbers: Vec<_> = committed.iter().flat_map(|committed| committed.numbers.clone()).collect();
    let mut sequences: Vec<_> = committed.iter().map(|committed| committed.sequence).collect();
    numbers.sort_unstable();
    sequences.sort_unstable();
    assert_eq!(numbers, (1..=CLIENTS).collect::<Vec<_>>());
    assert_eq!(sequences, numbers);
}

pub(super) async fn readers_see_whole_commits(world: World) {
    let both = |mark: u64| {
        let coded = |reference| sample(reference).marked(mark).with("code", token("s", &mark.to_string())).put();
        Commit { put: vec![coded("Observation/1"), coded("Observation/2")], ..act() }
    };
    world.commit(both(0)).await;
    let (store, writer) = (world.shared(), world.shared());
    let writing = tokio::spawn(async move {
        for mark in 1..=CLIENTS {
            writer.commit(both(mark)).await.expect("the commit is applied");
            tokio::task::yield_now().await;
        }
    });
    let mut last_seen = 0;
    while last_seen <= CLIENTS {
        let done = writing.is_finished();
        let found = store.search(&query(Filter::everything())).await.expect("a search").matches;
        let versions: Vec<_> = found.iter().map(|version| version.version).collect();
        assert!(versions.len() == 2 && versions[0] == versions[1], "half a commit: {versions:?}");
        assert!(versions[0] >= last_seen, "an older state than before");
        last_seen = versions[0];
        let current = has("code", coded(&format!("s|{}", last_seen - 1)));
        let entries_of = store.search(&query(current)).await.expect("a search").matches;
        assert!(entries_of.iter().all(|version| version.version == last_seen), "entries of one version, the text of another");
        assert!(!done || last_seen == CLIENTS + 1, "an acknowledged commit is not seen");
        tokio::task::yield_now().await;
    }
    writing.await.expect("all is written");
}
