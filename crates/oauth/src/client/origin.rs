//! Origins of apps: whose scripts may read what this server answers (SMART App Launch 2.2, app launch; the protocol is CORS, of the Fetch standard).

use std::sync::Arc;

use identity::seen::Fingerprint;
use quick_cache::sync::Cache;
use store::commit::{Instant, Tenant};

use crate::client::{Client, GrantType, Proof};
use crate::provider::Provider;
use crate::refusal::Refusal;

/// The group in which clients are found by an origin.
pub(super) const GROUP: &str = "origin";
/// For how long an origin that is no client's is believed to be none, in milliseconds: an app that was just registered is let in after that.
const NONE_MS: i64 = 2_000;
/// For how long one that is a client's is believed to be, in milliseconds. It is looked at before each answer whether the client is still there.
const FOUND_MS: i64 = 60_000;
/// How many origins are remembered.
const REMEMBERED: usize = 10_000;
/// How many clients of one origin are looked at.
const MOST: u32 = 100;

/// What an origin is called among those of all tenants.
pub(super) fn in_tenant(tenant: Tenant, origin: &str) -> String {
    format!("{}|{origin}", tenant.0)
}

/// Whether a text is an origin as a browser writes it: `https`, or `http` on loopback; a host in small letters; a port that is not the scheme's own.
pub fn is_one(text: &str) -> bool {
    of(text).as_deref() == Some(text)
}

/// The origin of an address, as a browser writes it; `None` for one that has none, such as that of an app on a phone.
pub fn of(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://").filter(|(scheme, _)| ["https", "http"].contains(scheme))?;
    let authority = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
    if !authority.bytes().all(is_plain) || !super::redirect::is_https(&format!("{scheme}://{authority}")) {
        return None;
    }
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(usual).unwrap_or(&authority);
    Some(format!("{scheme}://{authority}"))
}

impl Client {
    /// The origins whose scripts are the app's: those that it is registered with; and of an app that runs in a browser, which can keep no secret, those to which its users are
    /// sent back. Each once. None of a client that may not be used.
    pub fn web_origins(&self) -> impl Iterator<Item = String> {
        let runs_in_browser = self.proof == Proof::Public && self.grants.contains(&GrantType::AuthorizationCode);
        let back = self.redirect_uris.iter().filter(move |_| runs_in_browser).filter_map(|uri| of(uri));
        let mut all: Vec<String> = self.origins.iter().cloned().chain(back).filter(|_| self.active).collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter()
    }
}

/// What was found out about origins.
pub(crate) struct Known {
    found: Cache<Fingerprint, Found>,
}

#[derive(Clone)]
struct Found {
    /// Clients of the origin, by id.
    clients: Arc<[Box<str>]>,
    until: Instant,
}

impl Default for Known {
    fn default() -> Self {
        Self { found: Cache::new(REMEMBERED) }
    }
}

impl Provider {
    /// Whether the scripts of an origin are those of a client of a tenant that may be used. A client that is removed or switched off takes its origins with it at once.
    ///
    /// Fails when the directory does.
    pub async fn is_web_origin(&self, tenant: Tenant, origin: &str) -> Result<bool, Refusal> {
        if origin.len() > 300 || !is_one(origin) {
            return Ok(false);
        }
        let (now, name) = (self.now(), in_tenant(tenant, origin));
        let fingerprint = Fingerprint::of(&format!("origin|{name}"));
        let known = self.origins.found.get(&fingerprint).filter(|found| (found.until - FOUND_MS..found.until).contains(&now));
        let is_known = known.is_some();
        let clients = match known {
            Some(found) => found.clients,
            None => self.clients_of_origin(fingerprint, &name, now).await?,
        };
        if self.any_has(tenant, &clients, origin).await? {
            return Ok(true);
        }
        // Another client of the same origin may have come since.
        if is_known && !clients.is_empty() {
            let clients = self.clients_of_origin(fingerprint, &name, now).await?;
            return self.any_has(tenant, &clients, origin).await;
        }
        Ok(false)
    }

    async fn clients_of_origin(&self, key: Fingerprint, name: &str, now: Instant) -> Result<Arc<[Box<str>]>, Refusal> {
        let found = self.directory.list::<Client>(Some((GROUP, name)), MOST).await?;
        let clients: Arc<[Box<str>]> = found.into_iter().map(|kept| kept.id).collect();
        let holds_ms = if clients.is_empty() { NONE_MS } else { FOUND_MS };
        self.origins.found.insert(key, Found { clients: clients.clone(), until: now + holds_ms });
        Ok(clients)
    }

    /// Whether one of these clients is there now, and has the origin.
    async fn any_has(&self, tenant: Tenant, clients: &[Box<str>], origin: &str) -> Result<bool, Refusal> {
        for id in clients {
            let client = self.find_client(tenant, id).await?;
            if client.is_some_and(|kept| kept.record.web_origins().any(|known| known == origin)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
