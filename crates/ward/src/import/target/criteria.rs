//! References by search criteria, `Practitioner?identifier=…`: looked up once each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use fhir::definitions::ResourceType;

use super::{Chosen, Target};
use crate::import::ledger::Ledger;

/// The answers so far.
pub struct Criteria {
    target: Arc<Target>,
    ledger: Arc<Ledger>,
    known: Mutex<HashMap<(ResourceType, String), String>>,
}

impl Criteria {
    /// Criteria that are looked up in `target`.
    pub fn new(target: Arc<Target>, ledger: Arc<Ledger>) -> Self {
        Self { target, ledger, known: Mutex::default() }
    }

    /// What the criteria choose; nothing, too, when the import has failed.
    ///
    /// Must be called from a thread that may block.
    pub fn resolve(&self, kind: ResourceType, query: &str) -> Chosen {
        let criteria = (kind, query.to_owned());
        if let Some(known) = self.known.lock().ok().and_then(|known| known.get(&criteria).cloned()) {
            return Chosen::One(known);
        }
        let chosen = tokio::runtime::Handle::current().block_on(self.target.choose(kind, query)).unwrap_or_else(|reason| {
            self.ledger.fail(reason);
            Chosen::Nothing
        });
        if let (Chosen::One(found), Ok(mut known)) = (&chosen, self.known.lock()) {
            known.insert(criteria, found.clone());
        }
        chosen
    }
}
