//! The tenants of a data directory: which one a command works in, and where it is.

use std::sync::Arc;

use identity::tenants::{FIRST, Tenancy, Tenants};
use identity::{Directory, tenants::TenantError};
use store::Store;

use crate::clock;
use crate::command::Failure;
use crate::settings::Settings;
use crate::wiring;

/// The tenants in a store.
pub fn of(store: Arc<dyn Store>) -> Arc<Tenants> {
    Arc::new(Tenants::new(Directory::new(store), clock::of_process()))
}

/// The tenant of this name; the first when none is given.
///
/// Fails when there is none, and when the store cannot be read.
pub async fn named(tenants: &Tenants, name: Option<&str>) -> Result<Arc<Tenancy>, Failure> {
    let table = tenants.table().await.map_err(|error| failed(&error.into()))?;
    let found = name.map_or_else(|| table.of(FIRST), |name| table.named(name));
    found.cloned().ok_or_else(|| failed(&TenantError::Unknown))
}

/// The same of the tenants in a store.
pub async fn named_in(store: &Arc<dyn Store>, name: Option<&str>) -> Result<Arc<Tenancy>, Failure> {
    named(&of(store.clone()), name).await
}

/// The address under which people reach the pages of a tenant, without a slash at its end, as far as the settings and the tenant tell.
pub fn site(settings: &Settings, tenancy: &Tenancy) -> String {
    let site = wiring::site(settings);
    match tenancy.hosts.first() {
        Some(host) => at_host(&site, host),
        None => site + &tenancy.path(),
    }
}

/// The address of the pages at `site` by another host: with the same scheme and port.
pub fn at_host(site: &str, host: &str) -> String {
    let (scheme, rest) = site.split_once("://").unwrap_or(("https", site));
    let authority = rest.split('/').next().unwrap_or_default();
    let port = authority.rsplit_once(':').map(|(_, port)| port).filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}"))
}

/// What the paths of a tenant of this name begin with, on any host of the server that is no tenant's own; nothing for the first.
pub fn prefix(name: Option<&str>) -> String {
    name.filter(|name| *name != Tenancy::first().slug).map_or_else(String::new, |name| format!("/t/{name}"))
}

/// The address of a tenant's FHIR endpoint, below which references lead to its own resources; empty when the settings do not say the server's.
pub fn base_url(settings: &Settings, tenancy: &Tenancy) -> String {
    if settings.base_url.is_empty() { String::new() } else { site(settings, tenancy) + "/fhir" }
}

/// How a command ends when something about tenants was not done.
pub fn failed(error: &TenantError) -> Failure {
    let line = format!("{error} (WARD-{:04}): {}", error.code(), error.remedy());
    match error {
        TenantError::Standing(_) => Failure::refused(line),
        TenantError::Invalid { .. } | TenantError::Contrast(_) => Failure::usage(line),
        _ => Failure::failed(line),
    }
}
