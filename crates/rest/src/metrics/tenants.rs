//! Requests by tenant. Tenants are named by their numbers: whoever may read metrics need not know what they are called.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use http::StatusCode;
use store::commit::Tenant;

/// Requests about one tenant, by the first digit of the status, 1 to 5.
type Classes = [AtomicU64; 5];

/// Requests answered, for each tenant that was asked about since the process began. There are no more than [`identity::tenants::MOST_TENANTS`].
#[derive(Default)]
pub(super) struct ByTenant(RwLock<BTreeMap<Tenant, Arc<Classes>>>);

impl ByTenant {
    pub(super) fn record(&self, tenant: Tenant, status: StatusCode) {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned();
        let classes = known.unwrap_or_else(|| self.0.write().unwrap_or_else(PoisonError::into_inner).entry(tenant).or_default().clone());
        if let Some(class) = classes.get(usize::from(status.as_u16() / 100).wrapping_sub(1)) {
            class.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn write(&self, out: &mut String) {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if all.is_empty() {
            return;
        }
        out.push_str("# HELP ward_tenant_requests_total Requests answered, by the number of the tenant and class of status.\n");
        out.push_str("# TYPE ward_tenant_requests_total counter\n");
        for (Tenant(number), classes) in &*all {
            for (class, count) in (1..).zip(&**classes) {
                let count = count.load(Ordering::Relaxed);
                let _ = writeln!(out, "ward_tenant_requests_total{{tenant=\"{number}\",status=\"{class}xx\"}} {count}");
            }
        }
    }
}
