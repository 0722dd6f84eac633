//! Killed at any moment, also while the log is written back: nothing that was acknowledged is lost, nothing is half there, and the guarded tables say
//! what the commits did.
//!
//! The test runs itself again as another process, which writes and says on its output what it sends and what was acknowledged. This process lives
//! on, and keeps the ledger of it. What HTTP has no way to yet (claims, postings, numbers, jobs) is in every commit.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use store::Store;
use store::commit::{Body, Claim, Commit, Event, Job, Key, NumberDraw, Posting, Put, Release};
use store_embedded::{Embedded, Options};
use witness::{Dice, Effect, Keeper, Outcome, Raw};

use crate::fixture::{TENANT, clean_versions, key, observation, open, options, posting, writes};

/// Where the child writes; it is no child when this is not set.
const PLACE: &str = "WARD_TEST_KILL_PLACE";

/// The round, which is in the names of what it writes.
const ROUND: &str = "WARD_TEST_KILL_ROUND";

/// Whether it answers before anything is durable: the protection taken out.
const EARLY: &str = "WARD_TEST_KILL_EARLY";

const WRITERS: u64 = 16;

#[test]
fn nothing_acknowledged_is_lost() {
    let (seed, kills) = (witness::seed(), witness::kills(4));
    let place = tempfile::tempdir().expect("a folder");
    let keeper = Keeper::open(&place.path().join("ledger"));
    for round in 0..kills {
        let before = keeper.ledger().count(Outcome::Done);
        killed_after(&mut Dice::new(seed.wrapping_add(round)), place.path(), round, &keeper, false);
        let raw = Raw::of(place.path());
        let ledger = keeper.judge(&raw);
        guarded_tables_agree(&raw);
        assert!(ledger.count(Outcome::Done) > before, "nothing was acknowledged in round {round}");
        tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
            let store = open(place.path());
            assert_eq!(clean_versions(&store).await, raw.versions.len() as u64);
            store.close().await;
        });
    }
    let ledger = keeper.ledger();
    println!(
        "{} commits acknowledged, {} applied and {} dropped without an answer",
        ledger.count(Outcome::Done),
        ledger.count(Outcome::Applied),
        ledger.count(Outcome::Dropped)
    );
}

/// The canary: an engine that answers before it has committed loses what it acknowledged.
#[test]
fn answering_before_the_commit_is_noticed() {
    let seed = witness::seed();
    let place = tempfile::tempdir().expect("a folder");
    let keeper = Keeper::open(&place.path().join("ledger"));
    let lost = (0..10).any(|round| {
        killed_after(&mut Dice::new(seed.wrapping_add(round)), place.path(), round, &keeper, true);
        match keeper.ledger().judge(&Raw::of(place.path())) {
            Ok(_) => false,
            Err(problems) => problems.iter().any(|problem| problem.contains("was acknowledged and is lost")),
        }
    });
    assert!(lost, "an engine that answers too early passes");
}

/// Every commit draws a number, moves a cent, and follows a job with another.
fn guarded_tables_agree(raw: &Raw) {
    let tenant = i64::from(TENANT.0);
    let commits = raw.commits.get(&tenant).copied().unwrap_or(0);
    let drawn = raw.numbers.get(&(tenant, "acts".to_owned())).copied().unwrap_or(1) - 1;
    let cash = raw.balances.get(&(tenant, "money".to_owned(), "cash".to_owned())).copied().unwrap_or(0);
    assert_eq!((drawn, cash), (commits, commits), "a commit is half there");
}

/// Starts the child, kills it after a while, and keeps what it said.
fn killed_after(dice: &mut Dice, place: &Path, round: u64, keeper: &Keeper, early: bool) {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["killing::child", "--exact", "--nocapture"]).env(PLACE, place).env(ROUND, round.to_string());
    if early {
        command.env(EARLY, "yes");
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a child");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let life = dice.between_ms(0, 500);
    let mut killer = None;
    for line in output.lines().map_while(Result::ok) {
        // A line that the kill cut in two says nothing.
        let Some(said) = line.strip_suffix('.') else { continue };
        let mut words = said.split(' ');
        match (words.next(), words.next()) {
            (Some("sent"), Some(name)) => keeper.sent(name, &effects(name, words.next() == Some("deletes"))),
            (Some("done"), Some(name)) => {
                keeper.ended(name, Outcome::Done);
                let process = child.id().to_string();
                killer.get_or_insert_with(|| {
                    std::thread::spawn(move || {
                        std::thread::sleep(life);
                        Command::new("kill").args(["-9", &process]).status().expect("kill")
                    })
                });
            }
            _ => {}
        }
    }
    if let Some(killer) = killer {
        assert!(killer.join().expect("the killer").success());
    }
    child.wait().expect("its end");
}

/// What the operation `r1w2n7` does: it writes the first resource of its writer again, and another one, or deletes it.
fn effects(name: &str, deletes: bool) -> Vec<Effect> {
    let (writer, _) = name.split_once('n').expect("a name");
    let own = format!("Observation/{writer}");
    if deletes {
        return vec![Effect::Deleted(own), Effect::Written(format!("Observation/{name}"), format!("{name}-b"))];
    }
    vec![Effect::Written(own, format!("{name}-a")), Effect::Written(format!("Observation/{name}"), format!("{name}-b"))]
}

/// The process that is killed; without the environment that [`killed_after`] gives it, it has nothing to do.
#[test]
fn child() {
    let (Ok(place), Ok(round)) = (std::env::var(PLACE), std::env::var(ROUND)) else {
        return;
    };
    let early = std::env::var_os(EARLY).map(|_| Duration::from_millis(20));
    // Every other round writes the log back all the time.
    let checkpoint_pages = if round.ends_with(['0', '2', '4', '6', '8']) { 16 } else { 16_384 };
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let with = Options { checkpoint_pages, answers_early: early, ..options(Path::new(&place)) };
        let store = Arc::new(Embedded::open(with).expect("a store that opens"));
        for writer in 0..WRITERS {
            tokio::spawn(write(Arc::clone(&store), format!("r{round}w{writer}")));
        }
        std::future::pending::<()>().await;
    });
}

async fn write(store: Arc<Embedded>, writer: String) {
    let mut job = None;
    for number in 0_u64.. {
        let (name, deletes) = (format!("{writer}n{number}"), number % 5 == 4);
        say(&format!("sent {name}{}", if deletes { " deletes" } else { "" }));
        let committed = store.commit(act(&writer, &name, number, deletes, job)).await.expect("a commit");
        job = committed.jobs.first().copied();
        say(&format!("done {name}"));
    }
}

fn say(line: &str) {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{line}.").expect("the parent");
    output.flush().expect("the parent");
}

fn act(writer: &str, name: &str, number: u64, deletes: bool, job: Option<u64>) -> Commit {
    let subject = format!("Room/{}", number % 4);
    let claim = Claim { subject, from: 0, until: 10, capacity: 1000, units: 1, holder: writer.to_owned(), lease_until: None };
    let own = (!deletes).then(|| marked(writer, &format!("{name}-a"), number));
    Commit {
        delete: if deletes { vec![key(writer)] } else { Vec::new() },
        number: vec![NumberDraw { sequence: "acts".to_owned(), expect: None }],
        post: vec![posting("income", -1), Posting { guarded: true, ..posting("cash", 1) }],
        release: vec![Release { subject: format!("Room/{}", (number + 3) % 4), holder: writer.to_owned() }],
        claim: vec![claim],
        event: vec![Event { topic: "acted".to_owned(), payload: Bytes::from(name.to_owned()) }],
        job: vec![Job { kind: "bill".to_owned(), payload: Bytes::from(name.to_owned()), not_before: 0 }],
        finish: job.into_iter().collect(),
        ..writes(own.into_iter().chain([marked(name, &format!("{name}-b"), number)]).collect())
    }
}

/// An observation whose text has a mark.
fn marked(id: &str, mark: &str, number: u64) -> Put {
    let put = observation(id, number);
    let text = String::from_utf8(put.body.text.to_vec()).expect("a text").replacen("},", &format!(r#"}},"note":"mark:{mark}","#), 1);
    Put { key: Key::clone(&put.key), body: Body { text: Bytes::from(text), ..put.body }, ..put }
}
