//! The continuous backup: what was committed is there a moment later, and every moment can be restored.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::OpenFlags;
use store::Store;
use store::commit::Instant;
use store::suite::ManualClock;
use store::suite::synthetic::SyntheticExtract;
use store_embedded::{Continuous, Embedded, Options, Restored, StoreError, Until, moments, restore};

use crate::fixture::{NOW, TENANT, clean_versions, open};
use crate::ledger::{Acknowledged, act, assert_same, last_commit, made_of, perform, rows};

/// How long a test waits for the backup before it is taken for dead.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Place {
    folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
    done: Arc<Mutex<Acknowledged>>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("backup")).expect("a folder");
        Self { folder, clock: Arc::new(ManualClock::new(NOW)), done: Arc::default() }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn backup(&self) -> PathBuf {
        self.folder.path().join("backup")
    }

    /// A backup that is quick, with many logs and bases.
    fn continuous(&self) -> Continuous {
        Continuous { every: Duration::from_millis(20), base_every: Duration::from_secs(60), ..Continuous::new(self.backup()) }
    }

    pub(crate) fn open(&self, change: impl FnOnce(&mut Continuous)) -> Embedded {
        let mut continuous = self.continuous();
        change(&mut continuous);
        let options = Options::new(self.data(), Arc::new(SyntheticExtract), Arc::clone(&self.clock) as _);
        Embedded::open(Options { continuous: Some(continuous), checkpoint_pages: 100, ..options }).expect("a store")
    }

    /// Applies acts by several writers, while the clock goes on by a second for each twenty.
    pub(crate) async fn write(&self, store: &Arc<Embedded>, numbers: std::ops::Range<u64>) {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (store, done, clock) = (Arc::clone(store), Arc::clone(&self.done), Arc::clone(&self.clock));
                let numbers = numbers.clone().skip(writer).step_by(4);
                tokio::spawn(async move {
                    for number in numbers {
                        clock.set(NOW + (number / 20 * 1000) as Instant);
                        perform(&store, std::iter::once(number), &done).await;
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.expect("a writer");
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.done.lock().len() as u64
    }

    pub(crate) fn restored(&self, name: &str, until: Option<Until>) -> Result<(PathBuf, Restored), StoreError> {
        let to = self.folder.path().join(name);
        let restored = restore(&self.backup(), &to, until)?;
        Ok((to, restored))
    }

    /// Restores, and compares with what the commits make that are in it: those of the whole prefix, row by row.
    pub(crate) async fn verify(&self, name: &str, until: Option<Until>) -> Restored {
        let (to, restored) = self.restored(name, until).unwrap_or_else(|e| panic!("{name} is not restored: {e}"));
        let acknowledged = self.done.lock().clone();
        let wanted = made_of(&acknowledged, last_commit(&restored)).await;
        assert_same(&rows(&to), &wanted);
        restored
    }

    fn chains(&self) -> usize {
        std::fs::read_dir(self.backup()).expect("a folder").count()
    }
}

pub(crate) async fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = std::time::Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub(crate) async fn whole(store: &Embedded) {
    wait_for("the backup is whole", || store.backup_state().expect("a backup").is_whole).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_moment_can_be_restored() {
    let place = Place::new();
    let store = Arc::new(place.open(|_| {}));
    whole(&store).await;
    place.write(&store, 0..1500).await;
    whole(&store).await;
    let restored = place.verify("all", None).await;
    assert_eq!(last_commit(&restored), 1500);
    assert_eq!(place.chains(), 1);
    let span = moments(&place.backup()).expect("an overview").remove(0);
    assert!(span.bases > 1 && span.newest > 10, "too little happened to prove anything: {span:?}");

    let acknowledged = place.done.lock().clone();
    for until in [span.from, NOW + 5_000, NOW + 30_999, NOW + 31_000, NOW + 60_000] {
        let restored = place.verify(&format!("at{until}"), Some(Until::Moment(until))).await;
        let wanted = acknowledged.values().filter(|(_, at)| *at <= until).count() as u64;
        assert_eq!(last_commit(&restored), wanted, "commits up to {until}");
    }
    for commit in [700_u64, 1_499] {
        let restored = place.verify(&format!("commit{commit}"), Some(Until::Commit(TENANT, commit))).await;
        // Commits of one group are restored together.
        let at = |sequence: u64| acknowledged[&sequence].1;
        assert!((1..=commit).contains(&last_commit(&restored)) && at(last_commit(&restored)) + 2_000 >= at(commit), "{restored:?}");
    }
    let early = place.restored("early", Some(Until::Moment(span.from - 1)));
    assert!(matches!(&early, Err(StoreError::NoSuchMoment { earliest: Some(earliest) }) if *earliest == span.from), "{early:?}");
    assert!(!place.folder.path().join("early/ward.sqlite3").exists());

    // What was restored is a store that goes on.
    let again = open(&place.folder.path().join("all"));
    assert_eq!(again.next_number(TENANT, "acts").await, Ok(1501));
    clean_versions(&again).await;
    again.commit(act(7001)).await.expect("a commit");
}

/// Without the log that waits for the backup, SQLite overwrites frames that were not copied.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn canary_a_log_that_is_not_kept_loses_commits() {
    let place = Place::new();
    let store = Arc::new(place.open(|continuous| (continuous.keeps_log, continuous.every) = (false, Duration::from_millis(200))));
    whole(&store).await;
    place.write(&store, 0..1500).await;
    store.close().await;
    let is_lost = match place.restored("all", None) {
        Err(_) => true,
        Ok((to, restored)) => {
            let acknowledged = place.done.lock().clone();
            last_commit(&restored) != 1500 || rows(&to) != made_of(&acknowledged, 1500).await
        }
    };
    assert!(is_lost, "the log is kept for nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn goes_on_after_a_restart() {
    let place = Place::new();
    for round in 0..3_u64 {
        let store = Arc::new(place.open(|_| {}));
        if round == 0 {
            whole(&store).await;
        }
        place.write(&store, round * 150..(round + 1) * 150).await;
        store.close().await;
        drop(store);
        let restored = place.verify(&format!("round{round}"), None).await;
        assert_eq!(last_commit(&restored), place.count());
        assert_eq!(place.chains(), 1, "a restart is no reason to begin anew");
    }
}

/// Writes to the database behind the backup's back, as a program would that knows nothing of it.
fn write_behind(data: &Path) {
    let connection = disk::open(&data.join(store_embedded::FILE_NAME), OpenFlags::default()).expect("the database");
    connection.execute_batch("VACUUM; UPDATE numbers SET next = next + 1000").expect("a change");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn begins_anew_when_something_else_has_written() {
    for proves_link in [true, false] {
        let place = Place::new();
        for numbers in [0..300, 300..600] {
            let store = Arc::new(place.open(|continuous| continuous.proves_link = proves_link));
            whole(&store).await;
            place.write(&store, numbers).await;
            whole(&store).await;
            store.close().await;
            drop(store);
            if place.count() == 300 {
                write_behind(&place.data());
            }
        }
        let same = place.restored("all", None).is_ok_and(|(to, _)| rows(&to) == rows(&place.data()));
        assert_eq!(same, proves_link, "a link that is not proved: {}", !proves_link);
        assert_eq!(place.chains(), if proves_link { 2 } else { 1 });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_place_that_is_gone_stops_nobody() {
    let place = Place::new();
    let away = place.folder.path().join("away");
    let store = Arc::new(place.open(|_| {}));
    whole(&store).await;
    place.write(&store, 0..100).await;
    whole(&store).await;
    std::fs::rename(place.backup(), &away).expect("it goes");
    place.write(&store, 100..200).await;
    wait_for("it is noticed", || !store.backup_state().expect("a backup").is_well).await;
    assert!(!place.backup().exists(), "a place that is gone is not made");
    std::fs::rename(&away, place.backup()).expect("it comes back");
    whole(&store).await;
    assert_eq!((place.chains(), store.backup_state().expect("a backup").gaps), (1, 0));
    assert_eq!(last_commit(&place.verify("all", None).await), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_log_that_grows_beyond_its_bound_makes_a_gap() {
    let place = Place::new();
    let away = place.folder.path().join("away");
    let store = Arc::new(place.open(|continuous| continuous.most_log_bytes = 4 << 20));
    whole(&store).await;
    place.write(&store, 0..100).await;
    whole(&store).await;
    std::fs::rename(place.backup(), &away).expect("it goes");
    place.write(&store, 100..1000).await;
    assert!(store.backup_state().expect("a backup").gaps > 0, "the log was kept");
    let log = std::fs::metadata(place.data().join("ward.sqlite3-wal")).expect("the log").len();
    assert!(log < 8 << 20, "the log has {log} bytes");
    std::fs::rename(&away, place.backup()).expect("it comes back");
    whole(&store).await;
    assert_eq!(place.chains(), 2);
    place.write(&store, 1000..1100).await;
    whole(&store).await;
    assert_eq!(last_commit(&place.verify("all", None).await), 1100);
    // What is before the gap is still there.
    let span = moments(&place.backup()).expect("an overview").remove(0);
    let restored = place.verify("before", Some(Until::Moment(span.until))).await;
    assert!(last_commit(&restored) >= 100);
}

/// A write that fails at whatever place: the same as on a full disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_place_without_room_stops_nobody() {
    let place = Place::new();
    let store = Arc::new(place.open(|_| {}));
    whole(&store).await;
    let obstacle = place.backup().join("chain-0001/newest.tmp");
    std::fs::create_dir(&obstacle).expect("an obstacle");
    place.write(&store, 0..200).await;
    wait_for("it is noticed", || !store.backup_state().expect("a backup").is_well).await;
    std::fs::remove_dir(&obstacle).expect("it is gone");
    whole(&store).await;
    assert_eq!(place.chains(), 1);
    assert_eq!(last_commit(&place.verify("all", None).await), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_too_old_is_removed() {
    let place = Place::new();
    let keep = Duration::from_secs(120);
    let store = Arc::new(place.open(|continuous| continuous.keep = keep));
    for begin in (0..20_u64).map(|step| step * 100) {
        place.write(&store, begin..begin + 100).await;
        whole(&store).await;
    }
    let span = moments(&place.backup()).expect("an overview").remove(0);
    let now = NOW + 99_000;
    assert_eq!(span.until, now);
    assert!(span.from <= now - 60_000 && span.bases >= 1, "{span:?}");
    // A day later everything but the newest base is too old.
    place.clock.set(now + 86_400_000);
    for number in 2000..2100 {
        perform(&store, std::iter::once(number), &place.done).await;
    }
    whole(&store).await;
    wait_for("a new base", || moments(&place.backup()).expect("an overview")[0].from > now - 60_000).await;
    place.verify("all", None).await;
}
