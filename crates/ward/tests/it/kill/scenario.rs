//! The moments at which a process is killed.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use witness::{Dice, Effect, Outcome, Raw};

use super::request::{observation, patient};
use super::{Place, load};
use crate::process::{Server, run, run_well, ward};

/// How many write at once.
const WRITERS: u64 = 8;

/// What is killed, and during what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scenario {
    /// The server, under load.
    Load,
    /// The server, while it starts: it replays what the index misses, or makes it anew.
    StartUp,
    /// `ward import` into the data directory.
    Import,
    /// The server, under load, while it is backed up; or the backup.
    Backup,
    /// The server, while it shuts down and writes its log back.
    ShutDown,
    /// The server, under load, while another process imports through it.
    ImportThroughServer,
}

impl Scenario {
    /// One after the other.
    pub(super) fn of(round: u64) -> Self {
        const ALL: [Scenario; 6] =
            [Scenario::Load, Scenario::StartUp, Scenario::Import, Scenario::Backup, Scenario::ShutDown, Scenario::ImportThroughServer];
        ALL[(round % ALL.len() as u64) as usize]
    }

    /// Does it, up to the kill.
    pub(super) fn run(self, place: &Place, round: u64, dice: &mut Dice) {
        match self {
            Scenario::Load => under_load(place, round, dice, |server, moment| {
                std::thread::sleep(moment);
                server.kill();
            }),
            Scenario::StartUp => start_up(place, round, dice),
            Scenario::Import => import(place, round, dice),
            Scenario::Backup => backup(place, round, dice),
            Scenario::ShutDown => {
                let patience = dice.between_ms(0, 30);
                under_load(place, round, dice, |server, moment| {
                    std::thread::sleep(moment);
                    server.ask_to_stop();
                    std::thread::sleep(patience);
                    server.kill();
                });
            }
            Scenario::ImportThroughServer => import_through_server(place, round, dice),
        }
    }
}

/// What is there of the rounds before.
fn left(place: &Place) -> Raw {
    if place.data().exists() { Raw::of(&place.data()) } else { Raw::default() }
}

/// Starts a server, and ends it under load.
fn under_load(place: &Place, round: u64, dice: &mut Dice, end: impl FnOnce(Server, Duration)) {
    let raw = left(place);
    let server = Server::start(place.path(), &[]);
    let address = server.address.clone();
    let moment = dice.between_ms(20, 500);
    load::run(&place.keeper, &address, round, WRITERS, &raw, dice, || end(server, moment));
}

/// Kills a server under load, and the next one while it starts; every other time without an index.
fn start_up(place: &Place, round: u64, dice: &mut Dice) {
    under_load(place, round, dice, |server, moment| {
        std::thread::sleep(moment);
        server.kill();
    });
    for _ in 0..2 {
        if dice.below(2) == 0 {
            let folders = std::fs::read_dir(place.data()).expect("a folder").map(|entry| entry.expect("an entry").path());
            let is_index =
                |path: &PathBuf| path.is_dir() && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("index"));
            folders.filter(is_index).for_each(|index| std::fs::remove_dir_all(index).expect("the index is removed"));
        }
        let mut starting = quiet(ward(place.path()).args(["serve", "--listen", "127.0.0.1:0"]));
        kill_after(&mut starting, dice.between_ms(0, 120));
    }
}

/// Writes a file to import, and its operations: one for each resource, as an import is no transaction.
fn import_file(place: &Place, round: u64, dice: &mut Dice) -> (PathBuf, Vec<(String, Vec<Effect>)>) {
    let (mut lines, mut operations) = (String::new(), Vec::new());
    for number in 0..100 + dice.below(400) {
        let (one, two) = (format!("i{round}p{number}"), format!("i{round}o{number}"));
        lines += &format!("{}\n{}\n", patient(&one, &one), observation(&two, &two, &format!("Patient/{one}")));
        operations.push((one.clone(), vec![Effect::Written(format!("Patient/{one}"), one)]));
        operations.push((two.clone(), vec![Effect::Written(format!("Observation/{two}"), two)]));
    }
    let path = place.path().join(format!("import{round}.ndjson"));
    std::fs::write(&path, lines).expect("the file is written");
    operations.iter().for_each(|(name, effects)| place.keeper.sent(name, effects));
    (path, operations)
}

/// Kills an import, and sometimes a second one that would finish it. Then one that finishes it.
fn import(place: &Place, round: u64, dice: &mut Dice) {
    let (path, operations) = import_file(place, round, dice);
    let path = path.display().to_string();
    let mut importing = quiet(ward(place.path()).args(["import", &path]));
    if kill_after(&mut importing, dice.between_ms(20, 400)) {
        return operations.iter().for_each(|(name, _)| place.keeper.ended(name, Outcome::Done));
    }
    let ledger = place.keeper.judge(&left(place));
    let is_dropped =
        |name: &String| ledger.operations.iter().any(|operation| operation.name == *name && operation.outcome == Outcome::Dropped);
    let again: Vec<_> = operations.into_iter().filter(|(name, _)| is_dropped(name)).collect();
    again.iter().for_each(|(name, effects)| place.keeper.sent(&format!("{name}-again"), effects));
    let told = run_well(place.path(), &["import", &path, "--json"]);
    assert!(told.contains(&format!(r#""written":{},"#, again.len())), "what was there is not written again, and the rest is: {told}");
    again.iter().for_each(|(name, _)| place.keeper.ended(&format!("{name}-again"), Outcome::Done));
}

fn import_through_server(place: &Place, round: u64, dice: &mut Dice) {
    let (path, operations) = import_file(place, round, dice);
    let path = path.display().to_string();
    let kept = &place.keeper;
    under_load(place, round, dice, |server, moment| {
        let url = format!("http://{}/fhir", server.address);
        let mut importing = quiet(ward(place.path()).args(["import", &path, "--url", &url]));
        std::thread::sleep(moment);
        server.kill();
        // Without its server it ends by itself, or waits.
        let is_done = kill_after(&mut importing, Duration::from_millis(50));
        if is_done {
            operations.iter().for_each(|(name, _)| kept.ended(name, Outcome::Done));
        }
    });
}

/// Backs a server up under load, and kills one of the two. A backup that was finished has what was acknowledged before it; another is refused.
fn backup(place: &Place, round: u64, dice: &mut Dice) {
    let copy = format!("copy{round}");
    let (kill_backup, moment_of_backup) = (dice.below(2) == 0, dice.between_ms(0, 60));
    let mut before = None;
    let mut is_done = false;
    under_load(place, round, dice, |server, moment| {
        std::thread::sleep(moment);
        before = Some(place.keeper.ledger());
        let mut backing_up = quiet(ward(place.path()).args(["backup", &copy]));
        let patience = if kill_backup { moment_of_backup } else { Duration::from_secs(60) };
        if kill_backup {
            is_done = kill_after(&mut backing_up, patience);
            server.kill();
        } else {
            std::thread::sleep(moment_of_backup);
            server.kill();
            is_done = backing_up.wait().expect("the backup ends").success();
            assert!(is_done, "the backup does not need the server");
        }
    });
    let place_of_copy = place.path().join(&copy);
    if !is_done && place_of_copy.exists() {
        let elsewhere = tempfile::tempdir().expect("a temporary folder");
        let restored = run(elsewhere.path(), &["restore", &place_of_copy.display().to_string()]);
        // It may have been whole already when it was killed; what is not whole is refused.
        is_done = restored.status.success();
        assert!(is_done || restored.status.code() == Some(1), "{}", String::from_utf8_lossy(&restored.stderr));
    }
    if is_done {
        let missing = before.expect("a ledger").missing_in(&Raw::of(&place_of_copy));
        assert!(missing.is_empty(), "the backup lacks {missing:?}");
    }
}

fn quiet(command: &mut Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts")
}

/// Kills a process after a while. Whether it had ended well before.
fn kill_after(child: &mut Child, moment: Duration) -> bool {
    std::thread::sleep(moment);
    if let Some(ended) = child.try_wait().expect("the process can be asked") {
        return ended.success();
    }
    child.kill().expect("the process is there");
    // It may have come to its end between the two.
    child.wait().expect("the process ends").success()
}
