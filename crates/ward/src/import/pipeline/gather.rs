//! Gathering: a worker takes pieces, has them prepared, and sends the resources on in groups.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use fhir::{Issue, IssueCode};
use interaction::prepare::Prepared;
use store::commit::Key;
use tokio::sync::mpsc;

use super::Shared;
use super::read::Work;
use crate::codes;
use crate::import::prepare::{Piecewise, Ready};
use crate::import::rejects::{Origin, Reject};
use crate::import::source::Piece;
use crate::import::target::Item;

/// A worker: takes batches until there are no more.
pub fn work(shared: &Arc<Shared>, receiver: &Mutex<mpsc::Receiver<Vec<Work>>>) {
    loop {
        let batch = match receiver.lock() {
            Ok(mut receiver) => receiver.blocking_recv(),
            Err(_) => return,
        };
        let Some(batch) = batch else { return };
        if shared.ledger.has_failed() {
            continue;
        }
        let mut gathered = Gathered::new(shared);
        for work in batch {
            gathered.take(work, false);
        }
        gathered.send();
    }
}

/// The resources that a worker gathers for a group.
pub struct Gathered<'a> {
    shared: &'a Arc<Shared>,
    items: Vec<Item>,
    places: HashMap<Key, usize>,
}

impl<'a> Gathered<'a> {
    /// None yet.
    pub fn new(shared: &'a Arc<Shared>) -> Self {
        Self { shared, items: Vec::new(), places: HashMap::new() }
    }

    /// Takes a piece of work. With `is_last_try`, what refers to nothing is refused, not put off.
    pub fn take(&mut self, work: Work, is_last_try: bool) {
        let piece = match work {
            Work::Piece(piece) => piece,
            Work::Resource(resource, origin) => {
                let ready = self.shared.preparer.resource(&resource);
                return self.place(ready, origin, &mut String::new);
            }
            Work::Broken(file, line, reason) => {
                let issue = Issue::error(codes::BROKEN_FILE, IssueCode::Structure, "", reason);
                let reject = Reject { origin: Origin { file, line, entry: None }, issues: vec![issue.to_string()], text: String::new() };
                return self.shared.ledger.reject(reject);
            }
            Work::Passed(file) => {
                return eprintln!("ward: {file} is passed over: it ends in none of .json, .ndjson, .jsonl, .xml, .gz and .zip");
            }
        };
        let origin = |entry| Origin { file: piece.file.clone(), line: piece.line, entry };
        match self.shared.preparer.piece(&piece, is_last_try) {
            Piecewise::One(ready) => {
                self.place(ready, origin(None), &mut || String::from_utf8_lossy(&piece.text).trim_end().to_owned());
            }
            Piecewise::Many(entries) => {
                // A document stands for itself: its resources go in together.
                self.send();
                for (index, mut ready) in entries.into_iter().enumerate() {
                    let mut text = std::mem::take(&mut ready.text);
                    self.place(ready, origin(Some(index)), &mut || std::mem::take(&mut text));
                }
                self.send();
            }
            Piecewise::Later => self.shared.put_off(piece),
        }
    }

    fn place(&mut self, ready: Ready, origin: Origin, text: &mut dyn FnMut() -> String) {
        let ledger = &self.shared.ledger;
        match ready.result {
            Ok(None) => ledger.unchanged(1),
            Ok(Some(prepared)) => {
                if let Some(&index) = self.places.get(&prepared.put.key) {
                    if self.items[index].put.body == prepared.put.body {
                        return ledger.unchanged(1);
                    }
                    self.send();
                }
                let Prepared { put, targets, .. } = *prepared;
                self.places.insert(put.key.clone(), self.items.len());
                self.items.push(Item { put, targets, origin });
            }
            Err(issues) => {
                let issues = issues.iter().map(ToString::to_string).collect();
                ledger.reject(Reject { origin, issues, text: text() });
            }
        }
    }

    /// Sends what is gathered to where the import goes, and goes on while it is written.
    pub fn send(&mut self) {
        self.places.clear();
        let items = std::mem::take(&mut self.items);
        if items.is_empty() || self.shared.ledger.has_failed() {
            return;
        }
        let handle = tokio::runtime::Handle::current();
        let shared = self.shared.clone();
        let wait = Arc::new(tokio::sync::Notify::new());
        let begun = wait.clone();
        let task = async move {
            let permit = shared.writes.acquire().await;
            begun.notify_one();
            shared.target.write(items, &shared.ledger).await;
            drop(permit);
        };
        handle.spawn(task);
        handle.block_on(wait.notified());
    }
}

impl Shared {
    /// Keeps a piece for the end.
    fn put_off(&self, piece: Piece) {
        let kept = self.deferred.lock().map_or(Ok(()), |mut deferred| deferred.keep(piece));
        if let Err(reason) = kept {
            self.ledger.fail(reason);
        }
    }
}
