//! The registry in force, which resources change while the server runs.

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use fhir::definitions::ResourceType;
use store::commit::{Instant, Key};
use store::contract::Extract;
use store::entry::{Entry, Param};
use store::secrecy::Secrets;

use super::Registry;

/// The registry in force. Clones share it: the engine puts another one in its place when a commit has changed what resources define, and
/// whoever asks next has that one.
#[derive(Clone)]
pub struct Live(Arc<RwLock<Arc<Registry>>>);

impl From<Arc<Registry>> for Live {
    fn from(registry: Arc<Registry>) -> Self {
        Self(Arc::new(RwLock::new(registry)))
    }
}

impl Live {
    /// The registry as it is now: it does not change any more, whatever comes.
    pub fn current(&self) -> Arc<Registry> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Extract for Live {
    fn extract(&self, kind: ResourceType, text: &[u8]) -> (Vec<Entry>, Instant) {
        Extract::extract(&*self.current(), kind, text)
    }

    fn fingerprint(&self) -> u64 {
        self.current().fingerprint()
    }

    fn definitions(&self) -> Option<ResourceType> {
        ResourceType::parse("SearchParameter")
    }

    fn define(&self, definitions: &[(Key, Bytes)]) {
        let parsed = definitions.iter().filter_map(|(key, text)| Some((key.id.clone(), fhir::json::parse(text).ok()?)));
        let mut resources: Vec<(Box<str>, fhir::Value)> = parsed.collect();
        resources.sort_by(|(left, _), (right, _)| left.cmp(right));
        let (registry, refused) = self.current().with_definitions(&resources);
        for (id, issues) in refused {
            let why: Vec<&str> = issues.iter().map(|issue| issue.diagnostics.as_ref()).collect();
            tracing::warn!("SearchParameter/{id} is active, and not in force: {}", why.join("; "));
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(registry);
    }

    fn defined(&self) -> Vec<(ResourceType, Vec<Param>)> {
        self.current().defined()
    }

    fn identity(&self) -> u64 {
        self.current().identity()
    }

    fn secrets(&self) -> Arc<Secrets> {
        Extract::secrets(&*self.current())
    }
}
