//! The conformance resources that count: what the server brings, and on top of it what is stored (profiles, value sets, code systems, …), as one
//! [`fhir::library::Library`] for each tenant.
//!
//! A stored resource counts from its own commit on, before that is answered, in whatever way it came in: [`Defining`] stands before the store and
//! takes every commit in. What was there before is read when somebody first asks, or when a server warms up ([`Stored::fill`]).
//!
//! - `stored`: what is stored of a tenant.
//! - `books`: where it is found, by key and by address.
//! - `entry`: a resource, packed; read when somebody asks for it.
//! - `skim`: the address and version of a resource, without reading all of it.
//! - `defining`: the store that takes commits in.

mod books;
mod defining;
mod entry;
mod skim;
mod stored;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use fhir::Value;
use fhir::canonical::Canonical;
use fhir::library::{Library, Stacked};
use store::commit::Tenant;

pub use defining::Defining;
pub use stored::Stored;

/// What is stored of each tenant. Clones share it.
#[derive(Clone, Default)]
pub struct Live(Arc<RwLock<HashMap<Tenant, Arc<Stored>>>>);

impl Live {
    /// What is stored of a tenant. It knows what was committed since somebody first asked; what was there before, once it is filled.
    pub fn of(&self, tenant: Tenant) -> Arc<Stored> {
        if let Some(stored) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&tenant) {
            return stored.clone();
        }
        self.0.write().unwrap_or_else(PoisonError::into_inner).entry(tenant).or_default().clone()
    }
}

/// What is in force for a tenant: what it has stored, and below it what the server brings.
#[derive(Clone)]
pub struct InForce {
    /// What is stored.
    pub stored: Arc<Stored>,
    /// What the server brings.
    pub base: Arc<dyn Library>,
}

impl InForce {
    fn stacked(&self) -> Stacked<'_> {
        Stacked { upper: &*self.stored, lower: &*self.base }
    }
}

impl Library for InForce {
    fn find(&self, kind: &str, canonical: &Canonical<'_>) -> Option<Arc<Value>> {
        self.stacked().find(kind, canonical)
    }

    fn versions(&self, kind: &str, url: &str) -> Vec<Option<Box<str>>> {
        self.stacked().versions(kind, url)
    }

    fn urls(&self, kind: &str) -> Vec<Box<str>> {
        self.stacked().urls(kind)
    }

    fn generation(&self) -> u64 {
        self.stacked().generation()
    }
}
