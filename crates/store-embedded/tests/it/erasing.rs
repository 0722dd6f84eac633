//! What was erased is in no file any more, whatever happens meanwhile.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use store::Store;
use store::commit::{Commit, Erase, Extent, Put};
use store::entry::{Entry, EntryValue, Param, Token};
use store::query::{HistoryQuery, Scope};
use store_embedded::Embedded;

use crate::fixture::{TENANT, body_of, clean_versions, coded, fill, key, observation, open, total, writes};

/// Where the child writes; it is no child when this is not set.
const PLACE: &str = "WARD_TEST_ERASE_PLACE";

fn erases(id: &str, extent: Extent) -> Commit {
    Commit { erase: vec![Erase { key: key(id), extent }], ..Commit::new(TENANT, "Practitioner/1", "test") }
}

/// A text that stands nowhere else.
fn canary(number: u64) -> String {
    format!("{:016x}-canary", number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// An observation with a canary for a code, and as many more codes as its number: some bodies have pages of their own.
fn secret(number: u64, version: u64) -> Put {
    let token = |code: String| EntryValue::Token(Token { code: code.into(), system: "urn:codes".into() });
    let entry = |value| Entry { param: Param::of("Observation", "code"), value };
    let more = (0..number * 6).map(|place| entry(token(canary(1_000_000 * (number + 1) + 1000 * version + place))));
    let entries: Vec<Entry> = std::iter::once(entry(token(canary(number)))).chain(more).collect();
    let key = key(&format!("s{number}"));
    Put { body: body_of(&key, &entries, version as i64), key, entries, date: version as i64, extractor: 0 }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The files in which one of the traces is, each once, by their names.
fn found_in(folder: &Path, traces: &[Vec<u8>]) -> Vec<String> {
    // The first two bytes say where it is worth to look: journals are long, and mostly empty.
    let mut begins = vec![false; 1 << 16];
    traces.iter().for_each(|trace| begins[usize::from(trace[0]) << 8 | usize::from(trace[1])] = true);
    let has_one = |path: &PathBuf| {
        let bytes = std::fs::read(path).expect("a file");
        let is_likely = |at: &usize| begins[usize::from(bytes[*at]) << 8 | usize::from(bytes[at + 1])];
        let mut likely = (0..bytes.len().saturating_sub(1)).filter(is_likely);
        likely.any(|at| traces.iter().any(|trace| bytes[at..].starts_with(trace)))
    };
    files(folder).iter().filter(|path| has_one(path)).map(|path| path.strip_prefix(folder).expect("below").display().to_string()).collect()
}

/// Pieces of the bodies as the database holds them, compressed: the beginning, the middle and the end of each.
fn stored_pieces(folder: &Path, ids: &[String]) -> Vec<Vec<u8>> {
    let connection = Connection::open(folder.join(store_embedded::FILE_NAME)).expect("the database");
    let mut statement = connection.prepare("SELECT body FROM versions WHERE id = ?1 AND body IS NOT NULL").expect("a statement");
    let mut pieces = Vec::new();
    for id in ids {
        let bodies = statement.query_map([id], |row| row.get::<_, Vec<u8>>(0)).expect("bodies");
        for body in bodies {
            let body = body.expect("a body");
            // The first bytes are what all bodies begin with.
            for at in [body.len() / 3, body.len() / 2, body.len() - 24] {
                pieces.push(body[at.min(body.len() - 24)..][..24].to_vec());
            }
        }
    }
    pieces
}

async fn history_total(store: &Embedded) -> u64 {
    let query = HistoryQuery { tenant: TENANT, scope: Scope::System, since: None, until: None, before: None, most_bytes: None, count: 10 };
    store.history(&query).await.expect("a history").total
}

#[tokio::test]
async fn leaves_no_byte_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    let secrets = 0..16;
    let ids: Vec<String> = secrets.clone().map(|number| format!("s{number}")).collect();
    let store = open(place);
    for version in 0..2 {
        for number in secrets.clone() {
            store.commit(writes(vec![secret(number, version)])).await.expect("a commit");
            fill(&store, 10 * number..10 * number + 10).await;
        }
    }
    store.close().await;
    drop(store);
    let pieces = stored_pieces(place, &ids);
    let canaries: Vec<Vec<u8>> = secrets.clone().map(|number| canary(number).into_bytes()).collect();
    assert_eq!(found_in(place, &pieces), [store_embedded::FILE_NAME], "the pieces are seen before they are erased");
    assert!(found_in(place, &canaries).iter().any(|file| file.starts_with("index-")), "so are the canaries");

    let store = open(place);
    let versions = clean_versions(&store).await;
    for number in secrets.clone() {
        // In no order: each leaves its pages to others, which are written meanwhile.
        let number = (number * 7 + 3) % secrets.end;
        let erased = store.commit(erases(&format!("s{number}"), Extent::All)).await.expect("an erase").erased;
        assert_eq!(erased, [2]);
        fill(&store, 1000 + number..1001 + number).await;
        assert_eq!(total(&store, &canary(number)).await, 0);
    }
    assert_eq!(clean_versions(&store).await, versions + secrets.end, "the index is what the truth says, without being made anew");
    assert_eq!(history_total(&store).await, versions - secrets.end);
    let log = place.join(format!("{}-wal", store_embedded::FILE_NAME));
    let log_bytes = std::fs::metadata(&log).map_or(0, |log| log.len());
    store.close().await;
    drop(store);
    println!("the log had {log_bytes} bytes");
    assert_eq!(found_in(place, &pieces), Vec::<String>::new());

    let store = open(place);
    assert_eq!(clean_versions(&store).await, versions + secrets.end);
    store.close().await;
    drop(store);
    assert_eq!(found_in(place, &canaries), Vec::<String>::new(), "the index was made anew, without what was erased");
    assert_eq!(found_in(place, &pieces), Vec::<String>::new());
}

#[tokio::test]
async fn the_past_goes_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    store.commit(writes(vec![secret(3, 0)])).await.expect("a commit");
    let current = Put { key: key("s3"), ..observation("s3", 9) };
    store.commit(writes(vec![current])).await.expect("a commit");
    assert_eq!(store.commit(erases("s3", Extent::Past)).await.expect("an erase").erased, [1]);
    assert_eq!(total(&store, "s3").await, 1);
    assert_eq!(clean_versions(&store).await, 2);
    store.rebuild_index(|_| {}).await.expect("another index");
    assert_eq!(clean_versions(&store).await, 2);
    assert_eq!(history_total(&store).await, 1);
    store.close().await;
    drop(store);
    open(folder.path()).close().await;
    assert_eq!(found_in(folder.path(), &[canary(3).into_bytes()]), Vec::<String>::new());
}

/// Readers that found a version in the index, and come to the database when it is empty, look again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_never_see_half_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    // Without a cache every read goes to the database.
    let options = store_embedded::Options { cache_bytes: 1, ..crate::fixture::options(folder.path()) };
    let store = Arc::new(Embedded::open(options).expect("a store"));
    let over = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (store, over) = (Arc::clone(&store), Arc::clone(&over));
            tokio::spawn(async move {
                let mut reads = 0_u64;
                while !over.load(Ordering::Relaxed) {
                    let answer = store.search(&coded("all")).await.expect("a search");
                    assert_eq!(answer.total, Some(answer.matches.len() as u64));
                    store.read(TENANT, &key("o0")).await.expect("a read");
                    store.vread(TENANT, &key("o0"), reads).await.expect("a read");
                    history_total(&store).await;
                    reads += 1;
                }
                reads
            })
        })
        .collect();
    for round in 0..150 {
        fill(&store, 0..3).await;
        let extent = if round % 3 == 0 { Extent::Past } else { Extent::All };
        store.commit(erases(&format!("o{}", round % 3), extent)).await.expect("an erase");
    }
    over.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.expect("a reader") > 10, "it hardly read");
    }
    clean_versions(&store).await;
}

#[test]
fn a_kill_in_the_middle_leaves_all_or_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for round in 0..4 {
        let gone = killed(folder.path(), 15 + 20 * round);
        tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
            let store = open(folder.path());
            clean_versions(&store).await;
            for id in &gone {
                assert_eq!(store.read(TENANT, &key(id)).await, Ok(None), "{id} is there again");
                assert_eq!(total(&store, id).await, 0, "{id} is found");
            }
            store.close().await;
        });
    }
}

/// Lets the child work until it has said so many lines, kills it, and gives what it has erased.
fn killed(place: &Path, lines: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["erasing::child", "--exact", "--nocapture"])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let whole = |line: String| Some(line.strip_prefix("gone ")?.strip_suffix('.')?.to_owned());
    let mut gone = Vec::new();
    for line in output.lines().map_while(Result::ok) {
        gone.extend(whole(line));
        if gone.len() == lines {
            child.kill().expect("a kill");
        }
    }
    child.wait().expect("its end");
    assert!(gone.len() >= lines, "it erased hardly anything");
    gone
}

/// The process that is killed; it has nothing to do without the environment that [`killed`] gives it.
#[test]
fn child() {
    let Ok(place) = std::env::var(PLACE) else { return };
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let store = open(Path::new(&place));
        let process = std::process::id();
        for number in 0_u64.. {
            let id = format!("p{process}n{number}");
            store.commit(writes(vec![observation(&id, number)])).await.expect("a commit");
            store.commit(erases(&id, Extent::All)).await.expect("an erase");
            let mut output = std::io::stdout().lock();
            writeln!(output, "gone {id}.").expect("the parent");
            output.flush().expect("the parent");
        }
    });
}
