//! Every engine answers every search alike, and as the second opinion says.
//!
//! `WARD_QUERIES=1000000` makes a million searches, `WARD_SEED=7` other ones.

use std::sync::Arc;
use std::time::Instant;

use conformance::matrix::Cell;
use conformance::run::{Report, World};

/// How many searches are made beside those for each place of the matrix.
const QUERIES: u64 = 10_000;

/// How many searches are made of one set of resources before another one is made.
const QUERIES_PER_WORLD: u64 = 50_000;

/// How much of all answers the second opinion must have judged, in percent.
const LEAST_JUDGED: u64 = 35;

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_engine_answers_alike() {
    let (seed, queries) = (asked("WARD_SEED", 1), asked("WARD_QUERIES", QUERIES));
    let begun = Instant::now();
    let world = Arc::new(World::new(seed).await);
    println!("seed {seed}: resources in every engine after {:.1?}", begun.elapsed());
    let mut report = world.ask(queries.min(QUERIES_PER_WORLD)).await;
    let (mut left, mut next) = (queries.saturating_sub(QUERIES_PER_WORLD), seed);
    while left > 0 && report.differences.is_empty() {
        next += 1;
        report.add(Arc::new(World::new(next).await).ask_anything(left.min(QUERIES_PER_WORLD)).await);
        left = left.saturating_sub(QUERIES_PER_WORLD);
    }
    tell(&report);
    println!("{:.1?}", begun.elapsed());
    judge(&report);
}

fn tell(report: &Report) {
    let Report { queries, judged, refused, found, .. } = report;
    println!("{queries} searches: {judged} judged, {refused} refused, {found} resources found; {} places", report.cells.len());
    report.refusals.iter().for_each(|(why, url)| println!("refused: {why}: {url}"));
    report.differences.iter().for_each(|difference| println!("{difference}\n"));
    let list = |what: &str, cells: Vec<Cell>| {
        println!("{} places {what}", cells.len());
        cells.iter().for_each(|cell| println!("{what}: {cell:?}"));
    };
    list("never asked", report.cells_where(|hits| hits.asked == 0));
    list("never matched", report.cells_where(|hits| hits.asked > 0 && !hits.matched));
    list("never passed over", report.cells_where(|hits| hits.asked > 0 && !hits.missed));
}

fn judge(report: &Report) {
    assert!(report.differences.is_empty(), "{} answers differ; the first: {}", report.differences.len(), report.differences[0]);
    assert!(report.cells.len() > 10_000, "the matrix has {} places only", report.cells.len());
    assert!(report.cells_where(|hits| hits.asked == 0).is_empty(), "places of the matrix were never asked about: they are listed above");
    let unmatched = report.cells_where(|hits| !hits.matched);
    assert!(unmatched.is_empty(), "by these places of the matrix nothing was found: {unmatched:?}");
    assert!(report.judged * 100 >= report.queries * LEAST_JUDGED, "only {} of {} answers were judged", report.judged, report.queries);
}
