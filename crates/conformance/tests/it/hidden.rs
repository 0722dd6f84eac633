//! What somebody may not see is not there: a database with it and one without give them the same answers.
//!
//! `WARD_SEEDS=20` goes through more databases, `WARD_SEED=7` begins with another one.

use access::Act;
use conformance::hidden::{Seen, World, requests};
use conformance::matrix;
use conformance::queries::Asker;
use fhir::definitions::ResourceType;

/// How many searches are made of each database.
const SEARCHES: u64 = 1_200;

/// Of how many places of the matrix of search parameters one is asked about.
const CELLS: usize = 23;

/// Of how many resources one is read in every way.
const READ: usize = 5;

/// How many writes are tried.
const WRITES: usize = 150;

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// Makes random searches, one in seven of them about a moment that is past.
async fn search(world: &World, without: Option<(ResourceType, Act)>, seed: u64, seen: &mut Seen) {
    let grant = world.actor.grant(&world.registry, without);
    for stream in 0..SEARCHES {
        let question = Asker::new(&world.registry, &world.data, seed, (3 << 50) + stream).anything();
        let at = stream.is_multiple_of(7).then(|| conformance::engines::START + (stream as i64) * 7_000);
        world.ask(&grant, at, "GET", &question.url(), None, seen).await;
        if seen.is_full() {
            return;
        }
    }
    let cells = matrix::cells(&world.registry).into_iter().filter(|(_, support)| support.is_ok());
    for (stream, (cell, _)) in cells.enumerate().skip(seed as usize % CELLS).step_by(CELLS) {
        let question = Asker::new(&world.registry, &world.data, seed, (4 << 50) + stream as u64).sure().about(cell);
        if let Some(question) = question.filter(|_| !seen.is_full()) {
            world.ask(&grant, None, "GET", &question.url(), None, seen).await;
        }
    }
}

/// Reads resources, hidden ones and others, in every way.
async fn read(world: &World, without: Option<(ResourceType, Act)>, only: Option<&str>, seen: &mut Seen) {
    let grant = world.actor.grant(&world.registry, without);
    let step = if only.is_some() { 1 } else { READ };
    let some = world.told.iter().filter(|told| only.is_none_or(|kind| told.kind.name() == kind)).step_by(step);
    let requests = requests::of_all().into_iter().chain(some.flat_map(requests::reading));
    for (method, url, body) in requests {
        world.ask(&grant, None, method, &url, body.as_ref(), seen).await;
        if seen.is_full() {
            return;
        }
    }
}

/// Writes, or tries to, about resources that are hidden and others.
async fn write(world: &World, seed: u64, seen: &mut Seen) {
    let grant = world.actor.grant(&world.registry, None);
    for (method, url, body) in requests::writing(&world.told, seed, WRITES) {
        world.pause();
        world.ask(&grant, None, method, &url, body.as_ref(), seen).await;
        if seen.is_full() {
            return;
        }
    }
}

fn judge(what: &str, seen: &Seen) {
    println!("{what}: {} requests, {} found something, {} refused", seen.requests, seen.found, seen.refused);
    seen.differences.iter().for_each(|difference| println!("{difference}"));
    assert!(seen.differences.is_empty(), "{what}: {} answers differ, the first: {}", seen.differences.len(), seen.differences[0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_not_there_in_any_answer() {
    let (first, seeds) = (asked("WARD_SEED", 1), asked("WARD_SEEDS", 1));
    for seed in first..first + seeds {
        let begun = std::time::Instant::now();
        let world = World::new(seed).await;
        let hidden = world.told.iter().filter(|told| told.is_hidden).count();
        println!("seed {seed}: {} resources, {hidden} of them hidden, after {:.1?}", world.told.len(), begun.elapsed());
        let mut seen = Seen::default();
        read(&world, None, None, &mut seen).await;
        judge("reads and histories", &seen);
        let mut seen = Seen::default();
        search(&world, None, seed, &mut seen).await;
        judge("searches", &seen);
        assert!(seen.found > 300 && seen.refused < seen.requests / 2);
        let mut seen = Seen::default();
        write(&world, seed, &mut seen).await;
        judge("writes", &seen);
        let mut seen = Seen::default();
        read(&world, None, None, &mut seen).await;
        judge("reads and histories after the writes", &seen);
        println!("{:.1?}", begun.elapsed());
    }
}

/// With one rule left out there is an answer that differs: the proof would notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_noticed_when_one_rule_is_left_out() {
    let world = World::new(1).await;
    let kind = |name| ResourceType::parse(name).expect("a type");
    for (name, act) in [("Patient", Act::Read), ("Observation", Act::Search), ("Encounter", Act::Read)] {
        let mut seen = Seen::default();
        match act {
            Act::Read => read(&world, Some((kind(name), act)), Some(name), &mut seen).await,
            _ => search(&world, Some((kind(name), act)), 1, &mut seen).await,
        }
        println!("{name} without its rule for {act:?}: {} requests, {} differences", seen.requests, seen.differences.len());
        assert!(!seen.differences.is_empty(), "nobody noticed that {name} had no rule for {act:?}");
    }
}
