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
