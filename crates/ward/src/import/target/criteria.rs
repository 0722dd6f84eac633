//! References by search criteria, `Practitioner?identifier=…`: looked up once each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use fhir::definitions::ResourceType;

use super::Target;
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

    /// The one resource that the criteria choose, as `Practitioner/12`; `None` when there is none, or several, or when the import has failed.
    ///
    /// Must be called from a thread that may block.
    pub fn resolve(&self, kind: ResourceType, query: &str) -> Option<String> {
        let criteria = (kind, query.to_owned());
        if let Some(known) = self.known.lock().ok()?.get(&criteria) {
            return Some(known.clone());
        }
        let chosen = tokio::runtime::Handle::current().block_on(self.target.choose(kind, query));
        let found = chosen.unwrap_or_else(|reason| {
            self.ledger.fail(reason);
            None
        })?;
        self.known.lock().ok()?.insert(criteria, found.clone());
        Some(found)
    }
}
