//! What the reference engine keeps.

use std::collections::BTreeMap;

use crate::commit::{Claim, Instant, Key, NO_DATE, Sequence, Tenant};
use crate::entry::Entry;
use crate::query::{Change, Content, Version};

use super::jobs::Jobs;
use super::ledger::Accounts;
use super::numbers::Numbers;

/// A version of a resource.
pub(super) struct Row {
    /// 1 for the first of all tenants.
    pub(super) number: u64,
    pub(super) key: Key,
    pub(super) version: u64,
    pub(super) at: Instant,
    pub(super) content: Content,
    /// None for a deletion.
    pub(super) entries: Vec<Entry>,
    pub(super) date: Instant,
    /// The number of the resource: that of the row of its first version.
    pub(super) resource: u64,
    /// Whether it was erased: only its numbers are left then.
    pub(super) is_erased: bool,
}

impl Row {
    pub(super) fn is_deleted(&self) -> bool {
        self.content == Content::Deleted
    }

    /// Takes everything out but the fact that it was there.
    pub(super) fn erase(&mut self) {
        self.content = Content::Deleted;
        self.entries = Vec::new();
        self.date = NO_DATE;
        self.is_erased = true;
    }

    pub(super) fn version(&self) -> Version {
        Version { key: self.key.clone(), version: self.version, last_updated: self.at, content: self.content.clone() }
    }
}

/// What a tenant owns.
#[derive(Default)]
pub(super) struct TenantState {
    pub(super) sequence: Sequence,
    /// All versions, oldest first.
    pub(super) rows: Vec<Row>,
    pub(super) claims: Vec<Claim>,
    pub(super) accounts: Accounts,
    pub(super) numbers: Numbers,
    pub(super) jobs: Jobs,
    pub(super) cursors: BTreeMap<String, Sequence>,
    pub(super) changes: Vec<Change>,
}

/// Everything.
#[derive(Default)]
pub(super) struct State {
    tenants: BTreeMap<Tenant, TenantState>,
    /// The number of the last row.
    pub(super) last_row: u64,
    /// When the last commit was applied.
    pub(super) last_at: Instant,
}

impl State {
    pub(super) fn tenant(&mut self, tenant: Tenant) -> &mut TenantState {
        self.tenants.entry(tenant).or_default()
    }

    pub(super) fn view(&mut self, tenant: Tenant) -> super::resources::View<'_> {
        super::resources::View { tenant: self.tenant(tenant), as_of: None }
    }
}
