//! Killed under load: nothing that was acknowledged is lost, and nothing is half there.
//!
//! The test runs itself again as another process, which writes and says on its output what was acknowledged. That output
//! is a pipe of this process, and so outlives the other one.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use store::Store;
use store::commit::{Commit, NumberDraw, Posting};
use store_embedded::Embedded;

use crate::fixture::{TENANT, clean_versions, key, observation, open, writes};

/// Where the child writes; it is no child when this is not set.
const PLACE: &str = "WARD_TEST_KILL_PLACE";

/// From which number its writers go on.
const ROUND: &str = "WARD_TEST_KILL_ROUND";

const WRITERS: u64 = 16;

#[test]
fn nothing_acknowledged_is_lost() {
    let seed = std::env::var("WARD_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121_u64);
    println!("seed {seed}");
    let place = tempfile::tempdir().expect("a folder");
    let mut acknowledged = BTreeMap::new();
    let mut random = seed;
    for round in 0..5 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let life = Duration::from_millis(100 + (random >> 33) % 900);
        let before = acknowledged.len();
        killed_after(life, place.path(), round, &mut acknowledged);
        println!("round {round}: {} acknowledged in {life:?}", acknowledged.len() - before);
        assert!(acknowledged.len() > before, "nothing was acknowledged in round {round}");
        tokio::runtime::Runtime::new().expect("a runtime").block_on(verify(place.path(), &acknowledged));
    }
}

/// Starts the child, kills it after a while, and gathers what it said: which resource has which version.
fn killed_after(life: Duration, place: &Path, round: u64, acknowledged: &mut BTreeMap<String, u64>) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["killing::child", "--exact", "--nocapture"])
        .env(PLACE, place)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let mut first = true;
    let mut killer = None;
    for line in output.lines().map_while(Result::ok) {
        // A line that the kill cut in two is no acknowledgement.
        let Some((id, version)) = line.strip_prefix("done ").and_then(|rest| rest.strip_suffix('.')?.split_once(' ')) else {
            continue;
        };
        acknowledged.insert(id.to_owned(), version.parse().expect("a version"));
        if std::mem::take(&mut first) {
            let process = child.id();
            killer = Some(std::thread::spawn(move || {
                std::thread::sleep(life);
                Command::new("kill").args(["-9", &process.to_string()]).status().expect("kill")
            }));
        }
    }
    if let Some(killer) = killer {
        assert!(killer.join().expect("the killer").success());
    }
    child.wait().expect("its end");
}

/// The process that is killed; without the environment that [`killed_after`] gives it, it has nothing to do. Every writer creates resources and writes
/// each a second time, with a number and a movement of money in every commit.
#[test]
fn child() {
    let (Ok(place), Ok(round)) = (std::env::var(PLACE), std::env::var(ROUND)) else {
        return;
    };
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let store = Arc::new(open(Path::new(&place)));
        for writer in 0..WRITERS {
            let (store, round) = (Arc::clone(&store), round.clone());
            tokio::spawn(async move {
                for number in 0_u64.. {
                    let id = format!("r{round}w{writer}n{}", number / 2);
                    let committed = store.commit(step(&id, number)).await.expect("a commit");
                    let mut output = std::io::stdout().lock();
                    writeln!(output, "done {id} {}.", committed.versions[0]).expect("the parent");
                    output.flush().expect("the parent");
                }
            });
        }
        std::future::pending::<()>().await;
    });
}

/// Writes a resource, draws a number and moves money.
pub(crate) fn step(id: &str, number: u64) -> Commit {
    let posting = |account: &str, amount| Posting {
        ledger: "money".to_owned(),
        account: account.to_owned(),
        amount,
        unit: "EUR-cent".to_owned(),
        guarded: false,
    };
    Commit {
        number: vec![NumberDraw { sequence: "acts".to_owned(), expect: None }],
        post: vec![posting("income", -1), posting("cash", 1)],
        ..writes(vec![observation(id, number)])
    }
}

async fn verify(place: &Path, acknowledged: &BTreeMap<String, u64>) {
    let store = open(place);
    nothing_is_lost(&store, acknowledged).await;
    store.close().await;
}

/// Panics when a version is missing that was acknowledged, or a commit is half there. Every commit was made by [`step`].
pub(crate) async fn nothing_is_lost(store: &Embedded, acknowledged: &BTreeMap<String, u64>) {
    for (id, version) in acknowledged {
        let found = store.read(TENANT, &key(id)).await.expect("a read").unwrap_or_else(|| panic!("{id} is lost"));
        assert!(found.version >= *version, "{id} is at version {}, and {version} was acknowledged", found.version);
    }
    let versions = clean_versions(store).await;
    let numbers = store.next_number(TENANT, "acts").await.expect("a number") - 1;
    let cash = store.balance(TENANT, "money", "cash").await.expect("a balance").map_or(0, |account| account.amount);
    assert_eq!((numbers, cash), (versions, versions as i64), "a commit is half there");
}
