//! Databases of released versions: they open, say what they said, and survive a kill at every statement of their migration.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};
use store::Store;
use store::commit::Instant;
use store::query::{HistoryQuery, Scope};
use store::suite::ManualClock;
use store_embedded::{Embedded, Options, StoreError, backup, restore};
use xxhash_rust::xxh3::xxh3_64;

use crate::fixture::{NOW, TENANT, clean_versions, coded, open, open_at, options};
use crate::ledger::{Acknowledged, perform, rows};

/// The folder of the databases that releases have written, each with what it answered.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The names of the releases that are in it.
fn releases() -> Vec<String> {
    let entries = std::fs::read_dir(golden()).expect("the folder of released databases").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.filter_map(|name| name.to_str()?.strip_suffix(".sqlite3.zst").map(str::to_owned)).collect();
    names.sort();
    assert!(!names.is_empty(), "there is no released database: README.md there says how it is made");
    names
}

/// Puts a released database into a data directory.
fn unpack(release: &str, directory: &Path) {
    std::fs::create_dir_all(directory).expect("a folder");
    let packed = std::fs::read(golden().join(format!("{release}.sqlite3.zst"))).expect("a released database");
    let bytes = zstd::decode_all(&packed[..]).expect("a released database");
    std::fs::write(directory.join(store_embedded::FILE_NAME), bytes).expect("a database");
}

/// What a store says to many questions, a line each.
async fn answers(store: &Embedded) -> String {
    let mut said = String::new();
    let mut say = |line: String| writeln!(said, "{line}").expect("a text");
    let changes = store.changes(TENANT, 0, 1000).await.expect("changes");
    let mut keys: Vec<_> = changes.iter().flat_map(|change| change.versions.iter().map(|(key, ..)| key.clone())).collect();
    keys.extend(changes.iter().flat_map(|change| change.erased.iter().map(|erased| erased.key.clone())));
    keys.sort();
    keys.dedup();
    for change in &changes {
        say(format!("{change:?}"));
    }
    for key in &keys {
        say(format!("{:?}", store.read(TENANT, key).await.expect("a read")));
        for version in 1..=4 {
            say(format!("{key} {version} {:?}", store.vread(TENANT, key, version).await.expect("a read")));
        }
    }
    for code in ["all", "o1", "n3"] {
        say(format!("{:?}", store.search(&coded(code)).await.expect("a search")));
    }
    let query =
        HistoryQuery { tenant: TENANT, scope: Scope::System, since: None, until: None, before: None, most_bytes: None, count: 1000 };
    say(format!("{:?}", store.history(&query).await.expect("a history")));
    say(format!("next number {:?}", store.next_number(TENANT, "acts").await));
    say(format!("follower at {:?}", store.cursor(TENANT, "follower").await));
    for account in ["income", "cash0", "cash1", "cash2", "cash3", "cash4"] {
        say(format!("{account} {:?}", store.balance(TENANT, "money", account).await));
    }
    for room in 0..9 {
        say(format!("{:?}", store.claims(TENANT, &format!("Room/{room}"), 0).await));
    }
    say(format!("{:?}", store.take_jobs(TENANT, "call", NOW, NOW + 1, 100).await));
    said
}

/// Makes the database of this version, to be kept when it is released: see the README there.
#[tokio::test]
#[ignore = "it writes into the repository, for a release"]
async fn write() {
    let place = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(ManualClock::new(NOW));
    let store = open_at(place.path(), Arc::clone(&clock));
    let done = parking_lot::Mutex::new(Acknowledged::new());
    for number in 0..80_u64 {
        clock.set(NOW + number as Instant * 1000);
        perform(&store, std::iter::once(number), &done).await;
    }
    store.close().await;
    drop(store);
    let database = std::fs::read(place.path().join(store_embedded::FILE_NAME)).expect("the database");
    let said = answers(&open(place.path())).await;
    std::fs::create_dir_all(golden()).expect("the folder");
    let version = env!("CARGO_PKG_VERSION");
    let put = |ending: &str, bytes: &[u8]| {
        let packed = zstd::bulk::compress(bytes, 19).expect("a compression");
        std::fs::write(golden().join(format!("{version}.{ending}.zst")), packed).expect("a file");
    };
    put("sqlite3", &database);
    put("answers", said.as_bytes());
}

#[tokio::test]
async fn a_released_database_says_what_it_said() {
    for release in releases() {
        let place = tempfile::tempdir().expect("a folder");
        unpack(&release, place.path());
        let store = open(place.path());
        clean_versions(&store).await;
        let said = answers(&store).await;
        let recorded = zstd::decode_all(&std::fs::read(golden().join(format!("{release}.answers.zst"))).expect("its answers")[..]);
        let recorded = String::from_utf8(recorded.expect("its answers")).expect("a text");
        for (now, then) in said.lines().zip(recorded.lines()) {
            assert_eq!(now, then, "the database of {release}");
        }
        assert_eq!(said.lines().count(), recorded.lines().count());
        assert!(
            recorded.contains("erased: [Erasure") && recorded.contains("Deleted") && recorded.contains("lease_until"),
            "it shows too little"
        );
        store.commit(crate::ledger::act(500)).await.expect("a commit");
        clean_versions(&store).await;
    }
}

/// The schema of a database, the number of it and the rows.
fn state(directory: &Path) -> (Vec<String>, u32, BTreeMap<String, Vec<String>>) {
    let connection = disk::open(&directory.join(store_embedded::FILE_NAME), OpenFlags::default()).expect("a database");
    let mut statement = connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").expect("a statement");
    let schema = statement.query_map([], |row| row.get(0)).expect("a schema").map(|sql| sql.expect("a text")).collect();
    let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("a version");
    (schema, version, rows(directory))
}

/// Where the child opens a database, and after which statement of the migration it ends.
const PLACE: &str = "WARD_TEST_MIGRATION_PLACE";
const LAST: &str = "WARD_TEST_MIGRATION_LAST";

/// The process that ends within a migration; without the environment that the test gives it, it has nothing to do.
#[test]
fn child() {
    let (Ok(place), Ok(last)) = (std::env::var(PLACE), std::env::var(LAST)) else { return };
    let left = std::sync::atomic::AtomicI64::new(last.parse().expect("a number"));
    let on_migration = move || {
        if left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    };
    drop(Embedded::open(Options { on_migration: Arc::new(on_migration), ..options(Path::new(&place)) }).expect("a store"));
}

/// Kills the migration of each database after each of its statements. Whatever is left opens again and comes to the same.
#[tokio::test]
async fn killed_after_every_statement_of_a_migration() {
    let first = |directory: &Path| {
        let connection = Connection::open(directory.join(store_embedded::FILE_NAME)).expect("a database");
        connection.execute_batch(include_str!("../../sql/migrations/0001-truth.sql")).expect("the first schema");
        connection
            .execute_batch("INSERT INTO tenants VALUES (1, 1, 5, 0); INSERT INTO commits VALUES (1, 1, 5, 'a', 'b', 1, 0);")
            .expect("rows");
        connection.execute_batch("PRAGMA user_version = 1").expect("its number");
    };
    let mut kills = 0;
    for (name, make) in [("none", None), ("schema 1", Some(&first))] {
        let prepared = || {
            let place = tempfile::tempdir().expect("a folder");
            make.into_iter().for_each(|make| make(place.path()));
            place
        };
        let straight = prepared();
        drop(open(straight.path()));
        let wanted = state(straight.path());
        for last in 1.. {
            let place = prepared();
            let ended = Command::new(std::env::current_exe().expect("this program"))
                .args(["upgrading::child", "--exact"])
                .env(PLACE, place.path())
                .env(LAST, last.to_string())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .expect("a child");
            let store = open(place.path());
            clean_versions(&store).await;
            drop(store);
            assert_eq!(state(place.path()), wanted, "{name}, killed after statement {last}");
            if ended.success() {
                break;
            }
            kills += 1;
        }
    }
    println!("{kills} kills");
    assert!(kills > 15, "only {kills} kills");
}

/// What the steps of the schema were when they were released. A step that is in a database somewhere is never changed: what is to change is a new step, and
/// gets a line here.
const RELEASED: &[(&str, u64)] = &[
    ("0001-truth.sql", 286_309_854_545_756_097),
    ("0002-erasures.sql", 12_049_751_461_293_293_123),
    ("0003-sealed.sql", 14_413_702_221_093_651_587),
];

#[test]
fn released_steps_are_never_changed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/migrations");
    let entries = std::fs::read_dir(folder).expect("the steps").map(|entry| entry.expect("an entry").path());
    let mut steps: Vec<(String, u64)> = entries
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), xxh3_64(&std::fs::read(&path).expect("a step"))))
        .collect();
    steps.sort();
    let released: Vec<(String, u64)> = RELEASED.iter().map(|(name, hash)| ((*name).to_owned(), *hash)).collect();
    assert_eq!(steps, released, "a released step was changed, or a new one has no line in RELEASED");
}

/// A backup of a newer program is refused as its database is, and nothing is made of it.
#[tokio::test]
async fn a_newer_backup_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let data = place.path().join("data");
    let store = open(&data);
    store.commit(crate::ledger::act(1)).await.expect("a commit");
    store.close().await;
    drop(store);
    let truth = disk::open(&data.join(store_embedded::FILE_NAME), OpenFlags::default()).expect("the file");
    truth.pragma_update(None, "user_version", 99).expect("a version");
    drop(truth);
    backup(&data, &place.path().join("backup"), &mut |_| {}).expect("a backup");
    let fresh = place.path().join("fresh");
    let e = restore(&place.path().join("backup"), &fresh, None).expect_err("a refusal");
    assert!(matches!(e, StoreError::Newer { found: 99, .. }), "{e}");
    let said = e.to_string();
    assert!(
        said.contains("schema 99") && said.contains("schemas up to ") && said.contains("use the program that wrote it, or a newer one"),
        "{said}"
    );
    assert!(!fresh.join(store_embedded::FILE_NAME).exists());
}
