//! Reading: what there is to take in, cut into batches for the workers.

use std::sync::Arc;

use fhir::Value;
use tokio::sync::mpsc;

use super::COMMIT_SIZE;
use crate::import::ledger::Ledger;
use crate::import::rejects::Origin;
use crate::import::source::{Found, Piece};

/// What an import is made of.
pub enum Work {
    /// A document or a line.
    Piece(Piece),
    /// A resource that is already a tree, and where it comes from.
    Resource(Value, Origin),
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

/// How many bytes of text a worker is handed at a time.
const BATCH_BYTES: usize = 1 << 20;

/// What a resource that is already a tree counts for.
const TREE_BYTES: usize = 2000;

/// Hands out everything in `source` in batches, until the import has failed.
pub fn read(source: impl FnOnce(&mut dyn FnMut(Work) -> bool), sender: &mpsc::Sender<Vec<Work>>, ledger: &Ledger) {
    let mut batch = Vec::new();
    let mut bytes = 0;
    source(&mut |work| {
        bytes += match &work {
            Work::Piece(piece) => piece.text.len(),
            _ => TREE_BYTES,
        };
        batch.push(work);
        if bytes < BATCH_BYTES && batch.len() < COMMIT_SIZE {
            return true;
        }
        bytes = 0;
        sender.blocking_send(std::mem::take(&mut batch)).is_ok() && !ledger.has_failed()
    });
    let _ = sender.blocking_send(batch);
}
