//! How fast reads are written down, on this machine: `cargo run --release -p audit --example journal [FOLDER]`.
//!
//! For each mode, 4 threads with many tasks record reads for some seconds, as fast as they can, and then at 100,000 a second. The processor
//! time of a row is what a read pays for being told of.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use access::{Principal, Strength};
use audit::journal::{Journal, Mode, Settings};
use audit::{Entity, Happening, Interaction, What};
use fhir::definitions::ResourceType;
use store::commit::{Key, Tenant};

const ROWS: u64 = 2_000_000;
const SYNCED_ROWS: u64 = 200_000;
const TASKS: u64 = 64;
const RATE: u64 = 100_000;

fn main() {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().expect("a runtime starts");
    for (mode, rows) in [(Mode::Off, ROWS), (Mode::Written, ROWS), (Mode::Synced, SYNCED_ROWS)] {
        let unbound = runtime.block_on(measure(&folder, mode, rows, None));
        println!("{mode:?}: as fast as it goes {unbound}");
        let bound = runtime.block_on(measure(&folder, mode, rows / 4, Some(RATE)));
        println!("{mode:?}: at {RATE}/s {bound}");
    }
}

async fn measure(folder: &std::path::Path, mode: Mode, rows: u64, rate: Option<u64>) -> String {
    let place = folder.join(format!("journal-{}-{mode:?}-{}", std::process::id(), rate.unwrap_or(0)));
    std::fs::create_dir(&place).expect("a folder can be made");
    let journal = Arc::new(Journal::open(Settings { mode, ..Settings::new(&place) }).expect("a journal opens"));
    let (before, empty, started) = (processor_ms(), journal.bytes(), Instant::now());
    let next = Arc::new(AtomicU64::new(0));
    let tasks: Vec<_> = (0..TASKS).map(|task| tokio::spawn(record(journal.clone(), next.clone(), rows, rate, task, started))).collect();
    let mut longest = Duration::ZERO;
    for task in tasks {
        longest = longest.max(task.await.expect("a task ends"));
    }
    let (took, used) = (started.elapsed(), processor_ms() - before);
    let bytes = (journal.bytes() - empty) / rows;
    drop(journal);
    std::fs::remove_dir_all(&place).expect("the folder can be removed");
    let per_second = rows as f64 / took.as_secs_f64();
    format!(
        "{per_second:.0} rows/s, {:.2} µs of processor a row, {bytes} bytes a row, longest {longest:?}",
        used as f64 * 1000.0 / rows as f64
    )
}

async fn record(journal: Arc<Journal>, next: Arc<AtomicU64>, rows: u64, rate: Option<u64>, task: u64, started: Instant) -> Duration {
    let who = Arc::new(principal(task));
    let mut longest = Duration::ZERO;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= rows {
            return longest;
        }
        if let Some(rate) = rate {
            let due = started + Duration::from_nanos(number * 1_000_000_000 / rate);
            if due > Instant::now() {
                tokio::time::sleep_until(due.into()).await;
            }
        }
        let key = Key::new(ResourceType::parse("Observation").expect("R4 has Observations"), format!("{number:036}"));
        let happening = Happening {
            request: format!("{number:032x}").into(),
            who: Some(who.clone()),
            address: Some([10, 0, 0, 1].into()),
            entities: vec![Entity { key, version: 1 }],
            ..Happening::new(1_795_348_800_000, Tenant(1), What::Rest(Interaction::Read))
        };
        let began = Instant::now();
        journal.record(&happening).await.expect("a row is written");
        longest = longest.max(began.elapsed());
    }
}

fn principal(number: u64) -> Principal {
    Principal {
        tenant: Tenant(1),
        user: Some(format!("user-{number}").into()),
        fhir_user: None,
        name: "A Physician".into(),
        client: Some("app".into()),
        roles: Vec::new(),
        scopes: None,
        patient: None,
        encounter: None,
        purpose: None,
        direct: Vec::new(),
        break_glass: None,
        strength: Strength::Two,
        session: format!("session-{number}").into(),
    }
}

/// The processor time of this process so far, in milliseconds.
fn processor_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    (ticks(11) + ticks(12)) * 10
}
