//! The library under a shell and its programs, which ask the system's library for everything.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use saboteur::disk::{Disk, Loss};
use saboteur::launch::Saboteur;
use saboteur::random::Random;
use saboteur::record::{Operation, Record};
use saboteur::trace::{self, Notes};

fn shell(saboteur: &Saboteur, script: &str) -> Output {
    let mut command = Command::new("sh");
    command.args(["-ec", script]).current_dir(saboteur.folder());
    saboteur.attach(&mut command);
    command.output().expect("a shell runs")
}

/// The files below a folder, in the form of [`Disk::after`].
fn files(folder: &Path, below: &str) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder.join(below)).expect("the folder is there").flatten() {
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            let path = format!("{path}/");
            found.extend(files(folder, &path));
            found.insert(path, Vec::new());
        } else {
            found.insert(path, std::fs::read(entry.path()).expect("the file is there"));
        }
    }
    found
}

const SCRIPT: &str = "
    mkdir inner; echo one > inner/a; echo two >> inner/a; echo more > b; mv b inner/b; ln inner/a c; truncate -s 2 inner/b
    echo gone > d; rm d; echo gone > d; mv inner moved; mkdir none; rmdir none; echo outside > /dev/null; sync moved/a; sync .
";

#[test]
fn a_trace_makes_the_folder_again() {
    let (folder, beside) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let trace = beside.path().join("trace");
    let saboteur = Saboteur::of(folder.path()).recording(&trace);
    let output = shell(&saboteur, SCRIPT);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let records = trace::read(&trace).expect("a whole trace");
    let mut disk = Disk::default();
    records.iter().for_each(|record| disk.apply(record).unwrap_or_else(|error| panic!("{error}")));
    assert_eq!(disk.after(Loss::Nothing, &mut Random::new(0)), files(folder.path(), ""));
    assert_eq!(trace::count(&records, Operation::Sync), 2);
}

#[test]
fn notes_stand_where_they_were_made() {
    let (folder, beside) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let trace = beside.path().join("trace");
    let saboteur = Saboteur::of(folder.path()).recording(&trace);
    let notes = Notes::in_trace(&trace).expect("a trace");
    shell(&saboteur, "echo before > a");
    notes.note("between").expect("a note");
    shell(&saboteur, "echo after > a");
    let records = trace::read(&trace).expect("a whole trace");
    let at = records.iter().position(|record| matches!(record, Record::Marked { text } if text == "between")).expect("the note");
    let written = |records: &[Record]| trace::count(records, Operation::Write);
    assert_eq!((written(&records[..at]), written(&records[at..])), (1, 1));
}

#[test]
fn the_nth_operation_fails_and_no_other() {
    for (nth, left) in [(1, "two\nthree\n"), (2, "one\nthree\n"), (3, "one\ntwo\n"), (4, "one\ntwo\nthree\n")] {
        let folder = tempfile::tempdir().expect("a folder");
        let saboteur = Saboteur::of(folder.path()).failing(Operation::Write, nth, "a");
        shell(&saboteur, "set +e; echo other > b; for word in one two three; do echo $word; done > a");
        assert_eq!(std::fs::read_to_string(folder.path().join("a")).expect("the file"), left, "{nth}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let saboteur = Saboteur::of(folder.path()).failing(Operation::Sync, 1, "");
    assert!(!shell(&saboteur, "echo one > a; sync a").status.success());
}

#[test]
fn a_disk_is_full_until_it_is_not() {
    let (folder, beside) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let gate = beside.path().join("full");
    let saboteur = Saboteur::of(folder.path()).filling(&gate, "");
    assert!(shell(&saboteur, "echo one > a").status.success());
    std::fs::write(&gate, "8192").expect("the disk is full but for two blocks");
    assert!(!shell(&saboteur, "echo changed 1<> a; dd if=/dev/zero of=b bs=9000 count=1").status.success());
    assert!(shell(&saboteur, "rm b; dd if=/dev/zero of=c bs=8192 count=1").status.success());
    let length = |name: &str| std::fs::metadata(folder.path().join(name)).expect("the file").len();
    assert_eq!((length("a"), length("c")), (8, 8192));
    std::fs::remove_file(&gate).expect("there is space again");
    assert!(shell(&saboteur, "echo three >> b").status.success());
}
