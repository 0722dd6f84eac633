//! Every engine answers every search alike, and as the oracle says.

use std::sync::Arc;
use std::time::Instant;

use conformance::run::World;

/// How many searches a run makes unless `WARD_QUERIES` says otherwise.
const QUERIES: u64 = 10_000;

/// How many searches are made of one set of resources before the next one is made.
const QUERIES_PER_WORLD: u64 = 20_000;

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_engine_answers_alike() {
    let (seed, queries) = (asked("WARD_SEED", 1), asked("WARD_QUERIES", QUERIES));
    let begun = Instant::now();
    let world = Arc::new(World::new(seed).await);
    println!("seed {seed}: resources in every engine after {:?}", begun.elapsed());
    let mut report = world.ask(queries.min(QUERIES_PER_WORLD)).await;
    println!("{} places of the matrix, {:?}", report.cells.len(), begun.elapsed());
    let mut next = seed;
    while report.queries < queries {
        next += 1;
        let world = Arc::new(World::new(next).await);
        let more = world.ask_anything(QUERIES_PER_WORLD.min(queries - report.queries)).await;
        report.add(more);
    }
    println!(
        "{} searches, {} judged, {} refused, {} resources found, {:?}",
        report.queries,
        report.judged,
        report.refused,
        report.found,
        begun.elapsed()
    );
    report.differences.iter().for_each(|difference| println!("{difference}\n"));
    report.refusals.iter().for_each(|(why, url)| println!("refused: {why}: {url}"));
    let never = report.cells_where(|hits| hits.asked == 0);
    let unmatched = report.cells_where(|hits| hits.asked > 0 && !hits.matched);
    let unmissed = report.cells_where(|hits| hits.asked > 0 && !hits.missed);
    println!("never asked: {}; never matched: {}; never passed over: {}", never.len(), unmatched.len(), unmissed.len());
    for cell in never.iter().take(40) {
        println!("never {cell:?}");
    }
    for cell in unmatched.iter().take(400) {
        println!("unmatched {cell:?}");
    }
    for cell in unmissed.iter().take(60) {
        println!("unmissed {cell:?}");
    }
}
