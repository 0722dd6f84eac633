//! References by search criteria, `Practitioner?identifier=…`: looked up once each.

use std::collections::HashMap;
use std::sync::Mutex;

use fhir::definitions::ResourceType;
use interaction::Context;
use store::query::{Filter, Query};

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
        let pairs = search::url::query_pairs(query).ok()?;
        let filter = search::parse_filter(&context.server.registry, &context.search_context(false), kind, &pairs).ok()?;
        if filter == Filter::everything() {
            return None;
        }
        let query =
            Query { tenant: context.tenant, kind, filter, sort: Vec::new(), count: 2, after: None, total: false, include: Vec::new() };
        let answer = tokio::runtime::Handle::current().block_on(context.store().search(&query)).ok()?;
        let [only] = answer.matches.as_slice() else { return None };
        let found = only.key.to_string();
        self.known.lock().ok()?.insert(criteria.to_owned(), found.clone());
        Some(found)
    }
}
