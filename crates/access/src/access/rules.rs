//! What a tenant has defined itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use store::ReadError;
use store::commit::Tenant;

use super::RuleSource;
use crate::Policy;

/// Roles and policies of a tenant's own, and its time.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Roles by their names, before those that Ward brings.
    pub roles: HashMap<Box<str>, Arc<Policy>>,
    /// The policies of users, by the ids of their accounts.
    pub users: HashMap<Box<str>, Vec<Arc<Policy>>>,
    /// The time zone in which they say hours, as the IANA database names it; `None`: that of the server.
    pub zone: Option<Box<str>>,
}

impl Rules {
    /// Whether they say the same.
    fn is_same(&self, other: &Rules) -> bool {
        self.roles == other.roles && self.users == other.users && self.zone == other.zone
    }
}

/// Those of one tenant, with a count of their changes.
#[derive(Default)]
pub(super) struct TenantRules {
    rules: RwLock<Arc<Rules>>,
    generation: AtomicU64,
    /// Counts what was heard of changes where they are kept; what was read at which count.
    heard: AtomicU64,
    read: tokio::sync::Mutex<()>,
    read_at: AtomicU64,
}

/// Nothing was read yet.
const NEVER: u64 = 0;

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

    /// Says that they may have changed where they are kept.
    pub(super) fn outdate(&self) {
        self.heard.fetch_add(1, Ordering::SeqCst);
    }

    /// The count of what was heard. The first is 1, as nothing was read at 0.
    fn count(&self) -> u64 {
        self.heard.load(Ordering::SeqCst) + 1
    }

    /// Whether nothing was heard since they were last read.
    pub(super) fn is_up_to_date(&self) -> bool {
        self.read_at.load(Ordering::SeqCst) == self.count()
    }

    /// Reads them where they are kept, when something was heard since they were last read. Whoever asks meanwhile waits.
    pub(super) async fn keep_up(&self, source: &dyn RuleSource, tenant: Tenant) -> Result<(), ReadError> {
        if self.is_up_to_date() {
            return Ok(());
        }
        let _turn = self.read.lock().await;
        // What changes while they are read makes another count: they are read again then.
        let count = self.count();
        let read_at = self.read_at.load(Ordering::SeqCst);
        if read_at == count {
            return Ok(());
        }
        let rules = source.read(tenant).await?;
        if read_at == NEVER || !rules.is_same(&self.current()) {
            self.set(rules);
        }
        self.read_at.store(count, Ordering::SeqCst);
        Ok(())
    }

    /// The count goes up after the change: who has seen the new count sees the change.
    pub(super) fn change(&self, change: impl FnOnce(&mut Rules)) {
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut rules));
        self.generation.fetch_add(1, Ordering::SeqCst);
    }
}
