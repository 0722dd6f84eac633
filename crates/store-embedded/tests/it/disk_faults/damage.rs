//! Flipped, lost and misplaced bytes: whatever is read afterwards is right, or an error.
//!
//! `WARD_SEEDS=5000` damages so many times; `WARD_SEED=17` once.

mod blow;
mod everything;

use std::path::Path;
use std::sync::Arc;

use disk::Treatment;
use disk::faults::Chance;
use store::Store;
use store::commit::{Claim, Commit};
use store::suite::ManualClock;
use store::suite::synthetic::SyntheticExtract;
use store_embedded::{Embedded, FILE_NAME, Options, restore};
use tempfile::TempDir;

use super::acts::step;
use crate::fixture::{NOW, copy, fill, observation, writes};
use crate::machine::{folder, number};
use blow::strike;
use everything::Everything;

/// How many blows there are when nobody says how many.
const SEEDS: u64 = 240;

/// A store with something of everything, and what can be read of it.
struct Original {
    place: TempDir,
    everything: Everything,
    /// The same when the backup was made.
    backed_up: Everything,
}

/// What is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// The database of a store that was closed.
    Closed,
    /// The database of a store whose process was killed.
    Killed,
    /// The write-ahead log of that.
    Log,
    /// The index of a store that was closed.
    Index,
    /// The database, or the manifest, of a backup.
    Backup,
}

fn options(directory: &Path) -> Options {
    let clock = Arc::new(ManualClock::new(NOW));
    Options {
        cache_bytes: 1 << 20,
        index_cache_bytes: 1 << 20,
        on_fatal: Arc::new(|_| {}),
        ..Options::new(directory, Arc::new(SyntheticExtract), clock)
    }
}

/// Fills a store so that it has a dictionary, and keeps it as it is when its process is killed, when it is closed, and as a backup.
async fn original() -> Original {
    let place = folder();
    let data = place.path().join("data");
    let store = Embedded::open(options(&data)).expect("a store");
    fill(&store, 0..1000).await;
    while store.stats().expect("figures").dictionary == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    fill(&store, 0..100).await;
    for number in 0..60 {
        let bed = |holder: u64| Claim {
            subject: format!("Location/{}", holder % 7),
            from: holder as i64,
            until: holder as i64 + 1,
            capacity: 1,
            units: 1,
            holder: format!("Encounter/{holder}"),
            lease_until: None,
        };
        let commit = Commit {
            claim: vec![bed(number)],
            delete: vec![crate::fixture::key(&format!("o{number}"))],
            ..step(&format!("s{}", number / 3), number)
        };
        store.commit(commit).await.expect("a commit");
    }
    let backed_up = Everything::of(&store).await.expect("everything");
    store.backup(place.path().join("backup"), |_| {}).await.expect("a backup");
    for number in 0..3 {
        store.commit(writes(vec![observation("last", number)])).await.expect("a commit");
    }
    let everything = Everything::of(&store).await.expect("everything");
    copy(&data, &place.path().join("killed"));
    store.close().await;
    drop(store);
    std::fs::rename(&data, place.path().join("closed")).expect("a folder");
    assert!(std::fs::metadata(place.path().join("killed").join(format!("{FILE_NAME}-wal"))).expect("a log").len() > 100_000);
    Original { place, everything, backed_up }
}

/// What came of a blow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Refused,
    SomeErrors,
    Harmless,
}

/// Damages a copy, and reads everything. Panics when something that is read is not what was there.
async fn blow(original: &Original, target: Target, chance: &mut Chance, verifies: bool) -> Outcome {
    let place = folder();
    let data = place.path().join("data");
    let from = |name: &str| original.place.path().join(name);
    let struck = match target {
        Target::Closed | Target::Index => {
            copy(&from("closed"), &data);
            if target == Target::Closed { vec![data.join(FILE_NAME)] } else { files(&data.join("index-0")) }
        }
        Target::Killed | Target::Log => {
            copy(&from("killed"), &data);
            vec![if target == Target::Killed { data.join(FILE_NAME) } else { data.join(format!("{FILE_NAME}-wal")) }]
        }
        Target::Backup => {
            copy(&from("backup"), &place.path().join("backup"));
            files(&place.path().join("backup"))
        }
    };
    let file = &struck[chance.below(struck.len() as u64) as usize];
    let what = strike(file, chance);
    println!("  {target:?}: {}: {what}", file.file_name().expect("a name").display());
    let mut expected = &original.everything;
    if target == Target::Backup {
        expected = &original.backed_up;
        if restore(&place.path().join("backup"), &data, None).is_err() {
            return Outcome::Refused;
        }
    }
    std::fs::create_dir_all(&data).expect("a folder");
    disk::treat(&data, Treatment { verifies, watch: None });
    let outcome = match Embedded::open(options(&data)) {
        Ok(store) if expected.is_read(&store).await => Outcome::Harmless,
        Ok(_) => Outcome::SomeErrors,
        Err(_) => Outcome::Refused,
    };
    disk::untreat(&data);
    outcome
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[tokio::test]
async fn is_told_or_harmless() {
    let original = original().await;
    let seeds = number("WARD_SEED").map_or(0..number("WARD_SEEDS").unwrap_or(SEEDS), |seed| seed..seed + 1);
    let targets = [Target::Closed, Target::Closed, Target::Killed, Target::Log, Target::Log, Target::Index, Target::Index, Target::Backup];
    let mut outcomes = std::collections::BTreeMap::new();
    for seed in seeds.clone() {
        println!("seed {seed}: WARD_SEED={seed} runs it again");
        let target = targets[seed as usize % targets.len()];
        let outcome = blow(&original, target, &mut Chance::new(seed), true).await;
        *outcomes.entry(format!("{target:?} {outcome:?}")).or_insert(0) += 1;
    }
    println!("{outcomes:#?}");
    if seeds.end - seeds.start >= SEEDS {
        let told: i32 = outcomes.iter().filter(|(what, _)| !what.ends_with("Harmless")).map(|(_, count)| count).sum();
        assert!(told > 40, "hardly any damage was noticed: the blows missed");
    }
}

/// The canary: when pages are not verified, something wrong is read.
#[tokio::test]
async fn is_read_where_pages_are_not_verified() {
    let original = Arc::new(original().await);
    let mut is_wrong = false;
    for seed in 0..300 {
        let (original, runtime) = (Arc::clone(&original), tokio::runtime::Handle::current());
        let ended = tokio::task::spawn_blocking(move || {
            runtime.block_on(blow(&original, Target::Closed, &mut Chance::new(seed), false));
        });
        is_wrong |= ended.await.is_err();
        if is_wrong {
            break;
        }
    }
    assert!(is_wrong, "300 blows were all noticed without checksums: they prove nothing");
}
