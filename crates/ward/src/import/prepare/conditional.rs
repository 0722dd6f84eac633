//! References by search criteria, `Practitioner?identifier=…`: looked up once each.

use std::collections::HashMap;
use std::sync::Mutex;

use fhir::definitions::ResourceType;
use interaction::Context;
use interaction::condition::{self, Choice};

/// The answers so far.
#[derive(Default)]
pub struct Conditional {
    known: Mutex<HashMap<String, String>>,
}

impl Conditional {
    /// The one resource that the criteria choose, as `Practitioner/12`; `None` when there is none, or several, or when the text is not of this form.
    ///
    /// Must be called from a thread that may block.
    pub fn resolve(&self, context: &Context, criteria: &str) -> Option<String> {
        if let Some(known) = self.known.lock().ok()?.get(criteria) {
            return Some(known.clone());
        }
        let (kind, query) = criteria.split_once('?')?;
        let kind = ResourceType::parse(kind)?;
        let filter = condition::parse(context, kind, query, "").ok()?;
        let chosen = tokio::runtime::Handle::current().block_on(condition::choose(context, kind, &filter)).ok()?;
        let Choice::One(version) = chosen else { return None };
        let found = version.key.to_string();
        self.known.lock().ok()?.insert(criteria.to_owned(), found.clone());
        Some(found)
    }
}
