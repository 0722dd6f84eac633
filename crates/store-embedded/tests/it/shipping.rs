//! A process that is killed while its backup runs: what was in the backup stays there, and the backup goes on.
//!
//! The test runs itself again as another process, which writes and says on its output what was acknowledged, and when the backup had all of it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::OpenFlags;
use store::commit::Instant;
use store::contract::Clock;
use store::suite::synthetic::SyntheticExtract;
use store_embedded::{Continuous, Embedded, Options, restore};

use crate::ledger::{Acknowledged, act, assert_same, last_commit, made_of, rows};

/// Where the child writes; it is no child when this is not set.
const PLACE: &str = "WARD_TEST_SHIP_PLACE";

/// From which number its writers go on.
const ROUND: &str = "WARD_TEST_SHIP_ROUND";

const WRITERS: u64 = 4;

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis() as Instant)
    }
}

fn opened(place: &Path) -> Embedded {
    let every = Duration::from_millis(20);
    let continuous = Continuous { every, base_every: Duration::from_millis(700), ..Continuous::new(place.join("backup")) };
    let options = Options::new(place.join("data"), Arc::new(SyntheticExtract), Arc::new(SystemClock));
    Embedded::open(Options { continuous: Some(continuous), checkpoint_pages: 200, ..options }).expect("a store")
}

#[test]
fn killed_at_any_moment_the_backup_has_what_it_had() {
    let number = |name: &str, default| std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default);
    let (seed, kills) = (number("WARD_TEST_SEED", 20_261_122_u64), number("WARD_KILLS", 4));
    println!("WARD_TEST_SEED={seed} WARD_KILLS={kills}");
    let place = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(place.path().join("backup")).expect("a folder");
    let mut acknowledged = Acknowledged::new();
    let (mut shipped, mut random) = (0, seed);
    for round in 0..kills {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let life = Duration::from_millis(50 + (random >> 33) % 1200);
        shipped = killed_after(life, place.path(), round, &mut acknowledged).max(shipped);
        // The backup alone, as it was left.
        let to = place.path().join(format!("restored{round}"));
        if shipped > 0 {
            let restored = restore(&place.path().join("backup"), &to, None).expect("a restoration");
            let last = last_commit(&restored);
            println!("round {round}: {} acknowledged, {shipped} known to be in the backup, {last} restored", acknowledged.len());
            assert!(last >= shipped, "commit {shipped} was in the backup");
            compare(&acknowledged, last, &to);
            std::fs::remove_dir_all(&to).expect("a folder");
        }
    }
    let chains = std::fs::read_dir(place.path().join("backup")).expect("a folder").count();
    println!("{kills} kills, {} commits, {chains} chains", acknowledged.len());
    assert!(shipped > 0, "nothing was in the backup");
}

/// Compares what was restored with what the commits up to the last one make. What was applied, and never acknowledged, is not known here: then the
/// prefix before the first such commit is compared by its places and times alone.
fn compare(acknowledged: &Acknowledged, last: u64, to: &Path) {
    let connection = disk::open(&to.join(store_embedded::FILE_NAME), OpenFlags::default()).expect("a database");
    let mut statement = connection.prepare("SELECT sequence, at FROM commits ORDER BY sequence").expect("a statement");
    let commits = statement.query_map([], |row| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)?))).expect("rows");
    let commits: Vec<(u64, i64)> = commits.map(|row| row.expect("a row")).collect();
    assert_eq!(commits.iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>(), (1..=last).collect::<Vec<_>>(), "not a prefix");
    for (sequence, at) in &commits {
        assert!(acknowledged.get(sequence).is_none_or(|(_, known)| known == at), "commit {sequence} is another one");
    }
    if (1..=last).all(|sequence| acknowledged.contains_key(&sequence)) {
        let wanted = tokio::runtime::Runtime::new().expect("a runtime").block_on(made_of(acknowledged, last));
        assert_same(&rows(to), &wanted);
    }
}

/// Starts the child, kills it after a while, and gathers what it said. Gives the last commit that was known to be in the backup.
fn killed_after(life: Duration, place: &Path, round: u64, acknowledged: &mut Acknowledged) -> u64 {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["shipping::child", "--exact", "--nocapture"])
        .env(PLACE, place)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let (mut shipped, mut killer) = (0, None);
    for line in output.lines().map_while(Result::ok) {
        // A line that the kill cut in two says nothing.
        let Some(words) = line.strip_suffix('.').map(|line| line.split(' ').collect::<Vec<_>>()) else { continue };
        let number = |at: usize| words.get(at).and_then(|word| word.parse::<u64>().ok()).unwrap_or_default();
        match words.first() {
            Some(&"done") => drop(acknowledged.insert(number(1), (number(2), number(3) as Instant))),
            Some(&"shipped") => shipped = number(1),
            _ => continue,
        }
        if killer.is_none() {
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
    shipped
}

/// The process that is killed; without the environment that [`killed_after`] gives it, it has nothing to do.
#[test]
fn child() {
    let (Ok(place), Ok(round)) = (std::env::var(PLACE), std::env::var(ROUND)) else { return };
    let round: u64 = round.parse().expect("a number");
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let store = Arc::new(opened(Path::new(&place)));
        let last = Arc::new(Mutex::new(0_u64));
        let say = |line: String| {
            let mut output = std::io::stdout().lock();
            writeln!(output, "{line}.").and_then(|()| output.flush()).expect("the parent");
        };
        for writer in 0..WRITERS {
            let (store, last) = (Arc::clone(&store), Arc::clone(&last));
            tokio::spawn(async move {
                for number in (round * 100_000 + writer..).step_by(WRITERS as usize) {
                    let Ok(committed) = store::Store::commit(&*store, act(number)).await else { return };
                    say(format!("done {} {number} {}", committed.sequence, committed.at));
                    let mut last = last.lock();
                    *last = committed.sequence.max(*last);
                }
            });
        }
        loop {
            // Everything up to this commit was acknowledged before its state was asked for.
            let before = (*last.lock(), SystemClock.now());
            tokio::time::sleep(Duration::from_millis(10)).await;
            if before.0 > 0 && store.backup_state().is_some_and(|state| state.whole_at > before.1) {
                say(format!("shipped {}", before.0));
                continue;
            }
            let mut waited = 0;
            while waited < 50 && store.backup_state().is_none_or(|state| state.whole_at <= before.1) {
                tokio::time::sleep(Duration::from_millis(10)).await;
                waited += 1;
            }
            if before.0 > 0 && waited < 50 {
                say(format!("shipped {}", before.0));
            }
        }
    });
}
