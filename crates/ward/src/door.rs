//! Who is let in, and what they may do: accounts, clients, tokens and rules put together on one store.
//!
//! - [`chronicle`]: what is done with accounts, told to the audit trail.
//! - [`operator`]: tokens of whoever may read the data directory.
//! - [`keys`]: the keys of the installation.
//! - [`outside`]: the way to providers outside.
//! - `proofs`: how far the audit trail is proven.
//! - [`relying_party`]: for whom passkeys are made.
//! - [`letters`]: letters to people who have accounts.

pub mod chronicle;
pub mod keys;
pub mod letters;
pub mod operator;
mod outside;
mod proofs;
mod relying_party;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::{Access, Grant, Permission, Principal};
use administration::Desk;
use audit::{Journal, Lookout, Scribe, Site};
use federation::Federation;
use identity::authenticator::is_api_key;
use identity::password::Policy;
use identity::password::breached::Breached;
use identity::random::{self, SystemRandom};
use identity::settings::RelyingParty;
use identity::{Authenticator, Directory, Identity, IdentityError, Surroundings, Tenants};
use oauth::bearer::is_access_token;
use oauth::{Fault, Provider};
use rest::caller::{Admission, Caller, Credential, Doorkeeper, Judged, Refusal, Visit};
use rest::outgoing::{Outgoing, Resolve};
use store::Store;
use store::commit::{Instant, Tenant};
use store::contract::Clock;

use self::chronicle::ToldInTrail;
use self::operator::{OperatorKey, Said};
use crate::clock;
use crate::command::Failure;
use crate::settings::{Registration, ServiceSecrets, Settings};
use crate::{remote, tenants, wiring};

/// How many sessions, and how many API keys, are remembered.
const REMEMBERED: usize = 100_000;

/// How often what has ended is removed, and how many records at most.
const SWEEP: Duration = Duration::from_hours(1);
const SWEPT: u64 = 10_000;

/// Accounts, clients, tokens and rules on one store.
pub struct Door {
    /// The accounts.
    pub identity: Identity,
    /// What apps are given.
    pub provider: Arc<Provider>,
    /// Where accounts, clients and roles are administered.
    pub desk: Arc<Desk>,
    /// The tenants.
    pub tenants: Arc<Tenants>,
    /// Providers outside with whom people sign in.
    pub federation: Arc<Federation>,
    /// Where letters wait.
    pub letters: Arc<mail::Folder>,
    sessions: Authenticator,
    rules: Arc<Access>,
    operator: OperatorKey,
    chronicle: Arc<ToldInTrail>,
    /// The address under which people reach the pages, without a slash at its end.
    site: String,
}

impl Door {
    /// The door of a data directory, on its store, by these rules. `site` is the address under which people reach the pages, without a slash at its end.
    ///
    /// Fails when the keys in the data directory cannot be used.
    pub fn open(settings: &Settings, store: Arc<dyn Store>, rules: Arc<Access>, site: &str) -> Result<Arc<Self>, Failure> {
        Self::asking(settings, store, rules, (site, Box::new(rest::outgoing::System)))
    }

    /// The same with another way from names to addresses.
    pub fn asking(
        settings: &Settings,
        store: Arc<dyn Store>,
        rules: Arc<Access>,
        (site, names): (&str, Box<dyn Resolve>),
    ) -> Result<Arc<Self>, Failure> {
        let folder = &wiring::data_dir(settings)?;
        let operator = OperatorKey::of(folder)?;
        let sealer: Arc<dyn identity::sealer::Sealer> = Arc::new(keys::AccountSealer(keys::open(settings, folder)?));
        let new_id = Box::new(|| random::id(&SystemRandom, "").unwrap_or_default());
        let told_by = Site { name: "Ward".into(), base_url: format!("{site}/fhir").into() };
        let chronicle = Arc::new(ToldInTrail::new(Arc::new(Scribe::new(told_by, rules.registry(), new_id))));
        let directory = Directory::new(store).telling(chronicle.clone());
        let clock: Arc<dyn Clock> = clock::of_process();
        let letters = letters::folder(settings, folder, site);
        let surroundings =
            Surroundings { clock: clock.clone(), random: Arc::new(SystemRandom), outbox: letters.clone(), sealer: sealer.clone() };
        let allowed = identity::Settings {
            registration: settings.registration == Registration::Open,
            emergency_ms: settings.break_glass_minutes.ms(),
            relying_party: relying_party::of(site),
            policy: Policy { breached: Arc::new(breached(settings)?), ..Policy::default() },
            ..identity::Settings::default()
        };
        let identity = Identity::new(directory.clone(), surroundings, allowed).map_err(|error| Failure::failed(error.to_string()))?;
        let outgoing = Arc::new(outgoing(settings, names)?);
        let given = oauth::Settings {
            registration: settings.client_registration == Registration::Open,
            service_secrets: settings.service_secrets == ServiceSecrets::Allow,
            ..oauth::Settings::default()
        };
        let provider = Provider::new(directory, clock.clone(), sealer.clone(), outgoing.clone(), given);
        let provider = Arc::new(provider);
        let federation = Federation::new(identity.clone(), provider.clone(), sealer, Arc::new(outside::Outside(outgoing)));
        let federation = Arc::new(federation);
        let sessions = Authenticator::new(identity.clone(), REMEMBERED);
        let tenants = Arc::new(Tenants::new(identity.directory().clone(), clock));
        let desk = Desk::new(identity.clone(), provider.clone(), rules.clone()).with_tenants(tenants.clone());
        let desk = Arc::new(desk.with_proofs(Arc::new(proofs::Signed(folder.clone()))));
        Ok(Arc::new(Self {
            identity,
            provider,
            desk,
            federation,
            tenants,
            letters,
            sessions,
            rules,
            operator,
            chronicle,
            site: site.to_owned(),
        }))
    }

    /// For whom passkeys are made at a host of a tenant's own: as the pages of the server are reached, by the same scheme and port; `None` where browsers make none. What a request says
    /// of its port is not asked: else whoever has another port of that host could use here what they were given there.
    pub fn relying_party_at(&self, host: &str) -> Option<RelyingParty> {
        relying_party::of(&tenants::at_host(&self.site, host))
    }

    /// What is tried with accounts and changes nothing is told in this journal from now on, and what is done with them is looked at.
    pub fn tell_in(&self, journal: Arc<Journal>, lookout: Arc<Lookout>) {
        self.chronicle.tell_in(journal, lookout);
    }

    /// Whether somebody's rules have something to give when the glass is broken. When that cannot be told, they have not.
    pub async fn has_emergency_rules(&self, principal: &Principal) -> bool {
        self.rules.has_emergency_rules(principal).await.unwrap_or(false)
    }

    /// What somebody may administer. When that cannot be told, nothing.
    pub async fn permissions(&self, principal: Arc<Principal>) -> Vec<Permission> {
        let grant = self.rules.grant(&principal, self.identity.now()).await;
        grant.map_or_else(|_| Vec::new(), |grant| Permission::ALL.into_iter().filter(|permission| grant.administers(*permission)).collect())
    }

    /// A token of the operator.
    pub fn token(&self, said: &Said) -> Result<String, Failure> {
        self.operator.sign(said)
    }

    /// What somebody may do by a token of the operator that says this.
    ///
    /// Fails when its scopes cannot be understood, and when the rules cannot be read.
    pub async fn grant_of(&self, said: &Said) -> Result<Arc<Grant>, Failure> {
        let tenant = self.tenant_of(said).await.map_err(|_| Failure::failed("there is no such tenant: `ward tenant list` shows them"))?;
        let principal = said.principal(tenant).ok_or_else(|| Failure::failed("the scopes cannot be understood"))?;
        let grant = self.rules.grant(&Arc::new(principal), self.identity.now()).await;
        grant.map_err(|error| Failure::failed(format!("the rules cannot be read: {error}")))
    }

    /// Writes the events of the audit trail.
    pub fn scribe(&self) -> &Arc<Scribe> {
        self.chronicle.scribe()
    }

    /// Hears of what changes in the consents and roles of a tenant, whoever changes it, as long as the store lives.
    async fn follow_rules(self: Arc<Self>, tenant: Tenant) {
        let store = self.identity.directory().store().clone();
        while let Err(error) = access::follow(&self.rules, &*store, tenant).await {
            tracing::warn!("the feed of rules was not followed, it is tried again: {error}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// The same for all tenants, those among them that are added later, and for the accounts.
    pub async fn follow_all_rules(self: Arc<Self>) {
        tokio::spawn(self.clone().follow_rules(identity::directory::TENANT));
        let mut followed = HashSet::new();
        loop {
            if let Ok(table) = self.tenants.table().await {
                let fresh = table.all().iter().map(|tenancy| tenancy.tenant()).filter(|tenant| followed.insert(*tenant));
                fresh.for_each(|tenant| drop(tokio::spawn(self.clone().follow_rules(tenant))));
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// Forgets what it remembers of accounts and tokens when their records change, as long as the store lives.
    pub async fn follow(self: Arc<Self>) {
        while let Err(error) = identity::seen::follow(self.identity.directory()).await {
            tracing::warn!("the feed of accounts was not followed, it is tried again: {error}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

impl Door {
    /// Removes what has ended of accounts and clients, each hour, as long as it is awaited. Nothing depends on it: whoever reads a record looks whether it has ended.
    pub async fn sweep(self: Arc<Self>) {
        loop {
            tokio::time::sleep(SWEEP).await;
            if let Err(error) = self.identity.sweep(SWEPT).await {
                tracing::warn!("records of accounts that have ended were not removed: {error}");
            }
        }
    }

    /// The tenant that a token of the operator is for.
    async fn tenant_of(&self, said: &Said) -> Result<Tenant, Refusal> {
        let Some(name) = &said.tenant_name else { return Ok(Tenant(said.tenant)) };
        let table = self.tenants.table().await.map_err(|_| Refusal::Unavailable)?;
        table.named(name).map(|tenancy| tenancy.tenant()).ok_or(Refusal::Invalid)
    }

    /// Who asks by a token of the operator.
    async fn operators(&self, token: &str, now: Instant) -> Result<Arc<Principal>, Refusal> {
        if let Some(known) = self.seen_operator(token, now) {
            return Ok(known);
        }
        let said = self.operator.said(token).filter(|said| now < said.until).ok_or(Refusal::Invalid)?;
        let tenant = self.tenant_of(&said).await?;
        let principal = Arc::new(said.principal(tenant).ok_or(Refusal::Invalid)?);
        self.operator.keep(self.identity.directory(), token, (said, principal.clone()), now);
        Ok(principal)
    }

    /// The same when it is remembered, and the tenant that the token names is still called so.
    fn seen_operator(&self, token: &str, now: Instant) -> Option<Arc<Principal>> {
        let vouched = self.operator.seen(token, now)?;
        let (said, principal) = &*vouched;
        let holds = match &said.tenant_name {
            None => true,
            Some(name) => self.tenants.known()?.named(name)?.tenant() == principal.tenant,
        };
        holds.then(|| principal.clone())
    }

    async fn caller(&self, visit: Visit<'_>) -> Result<Caller, Refusal> {
        let now = self.identity.now();
        // A cookie is only ever a session, and what stands in `Authorization` never is one: else a page of another site could use what a browser sends
        // by itself.
        let principal = match visit.credential {
            Credential::Session(token) => self.sessions.session(token, visit.tenant).await.map_err(|error| refused(&error, now))?,
            Credential::Bearer(token) if is_access_token(token) => self.provider.bearer(visit.tenant, token).await.map_err(not_taken)?,
            Credential::Bearer(key) if is_api_key(key) => {
                self.sessions.api_key(key, visit.tenant).await.map_err(|error| refused(&error, now))?
            }
            Credential::Bearer(token) => self.operators(token, now).await?,
        };
        let grant = self.rules.grant(&principal, now).await.map_err(|_| Refusal::Unavailable)?;
        Ok(Caller { grant })
    }

    /// Who was let in a moment ago by the same token. An API key is not among them: each use of it counts.
    fn seen(&self, visit: Visit<'_>) -> Option<Caller> {
        let now = self.identity.now();
        let principal = match visit.credential {
            Credential::Session(token) => self.sessions.seen_session(token, visit.tenant),
            Credential::Bearer(token) if is_access_token(token) => self.provider.seen(visit.tenant, token),
            Credential::Bearer(key) if is_api_key(key) => None,
            Credential::Bearer(token) => self.seen_operator(token, now),
        };
        Some(Caller { grant: self.rules.kept(&principal?, now)? })
    }
}

impl Doorkeeper for Door {
    fn admit<'a>(&'a self, visit: Visit<'a>) -> Admission<'a> {
        Box::pin(self.caller(visit))
    }

    fn known(&self, visit: Visit<'_>) -> Option<Caller> {
        self.seen(visit)
    }

    fn allows_origin<'a>(&'a self, tenant: Tenant, origin: &'a str) -> Judged<'a> {
        Box::pin(async move { self.provider.is_web_origin(tenant, origin).await.unwrap_or(false) })
    }
}

fn not_taken(refusal: oauth::Refusal) -> Refusal {
    match refusal.fault {
        Fault::Busy | Fault::ServerError => Refusal::Unavailable,
        _ => Refusal::Invalid,
    }
}

fn refused(error: &IdentityError, now: Instant) -> Refusal {
    match error {
        IdentityError::NoMembership => Refusal::Insufficient,
        IdentityError::Wait { until } | IdentityError::KeyLimit { until } => Refusal::TooOften(seconds(*until - now)),
        IdentityError::Busy | IdentityError::Raced | IdentityError::Directory(_) | IdentityError::Unsealable => Refusal::Unavailable,
        _ => Refusal::Invalid,
    }
}

/// Seconds that have begun in so many milliseconds, at least one.
fn seconds(ms: i64) -> u32 {
    u32::try_from(ms.max(0)).unwrap_or(u32::MAX).div_ceil(1000).max(1)
}

/// The list of passwords that everybody tries, of the setting `breached_passwords`.
fn breached(settings: &Settings) -> Result<Breached, Failure> {
    match settings.breached_passwords.as_str() {
        "" => Ok(Breached::default()),
        path => Breached::open(Path::new(path)).map_err(|error| Failure::failed(format!("breached_passwords: {path}: {error}"))),
    }
}

/// The one way to servers whose addresses clients have written.
fn outgoing(settings: &Settings, names: Box<dyn Resolve>) -> Result<Outgoing, Failure> {
    let private: Vec<String> = settings.private_hosts.split_whitespace().map(str::to_owned).collect();
    let roots = remote::authorities(&settings.ca_file).map_err(Failure::usage)?;
    Outgoing::new(roots, &private, names).map_err(|error| Failure::failed(format!("TLS cannot be set up: {error}")))
}
