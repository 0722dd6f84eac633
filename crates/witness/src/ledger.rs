//! The record of what was sent and what was answered.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// What an operation does to one resource. A mark is a word of `a-z0-9-` that stands in the resource's text after `mark:`, and in no other version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The resource `Patient/1` gets a version with this mark.
    Written(String, String),
    /// A resource whose id the server chooses gets a version with this mark.
    Created(String),
    /// The resource `Patient/1` is deleted.
    Deleted(String),
}

impl Effect {
    /// The resource, when the client has named it.
    pub fn key(&self) -> Option<&str> {
        match self {
            Effect::Written(key, _) | Effect::Deleted(key) => Some(key),
            Effect::Created(_) => None,
        }
    }

    fn parse(text: &str) -> Self {
        let (key, mark) = text.split_once('=').expect("an effect has an equals sign");
        match (key, mark) {
            ("", mark) => Effect::Created(mark.to_owned()),
            (key, "") => Effect::Deleted(key.to_owned()),
            (key, mark) => Effect::Written(key.to_owned(), mark.to_owned()),
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::Written(key, mark) => write!(f, "{key}={mark}"),
            Effect::Created(mark) => write!(f, "={mark}"),
            Effect::Deleted(key) => write!(f, "{key}="),
        }
    }
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No answer came: it was applied, or not.
    Unknown,
    /// It was acknowledged.
    Done,
    /// The answer was that nothing was done.
    Refused,
    /// No answer came, and it was found applied.
    Applied,
    /// No answer came, and it was found not applied.
    Dropped,
}

const OUTCOMES: [(&str, Outcome); 4] =
    [("done", Outcome::Done), ("refused", Outcome::Refused), ("applied", Outcome::Applied), ("dropped", Outcome::Dropped)];

/// An operation: applied whole, or not at all.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its name, which no other has.
    pub name: String,
    /// What it does.
    pub effects: Vec<Effect>,
    /// What became of it.
    pub outcome: Outcome,
}

/// All operations, in the order in which they were sent.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The operations.
    pub operations: Vec<Operation>,
}

impl Ledger {
    /// Reads a ledger from its file.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (mut operations, mut places): (Vec<Operation>, BTreeMap<String, usize>) = Default::default();
        for line in text.lines() {
            let mut parts = line.split('\t');
            let (word, name) = (parts.next().expect("a word"), parts.next().expect("a name").to_owned());
            if word == "sent" {
                assert!(places.insert(name.clone(), operations.len()).is_none(), "{name} was sent twice");
                operations.push(Operation { name, effects: parts.map(Effect::parse).collect(), outcome: Outcome::Unknown });
                continue;
            }
            let (_, outcome) = OUTCOMES.iter().find(|(known, _)| *known == word).unwrap_or_else(|| panic!("not a line: {line}"));
            let place = places.get(&name).unwrap_or_else(|| panic!("{name} was answered and never sent"));
            operations[*place].outcome = *outcome;
        }
        Self { operations }
    }

    /// How many operations ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.operations.iter().filter(|operation| operation.outcome == outcome).count()
    }
}

/// Writes a ledger to its file. What is noted is on the disk when the call comes back; those who wait together are synced together.
pub struct Keeper {
    lines: Option<Sender<(String, Sender<()>)>>,
    path: PathBuf,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Goes on with the ledger of this file, or begins it.
    pub fn open(path: &Path) -> Self {
        let file = File::options().create(true).append(true).open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (lines, received) = channel();
        let thread = std::thread::spawn(move || keep(file, &received));
        Self { lines: Some(lines), path: path.to_owned(), thread: Some(thread) }
    }

    /// Notes an operation that is about to be sent.
    pub fn sent(&self, name: &str, effects: &[Effect]) {
        let effects: String = effects.iter().map(|effect| format!("\t{effect}")).collect();
        self.note(format!("sent\t{name}{effects}\n"));
    }

    /// Notes what became of an operation.
    pub fn ended(&self, name: &str, outcome: Outcome) {
        if let Some((word, _)) = OUTCOMES.iter().find(|(_, known)| *known == outcome) {
            self.note(format!("{word}\t{name}\n"));
        }
    }

    /// What is noted so far, from the file.
    pub fn ledger(&self) -> Ledger {
        Ledger::read(&self.path)
    }

    fn note(&self, line: String) {
        let (kept, is_kept) = channel();
        self.lines.as_ref().expect("an open ledger").send((line, kept)).expect("the keeper is there");
        is_kept.recv().expect("the line is kept");
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.lines.take());
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(std::thread::panicking() || !matches!(ended, Some(Err(_))), "the ledger could not be written");
    }
}

fn keep(mut file: File, lines: &Receiver<(String, Sender<()>)>) {
    while let Ok(first) = lines.recv() {
        let together: Vec<_> = std::iter::once(first).chain(lines.try_iter()).collect();
        let text: String = together.iter().map(|(line, _)| line.as_str()).collect();
        file.write_all(text.as_bytes()).expect("the ledger is written");
        file.sync_data().expect("the ledger is synced");
        together.into_iter().for_each(|(_, kept)| kept.send(()).expect("whoever noted it waits"));
    }
}
