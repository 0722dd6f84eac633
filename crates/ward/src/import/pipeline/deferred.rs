//! What is put off until the end: pieces whose references by search criteria match nothing yet.

use std::sync::Arc;

use super::Shared;
use super::gather::Gathered;
use super::read::Work;
use crate::import::MAX_DEFERRED_BYTES;
use crate::import::source::Piece;

/// Pieces that wait for the end.
#[derive(Default)]
pub struct Deferred {
    pieces: Vec<Piece>,
    bytes: usize,
}

impl Deferred {
    /// Keeps a piece; says why not when there is no room for it.
    pub fn keep(&mut self, piece: Piece) -> Result<(), String> {
        self.bytes += piece.text.len();
        self.pieces.push(piece);
        if self.bytes <= MAX_DEFERRED_BYTES {
            return Ok(());
        }
        Err(format!("more than {MAX_DEFERRED_BYTES} bytes refer to what is not there yet: import what they refer to first"))
    }
}

/// Tries the pieces again that were put off, for the last time. All else has been written. Answers whether there were any.
///
/// Must be called from a thread that may block.
pub fn retry(shared: &Arc<Shared>) -> bool {
    let pieces = shared.deferred.lock().map(|mut deferred| std::mem::take(&mut deferred.pieces)).unwrap_or_default();
    let any = !pieces.is_empty();
    let mut gathered = Gathered::new(shared);
    for piece in pieces {
        if shared.ledger.has_failed() {
            break;
        }
        gathered.take(Work::Piece(piece), true);
        gathered.send(false);
    }
    any
}
