//! What somebody may not see is not there: a database with it and one without give them the same answers.
//!
//! `WARD_SEEDS=20` goes through more databases, `WARD_SEED=7` begins with another one.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::{Act, Grant};
use conformance::hidden::requests::{self, Request};
use conformance::hidden::{Actor, Seen, World};
use conformance::matrix;
use conformance::queries::Asker;
use fhir::definitions::ResourceType;

/// The ways of looking that have to find something, and to find what is hidden when nothing hides it: those of searches, and those of reads.
const WAYS: [&[&str]; 2] = [
    &[
        "_has",
        "chain",
        "compartment",
        "contained",
        "content",
        "count",
        "include",
        "iterate",
        "past",
        "revinclude",
        "sort",
        "system",
        "text",
        "total",
        "type",
    ],
    &["everything", "graphql", "history", "meta", "read", "version"],
];

/// How many searches are made of each database.
const SEARCHES: u64 = 1_200;

/// Of how many places of the matrix of search parameters one is asked about.
const CELLS: usize = 23;

/// Of how many resources one is read in every way.
const READ: usize = 5;

/// How many writes are tried.
const WRITES: usize = 300;

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// One of so many parts of the searches, so that several tests go through them at once.
#[derive(Clone, Copy)]
struct Part(u64, u64);

const ALL: Part = Part(0, 1);

impl Part {
    fn has(self, stream: u64) -> bool {
        stream / 7 % self.1 == self.0
    }
}

/// Makes the random searches of a part of all, one in seven of them about a moment that is past, until `is_enough` was seen.
async fn search(world: &World, grant: &Arc<Grant>, (seed, part): (u64, Part), seen: &mut Seen, is_enough: fn(&Seen) -> bool) {
    for stream in (0..SEARCHES).filter(|stream| part.has(*stream)) {
        let question = Asker::new(&world.registry, &world.data, seed, (3 << 50) + stream).anything();
        let at = stream.is_multiple_of(7).then(|| conformance::engines::START + (stream as i64) * 20_000);
        world.ask(grant, at, &Request::get(question.url()), seen).await;
        if is_enough(seen) {
            return;
        }
    }
    let cells = matrix::cells(&world.registry).into_iter().filter(|(_, support)| support.is_ok());
    for (stream, (cell, _)) in cells.enumerate().skip(seed as usize % CELLS).step_by(CELLS).filter(|(stream, _)| part.has(*stream as u64)) {
        let question = Asker::new(&world.registry, &world.data, seed, (4 << 50) + stream as u64).sure().about(cell);
        if let Some(question) = question.filter(|_| !is_enough(seen)) {
            world.ask(grant, None, &Request::get(question.url()), seen).await;
        }
    }
}

/// Reads resources, hidden ones and others, in every way; with `only`, all of a type.
async fn read(world: &World, grant: &Arc<Grant>, only: Option<&str>, seen: &mut Seen, is_enough: fn(&Seen) -> bool) {
    let step = if only.is_some() { 1 } else { READ };
    let some = world.told.iter().filter(|told| only.is_none_or(|kind| told.kind.name() == kind)).step_by(step);
    let requests = requests::of_all().into_iter().chain(some.flat_map(requests::reading));
    for request in requests {
        world.ask(grant, None, &request, seen).await;
        if is_enough(seen) {
            return;
        }
    }
}

/// Writes, or tries to, about resources that are hidden and others.
async fn write(world: &World, grant: &Arc<Grant>, seed: u64, seen: &mut Seen) {
    for request in requests::writing(&world.told, seed, WRITES) {
        world.pause();
        world.ask(grant, None, &request, seen).await;
        if seen.is_full() {
            return;
        }
    }
}

fn judge(what: &str, seen: &Seen) {
    println!("{what}: {} requests, {} found something, {} refused; {:?}", seen.requests, seen.found, seen.refused, seen.ways);
    seen.differences.iter().for_each(|difference| println!("{difference}"));
    assert!(seen.differences.is_empty(), "{what}: {} answers differ, the first: {}", seen.differences.len(), seen.differences[0]);
}

/// The databases of each seed that is asked for.
async fn each_seed(run: impl AsyncFn(u64, World, Arc<Grant>)) {
    let (first, seeds) = (asked("WARD_SEED", 1), asked("WARD_SEEDS", 1));
    for seed in first..first + seeds {
        let begun = std::time::Instant::now();
        let world = World::new(seed).await;
        let hidden = world.told.iter().filter(|told| told.is_hidden).count();
        println!("seed {seed}: {} resources, {hidden} of them hidden, after {:.1?}", world.told.len(), begun.elapsed());
        let grant = world.actor.grant(&world.registry, None);
        run(seed, world, grant).await;
        println!("{:.1?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_not_there_in_what_is_read_and_written() {
    each_seed(async |seed, world, grant| {
        let mut seen = Seen::default();
        read(&world, &grant, None, &mut seen, Seen::is_full).await;
        judge("reads and histories", &seen);
        check_ways(WAYS[1], &seen);
        write(&world, &grant, seed, &mut seen).await;
        judge("and writes", &seen);
        read(&world, &grant, None, &mut seen, Seen::is_full).await;
        judge("and reads and histories after them", &seen);
    })
    .await;
}

async fn searches(part: Part) {
    each_seed(async |seed, world, grant| {
        let mut seen = Seen::default();
        search(&world, &grant, (seed, part), &mut seen, Seen::is_full).await;
        judge("searches", &seen);
        check_ways(WAYS[0], &seen);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_not_there_in_what_is_found() {
    searches(Part(0, 2)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_not_there_in_what_else_is_found() {
    searches(Part(1, 2)).await;
}

/// Every way of looking has found something.
fn check_ways(ways: &[&str], seen: &Seen) {
    for way in ways {
        assert!(seen.ways.get(way).is_some_and(|(found, _)| *found > 1), "next to nothing was found by {way}: {:?}", seen.ways);
    }
}

/// With one rule left out there is an answer that differs: the proof would notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_noticed_when_one_rule_is_left_out() {
    let world = World::new(1).await;
    let kind = |name| ResourceType::parse(name).expect("a type");
    for (name, act) in [("Patient", Act::Read), ("Observation", Act::Search), ("Encounter", Act::Read), ("Patient", Act::Search)] {
        let mut seen = Seen::default();
        let grant = world.actor.grant(&world.registry, Some((kind(name), act)));
        match act {
            Act::Read => read(&world, &grant, Some(name), &mut seen, Seen::is_full).await,
            _ => search(&world, &grant, (1, ALL), &mut seen, Seen::is_full).await,
        }
        println!("{name} without its rule for {act:?}: {} requests, {} differences", seen.requests, seen.differences.len());
        assert!(!seen.differences.is_empty(), "nobody noticed that {name} had no rule for {act:?}");
    }
}

/// To somebody whom no rule narrows the databases differ in every way of looking: what is asked leads to what is hidden.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_found_in_every_way_by_whom_no_rule_narrows() {
    let world = World::new(1).await;
    let (grant, mut seen) = (Actor::everything(), Seen::default());
    let has_all = |seen: &Seen| WAYS.iter().copied().flatten().all(|way| seen.ways.get(way).is_some_and(|(_, differ)| *differ > 0));
    search(&world, &grant, (1, ALL), &mut seen, has_all).await;
    read(&world, &grant, None, &mut seen, has_all).await;
    let differing: BTreeMap<_, _> = seen.ways.iter().map(|(way, (_, differ))| (way, differ)).collect();
    println!("{} requests, differing: {differing:?}", seen.requests);
    assert!(has_all(&seen), "hidden resources make no difference to some of {WAYS:?}: {differing:?}");
}
