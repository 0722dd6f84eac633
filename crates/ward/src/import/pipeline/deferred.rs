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
    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Takes all out.
    fn take(&mut self) -> Vec<Piece> {
        self.bytes = 0;
        std::mem::take(&mut self.pieces)
    }

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

/// Tries the pieces again that were put off. With `is_last_try`, what still refers to nothing is refused, else put off again.
///
/// Must be called from a thread that may block.
pub fn retry(shared: &Arc<Shared>, is_last_try: bool) {
    let pieces = shared.deferred.lock().map(|mut deferred| deferred.take()).unwrap_or_default();
    let mut gathered = Gathered::new(shared);
    for piece in pieces {
        if shared.ledger.has_failed() {
            break;
        }
        gathered.take(Work::Piece(piece), is_last_try);
        gathered.send();
    }
}
