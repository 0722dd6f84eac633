//! What a server has refused so far.

use crate::import::MAX_DEFERRED_BYTES;
use crate::import::rejects::Reject;
use crate::import::target::{Group, Item};

/// Resources that are sent together or not at all: those of a document, or a single one.
pub struct Unit {
    /// The resources.
    pub items: Vec<Item>,
    /// Why each of them was refused, once the server has said so.
    pub reasons: Vec<Vec<String>>,
}

impl Unit {
    /// The units of a group.
    pub fn of(group: Group) -> Vec<Self> {
        let Group { mut items, is_document } = group;
        for item in &mut items {
            // A server makes its index itself.
            item.put.entries = Vec::new();
        }
        if is_document {
            return vec![Unit { items, reasons: Vec::new() }];
        }
        items.into_iter().map(|item| Unit { items: vec![item], reasons: Vec::new() }).collect()
    }

    /// How much text it has.
    pub fn bytes(&self) -> usize {
        self.items.iter().map(|item| item.put.body.text.len()).sum()
    }

    /// What is set aside of it.
    pub fn rejects(self) -> impl Iterator<Item = Reject> {
        let mut reasons = self.reasons.into_iter();
        self.items.into_iter().map(move |item| Reject {
            origin: item.origin,
            issues: reasons.next().unwrap_or_default(),
            text: String::from_utf8_lossy(&super::transaction::plain(&item.put.body)).into_owned(),
        })
    }
}

/// The units that were refused.
#[derive(Default)]
pub struct Held {
    units: Vec<Unit>,
    bytes: usize,
}

impl Held {
    /// Keeps units; says why not when there is no room for them.
    pub fn keep(&mut self, units: Vec<Unit>) -> Result<(), String> {
        self.bytes += units.iter().map(Unit::bytes).sum::<usize>();
        self.units.extend(units);
        if self.bytes <= MAX_DEFERRED_BYTES {
            return Ok(());
        }
        Err(format!(
            "the server refused more than {MAX_DEFERRED_BYTES} bytes so far, as what they refer to is not there yet: import that first, or let \
             the server take references to nothing while you import (its setting references=allow)"
        ))
    }

    /// Takes all out.
    pub fn take(&mut self) -> Vec<Unit> {
        self.bytes = 0;
        std::mem::take(&mut self.units)
    }
}
