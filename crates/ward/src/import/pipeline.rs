//! The way of an import: one thread reads, several parse and check, the store commits in groups.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use fhir::{Issue, Value};
use interaction::Server;
use store::CommitError;
use store::commit::{Commit, Key, Put};
use tokio::sync::{Semaphore, mpsc};

use super::prepare::{Piecewise, Preparer, Ready};
use super::rejects::{Reject, Rejects};
use super::source::{Found, Piece};
use crate::codes;
use crate::command::Failure;
use crate::progress::Progress;
use crate::wiring::TENANT;

/// What an import is made of.
pub enum Work {
    /// A document or a line.
    Piece(Piece),
    /// A resource that is already a tree.
    Resource(Value),
    /// A file, or the rest of it, that cannot be read: its name, the line, the reason.
    Broken(Arc<str>, u64, String),
    /// A file that is of no kind that is imported.
    Passed(Arc<str>),
}

impl From<Found> for Work {
    fn from(found: Found) -> Self {
        match found {
            Found::Piece(piece) => Work::Piece(piece),
            Found::Broken(file, line, reason) => Work::Broken(file, line, reason),
            Found::Passed(file) => Work::Passed(file),
        }
    }
}

/// What became of an import.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Resources that were created or changed.
    pub written: u64,
    /// Resources that were there already, as they are.
    pub unchanged: u64,
    /// Lines and entries that were refused.
    pub rejected: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Resources a second, the unchanged ones included.
    pub per_second: u64,
}

/// How many resources go into one commit: the store takes several commits at a time into one group.
const COMMIT_SIZE: usize = 500;

/// How many bytes of text a worker is handed at a time.
const BATCH_BYTES: usize = 1 << 20;

/// How many refused resources are named on standard error; the rejects file has all.
const NAMED_REJECTS: u64 = 20;

/// How many bytes of text may be put off until the end.
const MAX_DEFERRED_BYTES: usize = 1 << 30;

/// What is put off until the end.
#[derive(Default)]
struct Deferred {
    pieces: Vec<Piece>,
    bytes: usize,
}

impl Deferred {
    /// Keeps a piece, when there is room for it.
    fn keep(&mut self, piece: Piece) -> bool {
        self.bytes += piece.text.len();
        self.pieces.push(piece);
        self.bytes <= MAX_DEFERRED_BYTES
    }
}

/// An import that is about to begin.
pub struct Pipeline {
    shared: Arc<Shared>,
    workers: usize,
    bytes: Option<(Arc<AtomicU64>, u64)>,
}

struct Shared {
    server: Arc<Server>,
    actor: &'static str,
    preparer: Preparer,
    written: AtomicU64,
    unchanged: AtomicU64,
    rejected: AtomicU64,
    stop: AtomicBool,
    failure: Mutex<Option<String>>,
    rejects: Mutex<Option<Rejects>>,
    /// Documents and lines whose conditional references matched nothing yet: they are tried again when all else is in.
    deferred: Mutex<Deferred>,
    /// A permit for each commit that may be on its way.
    commits: Semaphore,
    /// How many permits there are.
    commit_limit: u32,
}

impl Pipeline {
    /// An import into `server` in the name of `actor`, with so many workers (as many as there are processors when 0).
    pub fn new(server: Arc<Server>, actor: &'static str, threads: usize, rejects: Option<Rejects>) -> Self {
        let workers = if threads > 0 { threads } else { std::thread::available_parallelism().map_or(2, usize::from) };
        let shared = Shared {
            preparer: Preparer::new(server.clone()),
            server,
            actor,
            written: AtomicU64::new(0),
            unchanged: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            failure: Mutex::new(None),
            rejects: Mutex::new(rejects),
            deferred: Mutex::default(),
            commits: Semaphore::new(workers * 4),
            commit_limit: workers as u32 * 4,
        };
        Self { shared: Arc::new(shared), workers, bytes: None }
    }

    /// Shows progress by the bytes read of all bytes.
    pub fn measure(&mut self, done: Arc<AtomicU64>, all: u64) {
        self.bytes = Some((done, all));
    }

    /// Takes in everything that `source` hands out. It is called on a thread of its own with a function that takes a piece of work,
    /// waits while the workers are busy, and answers `false` when the import has failed.
    pub async fn run(self, source: impl FnOnce(&mut dyn FnMut(Work) -> bool) + Send + 'static) -> Result<Summary, Failure> {
        let mut progress = Progress::start("resources");
        let (sender, receiver) = mpsc::channel::<Vec<Work>>(self.workers * 2);
        let receiver = Arc::new(Mutex::new(receiver));
        let reader = tokio::task::spawn_blocking({
            let shared = self.shared.clone();
            move || read(source, &sender, &shared)
        });
        let workers: Vec<_> = (0..self.workers)
            .map(|_| {
                let (shared, receiver) = (self.shared.clone(), receiver.clone());
                tokio::task::spawn_blocking(move || work(&shared, &receiver))
            })
            .collect();
        let shown = async {
            loop {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                self.show(&mut progress);
            }
        };
        let finished = async {
            let read = reader.await;
            for worker in workers {
                worker.await?;
            }
            read
        };
        tokio::select! {
            () = shown => {}
            result = finished => result.map_err(|error| Failure::failed(format!("the import broke off: {error}")))?,
        }
        self.finish(progress).await
    }

    fn show(&self, progress: &mut Progress) {
        let handled = self.shared.written.load(Ordering::Relaxed) + self.shared.unchanged.load(Ordering::Relaxed);
        let share = self.bytes.as_ref().map_or(0.0, |(done, all)| done.load(Ordering::Relaxed) as f64 / (*all).max(1) as f64);
        progress.show_share(handled, share);
    }

    async fn finish(self, progress: Progress) -> Result<Summary, Failure> {
        let shared = self.shared.clone();
        tokio::task::spawn_blocking(move || retry_deferred(&shared))
            .await
            .map_err(|error| Failure::failed(format!("the import broke off: {error}")))?;
        // All permits back means that no commit is on its way any more.
        let _ = self.shared.commits.acquire_many(self.shared.commit_limit).await;
        progress.clear();
        if let Ok(mut rejects) = self.shared.rejects.lock()
            && let Some(rejects) = rejects.as_mut()
        {
            rejects.finish().map_err(|error| Failure::failed(format!("{}: {error}", rejects.path().display())))?;
        }
        if let Some(failure) = self.shared.failure.lock().ok().and_then(|mut failure| failure.take()) {
            return Err(Failure::failed(failure));
        }
        let written = self.shared.written.load(Ordering::Relaxed);
        let unchanged = self.shared.unchanged.load(Ordering::Relaxed);
        Ok(Summary {
            written,
            unchanged,
            rejected: self.shared.rejected.load(Ordering::Relaxed),
            seconds: progress.seconds(),
            per_second: progress.rate(written + unchanged),
        })
    }
}

/// Cuts the source into batches for the workers.
fn read(source: impl FnOnce(&mut dyn FnMut(Work) -> bool), sender: &mpsc::Sender<Vec<Work>>, shared: &Shared) {
    let mut batch = Vec::new();
    let mut bytes = 0;
    source(&mut |work| {
        bytes += match &work {
            Work::Piece(piece) => piece.text.len(),
            _ => 2000,
        };
        batch.push(work);
        if bytes < BATCH_BYTES && batch.len() < COMMIT_SIZE {
            return true;
        }
        bytes = 0;
        sender.blocking_send(std::mem::take(&mut batch)).is_ok() && !shared.stop.load(Ordering::Relaxed)
    });
    let _ = sender.blocking_send(batch);
}

/// A worker: takes batches until there are no more.
fn work(shared: &Arc<Shared>, receiver: &Mutex<mpsc::Receiver<Vec<Work>>>) {
    loop {
        let batch = match receiver.lock() {
            Ok(mut receiver) => receiver.blocking_recv(),
            Err(_) => return,
        };
        let Some(batch) = batch else { return };
        if shared.stop.load(Ordering::Relaxed) {
            continue;
        }
        let mut gathered = Gathered::new(shared);
        for work in batch {
            gathered.take(work, false);
        }
        gathered.commit();
    }
}

fn retry_deferred(shared: &Arc<Shared>) {
    let pieces = shared.deferred.lock().map(|mut deferred| std::mem::take(&mut deferred.pieces)).unwrap_or_default();
    if pieces.is_empty() {
        return;
    }
    // What these refer to may be on its way still.
    drop(tokio::runtime::Handle::current().block_on(shared.commits.acquire_many(shared.commit_limit)));
    let mut gathered = Gathered::new(shared);
    for piece in pieces {
        gathered.take(Work::Piece(piece), true);
        gathered.commit();
    }
}

/// The resources that a worker gathers for a commit.
struct Gathered<'a> {
    shared: &'a Arc<Shared>,
    puts: Vec<Put>,
    places: HashMap<Key, usize>,
}

impl<'a> Gathered<'a> {
    fn new(shared: &'a Arc<Shared>) -> Self {
        Self { shared, puts: Vec::new(), places: HashMap::new() }
    }

    fn take(&mut self, work: Work, is_last_try: bool) {
        let piece = match work {
            Work::Piece(piece) => piece,
            Work::Resource(resource) => {
                let ready = self.shared.preparer.resource(&resource);
                return self.place(ready, "", 0, &mut String::new);
            }
            Work::Broken(file, line, reason) => {
                let issue = Issue::error(codes::BROKEN_FILE, fhir::IssueCode::Structure, "", reason);
                return self.shared.reject(Reject { file: file.to_string(), line, entry: None, issues: vec![issue], text: String::new() });
            }
            Work::Passed(file) => {
                return eprintln!("ward: {file} is passed over: it ends in none of .json, .ndjson, .jsonl, .xml, .gz and .zip");
            }
        };
        match self.shared.preparer.piece(&piece, is_last_try) {
            Piecewise::One(ready) => {
                self.place(ready, &piece.file, piece.line, &mut || String::from_utf8_lossy(&piece.text).trim_end().to_owned());
            }
            Piecewise::Many(entries) => {
                // A document stands for itself: its resources go in together.
                self.commit();
                for (index, mut ready) in entries.into_iter().enumerate() {
                    ready.entry = Some(index);
                    let mut text = std::mem::take(&mut ready.text);
                    self.place(ready, &piece.file, piece.line, &mut || std::mem::take(&mut text));
                }
                self.commit();
            }
            Piecewise::Later => self.defer(piece),
        }
    }

    fn defer(&mut self, piece: Piece) {
        let size = piece.text.len();
        let is_kept = self.shared.deferred.lock().is_ok_and(|mut deferred| deferred.keep(piece));
        if !is_kept {
            self.shared.fail(format!(
                "more than {MAX_DEFERRED_BYTES} bytes refer to what is not there yet, {size} more now: import what they refer to first"
            ));
        }
    }

    fn place(&mut self, ready: Ready, file: &str, line: u64, text: &mut dyn FnMut() -> String) {
        match ready.result {
            Ok(None) => {
                self.shared.unchanged.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Some(put)) => {
                if let Some(&index) = self.places.get(&put.key) {
                    if self.puts[index].body == put.body {
                        self.shared.unchanged.fetch_add(1, Ordering::Relaxed);
                        return;
                    }
                    self.commit();
                }
                self.places.insert(put.key.clone(), self.puts.len());
                self.puts.push(*put);
            }
            Err(issues) => self.shared.reject(Reject { file: file.to_owned(), line, entry: ready.entry, issues, text: text() }),
        }
    }

    /// Sends what is gathered to the store, and goes on while it is written.
    fn commit(&mut self) {
        self.places.clear();
        let puts = std::mem::take(&mut self.puts);
        if puts.is_empty() || self.shared.stop.load(Ordering::Relaxed) {
            return;
        }
        let handle = tokio::runtime::Handle::current();
        let shared = self.shared.clone();
        let wait = Arc::new(tokio::sync::Notify::new());
        let begun = wait.clone();
        let task = async move {
            let permit = shared.commits.acquire().await;
            begun.notify_one();
            shared.send(puts).await;
            drop(permit);
        };
        handle.spawn(task);
        handle.block_on(wait.notified());
    }
}

impl Shared {
    async fn send(&self, puts: Vec<Put>) {
        let puts = match self.changed(puts).await {
            Ok(puts) if puts.is_empty() => return,
            Ok(puts) => puts,
            Err(error) => return self.fail(error.to_string()),
        };
        let count = puts.len() as u64;
        let mut commit = Commit::new(TENANT, self.actor, self.actor);
        commit.put = puts;
        let mut pause_ms = 10;
        loop {
            match self.server.store.commit(commit.clone()).await {
                Ok(_) => {
                    self.written.fetch_add(count, Ordering::Relaxed);
                    return;
                }
                Err(CommitError::Busy) if pause_ms < 10_000 => {
                    tokio::time::sleep(std::time::Duration::from_millis(pause_ms)).await;
                    pause_ms *= 2;
                }
                Err(CommitError::Full) => return self.fail("the disk is full: make room and run the import again".to_owned()),
                Err(error) => return self.fail(format!("the store refused a commit: {error:?}")),
            }
        }
    }

    /// Leaves out what is in the store already as it is.
    async fn changed(&self, puts: Vec<Put>) -> Result<Vec<Put>, store::ReadError> {
        let mut changed = Vec::with_capacity(puts.len());
        for put in puts {
            let current = self.server.store.read(TENANT, &put.key).await?;
            let same = current.is_some_and(|current| {
                current.text().is_some_and(|text| **text == put.body.stamped(current.version, current.last_updated))
            });
            if same {
                self.unchanged.fetch_add(1, Ordering::Relaxed);
            } else {
                changed.push(put);
            }
        }
        Ok(changed)
    }

    fn fail(&self, reason: String) {
        self.stop.store(true, Ordering::Relaxed);
        if let Ok(mut failure) = self.failure.lock() {
            failure.get_or_insert(reason);
        }
    }

    fn reject(&self, reject: Reject) {
        let count = self.rejected.fetch_add(1, Ordering::Relaxed) + 1;
        if count <= NAMED_REJECTS {
            eprintln!("ward: {}: {}", reject.place(), reject.issues.first().map(ToString::to_string).unwrap_or_default());
        }
        let Ok(mut rejects) = self.rejects.lock() else { return };
        if let Some(rejects) = rejects.as_mut()
            && let Err(error) = rejects.add(&reject)
        {
            self.fail(format!("{}: {error}", rejects.path().display()));
        }
    }
}
