//! What a server has refused so far.

use crate::import::MAX_DEFERRED_BYTES;
use crate::import::rejects::Reject;
use crate::import::target::Item;

/// A resource that was refused.
pub struct Refused {
    /// The resource.
    pub item: Item,
    /// The server's reasons.
    pub reasons: Vec<String>,
}

impl Refused {
    /// What is set aside of it.
    pub fn reject(self) -> Reject {
        let text = super::transaction::plain(&self.item.put.body);
        Reject { text: String::from_utf8_lossy(&text).into_owned(), origin: self.item.origin, issues: self.reasons }
    }
}

/// All that was refused.
#[derive(Default)]
pub struct Held {
    refused: Vec<Refused>,
    bytes: usize,
}

impl Held {
    /// Keeps resources; says why not when there is no room for them.
    pub fn keep(&mut self, refused: impl IntoIterator<Item = Refused>) -> Result<(), String> {
        for mut one in refused {
            // A server makes its index itself.
            one.item.put.entries = Vec::new();
            self.bytes += one.item.put.body.text.len();
            self.refused.push(one);
        }
        if self.bytes <= MAX_DEFERRED_BYTES {
            return Ok(());
        }
        Err(format!(
            "the server refused more than {MAX_DEFERRED_BYTES} bytes so far, as what they refer to is not there yet: import that first, or let \
             the server take references to nothing while you import (its setting references=allow)"
        ))
    }

    /// Takes all out.
    pub fn take(&mut self) -> Vec<Refused> {
        self.bytes = 0;
        std::mem::take(&mut self.refused)
    }
}
