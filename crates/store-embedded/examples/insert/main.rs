//! Measures the engine against its own two stores, fed with the same rows and keys by one thread.
//!
//! `cargo run --release -p store-embedded --example insert -- [COUNT]` writes COUNT (40,000 when not said) of Synthea's resources
//! (`WARD_SHARED`, or `../shared`), again and again when there are too few, and prints resources per second.

mod raw;
mod reading;
mod resources;

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use store::Store;
use store::commit::{Commit, Put, Tenant};
use store::contract::{Clock, Extract};
use store::entry::Entry;
use store_embedded::{Embedded, Options};

const TENANT: Tenant = Tenant(1);

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
    }
}

/// The measurement never makes an index anew.
struct NoExtract;

impl Extract for NoExtract {
    fn extract(&self, _: fhir::definitions::ResourceType, _: &[u8]) -> (Vec<Entry>, i64) {
        (Vec::new(), store::commit::NO_DATE)
    }

    fn fingerprint(&self) -> u64 {
        0
    }
}

fn open(directory: &std::path::Path) -> Embedded {
    let started = Instant::now();
    let store = Embedded::open(Options::new(directory, Arc::new(NoExtract), Arc::new(SystemClock))).expect("a store");
    println!("open: {:?}", started.elapsed());
    store
}

fn commit(put: Vec<Put>) -> Commit {
    Commit { put, ..Commit::new(TENANT, "Device/bench", "measure") }
}

fn report(name: &str, count: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!("{name}: {:.0}/s", count as f64 / seconds);
}

/// Writes the resources, `size` to a commit, from `tasks` tasks.
async fn write(name: &str, store: &Arc<Embedded>, puts: Vec<Put>, size: usize, tasks: usize) {
    let count = puts.len();
    let mut shares: Vec<Vec<Vec<Put>>> = vec![Vec::new(); tasks];
    for (place, some) in puts.chunks(size).enumerate() {
        shares[place % tasks].push(some.to_vec());
    }
    let started = Instant::now();
    let mut set = tokio::task::JoinSet::new();
    for share in shares {
        let store = Arc::clone(store);
        set.spawn(async move {
            for some in share {
                store.commit(commit(some)).await.expect("a commit");
            }
        });
    }
    set.join_all().await;
    report(name, count, started);
}

#[tokio::main]
async fn main() {
    let count = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(40_000);
    let base = std::env::var("WARD_BENCH_DIR").map_or_else(|_| tempfile::tempdir(), tempfile::tempdir_in).expect("a folder");
    let bodies = resources::load(count);
    if bodies.is_empty() {
        println!("skipped: shared data not found");
        return;
    }
    let entries: usize = bodies.iter().map(|put| put.entries.len()).sum();
    let bytes: usize = bodies.iter().map(|put| put.body.text.len()).sum();
    println!("{} resources, {} bytes and {:.1} entries each", bodies.len(), bytes / bodies.len(), entries as f64 / bodies.len() as f64);
    let singles = bodies[..bodies.len().min(count / 4)].to_vec();

    for (tasks, size) in [(64, 1), (1, 1000), (2, 1000)] {
        let directory = base.path().join(format!("ward-{tasks}-{size}"));
        let store = Arc::new(open(&directory));
        let puts = if size == 1 { singles.clone() } else { bodies.clone() };
        write(&format!("ward, {size} to a commit, {tasks} at once"), &store, puts, size, tasks).await;
        println!("  {:?}", store.stats().expect("figures"));
        if tasks == 2 {
            reading::measure(&store, &bodies).await;
        }
    }
    for size in [1, 64, 1000] {
        let puts = if size == 1000 { &bodies[..] } else { &singles[..] };
        let directory = base.path().join(format!("raw-{size}"));
        raw::measure(&directory, puts, size);
    }
}
