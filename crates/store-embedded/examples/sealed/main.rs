//! What sealing bodies costs: the same resources written and read with and without, in turns.
//!
//! `cargo run --release -p store-embedded --example sealed -- [COUNT]` takes COUNT (40,000 when not said) of Synthea's resources
//! (`WARD_SHARED`, or `../shared`), and prints, as medians of five rounds, what each takes with seals in parts of what it takes without.

#[path = "../insert/resources.rs"]
mod resources;

use std::path::Path;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use store::Store;
use store::commit::{Commit, Key, Put, Tenant};
use store::contract::{Clock, Extract};
use store::entry::{Entry, EntryValue};
use store::owners::Owners;
use store_embedded::{BodySeal, Embedded, Options};
use vault::{ErasureFile, KeyFile, Keyring, LocalKek};

const TENANT: Tenant = Tenant(1);

const ROUNDS: usize = 5;

/// What is measured, in its order.
const NAMES: [&str; 5] =
    ["write, 1000 to a commit", "write, 1 to a commit, 64 at once", "read, first time", "read, cached", "bytes of the database"];

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

/// Whose a resource is: of the first patient that it refers to.
struct ByPatient;

impl Owners for ByPatient {
    fn owner(&self, key: &Key, entries: &[Entry]) -> Option<Key> {
        if key.kind.name() == "Patient" {
            return Some(key.clone());
        }
        entries.iter().find_map(|entry| match &entry.value {
            EntryValue::Local(local) => {
                Some(Key::new(fhir::definitions::ResourceType::parse("Patient")?, local.target.strip_prefix("Patient/")?))
            }
            _ => None,
        })
    }
}

fn seal(directory: &Path) -> BodySeal {
    std::fs::create_dir_all(directory).expect("a folder");
    let kek = Arc::new(LocalKek::parse(&LocalKek::new_line(1).expect("a line")).expect("a key"));
    let records = Arc::new(KeyFile::open(directory).expect("the keys"));
    let keys = Keyring::open(kek, records, Arc::new(ErasureFile::in_directory(directory))).expect("the keys");
    BodySeal { keys: Arc::new(keys), owners: Arc::new(ByPatient) }
}

fn open(directory: &Path, body_seal: Option<BodySeal>) -> Arc<Embedded> {
    let options = Options { body_seal, ..Options::new(directory, Arc::new(NoExtract), Arc::new(SystemClock)) };
    Arc::new(Embedded::open(options).expect("a store"))
}

/// Writes the resources, `size` to a commit, from `tasks` tasks. Gives seconds.
async fn write(store: &Arc<Embedded>, puts: &[Put], size: usize, tasks: usize) -> f64 {
    let mut shares: Vec<Vec<Vec<Put>>> = vec![Vec::new(); tasks];
    for (place, some) in puts.chunks(size).enumerate() {
        shares[place % tasks].push(some.to_vec());
    }
    let started = Instant::now();
    let mut set = tokio::task::JoinSet::new();
    for share in shares {
        let store = Arc::clone(store);
        set.spawn(async move {
            for put in share {
                store.commit(Commit { put, ..Commit::new(TENANT, "Device/bench", "measure") }).await.expect("a commit");
            }
        });
    }
    set.join_all().await;
    started.elapsed().as_secs_f64()
}

async fn read(store: &Embedded, puts: &[Put]) -> f64 {
    let started = Instant::now();
    for put in puts.iter().step_by(puts.len().div_ceil(5_000)) {
        store.read(TENANT, &put.key).await.expect("a read").expect("a version");
    }
    started.elapsed().as_secs_f64()
}

async fn round(puts: &[Put], is_sealed: bool) -> [f64; NAMES.len()] {
    let place = tempfile::tempdir().expect("a folder");
    let body_seal = |name: &str| is_sealed.then(|| seal(&place.path().join(name)));
    let data = place.path().join("many");
    let keys = body_seal("keys");
    let store = open(&data, keys.clone());
    let many = write(&store, puts, 1000, 2).await;
    drop(store);
    // From the file, and then from memory.
    let store = open(&data, keys);
    let (first, cached) = (read(&store, puts).await, read(&store, puts).await);
    let bytes = store.stats().expect("figures").truth_bytes as f64;
    drop(store);
    let store = open(&place.path().join("few"), body_seal("others"));
    let few = write(&store, &puts[..puts.len() / 4], 1, 64).await;
    [many, few, first, cached, bytes]
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

#[tokio::main]
async fn main() {
    let count = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(40_000);
    let puts = resources::load(count);
    if puts.is_empty() {
        println!("skipped: shared data not found");
        return;
    }
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push((round(&puts, false).await, round(&puts, true).await));
    }
    for (at, name) in NAMES.iter().enumerate() {
        let (clear, sealed) =
            (median(rounds.iter().map(|round| round.0[at]).collect()), median(rounds.iter().map(|round| round.1[at]).collect()));
        let ratio = median(rounds.iter().map(|round| round.1[at] / round.0[at]).collect());
        println!("{name}: {ratio:.3} of what it takes without ({clear:.3} and {sealed:.3})");
    }
}
