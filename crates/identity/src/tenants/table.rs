//! All tenants, as a request looks them up.

use std::collections::HashMap;
use std::sync::Arc;

use store::commit::Tenant;

use super::tenancy::{FIRST, Standing, Tenancy};

/// All tenants but those that are deleted, at one moment.
#[derive(Debug)]
pub struct Table {
    /// By number.
    all: Vec<Arc<Tenancy>>,
    by_slug: HashMap<Box<str>, usize>,
    by_host: HashMap<Box<str>, usize>,
}

impl Table {
    pub(super) fn new(records: Vec<Tenancy>) -> Self {
        let mut all: Vec<Arc<Tenancy>> =
            records.into_iter().filter(|tenancy| tenancy.standing != Standing::Deleted).map(Arc::new).collect();
        if all.iter().all(|tenancy| tenancy.tenant() != FIRST) {
            all.push(Arc::new(Tenancy::first()));
        }
        all.sort_unstable_by_key(|tenancy| tenancy.number);
        let by_slug = all.iter().enumerate().map(|(at, tenancy)| (tenancy.slug.as_str().into(), at)).collect();
        let hosts = all.iter().enumerate().flat_map(|(at, tenancy)| tenancy.hosts.iter().map(move |host| (host.as_str().into(), at)));
        let by_host = hosts.collect();
        Self { all, by_slug, by_host }
    }

    /// All of them, by number: the first at least.
    pub fn all(&self) -> &[Arc<Tenancy>] {
        &self.all
    }

    /// The one of this number; `None` when there is none.
    pub fn of(&self, tenant: Tenant) -> Option<&Arc<Tenancy>> {
        let at = self.all.binary_search_by_key(&tenant.0, |tenancy| tenancy.number).ok()?;
        self.all.get(at)
    }

    /// The one of this name in addresses; `None` when there is none.
    pub fn named(&self, slug: &str) -> Option<&Arc<Tenancy>> {
        self.all.get(*self.by_slug.get(slug)?)
    }

    /// The one whose own a host is, whatever port is named with it; `None` when it is nobody's own.
    pub fn at_host(&self, host: &str) -> Option<&Arc<Tenancy>> {
        if self.by_host.is_empty() {
            return None;
        }
        let name =
            host.rsplit_once(':').map_or(host, |(name, port)| if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host });
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        self.all.get(*self.by_host.get(&*name)?)
    }
}
