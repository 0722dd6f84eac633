//! What a tenant has defined itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::Policy;

/// Roles and policies of a tenant's own.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Roles by their names, before those that Ward brings.
    pub roles: HashMap<Box<str>, Arc<Policy>>,
    /// The policies of users, by the ids of their accounts.
    pub users: HashMap<Box<str>, Vec<Arc<Policy>>>,
}

/// Those of one tenant, with a count of their changes.
#[derive(Default)]
pub(super) struct TenantRules {
    rules: RwLock<Arc<Rules>>,
    generation: AtomicU64,
}

impl TenantRules {
    pub(super) fn current(&self) -> Arc<Rules> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    pub(super) fn set(&self, rules: Rules) {
        self.change(|current| *current = rules);
    }

    /// The count goes up after the change: who has seen the new count sees the change.
    pub(super) fn change(&self, change: impl FnOnce(&mut Rules)) {
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut rules));
        self.generation.fetch_add(1, Ordering::SeqCst);
    }
}
