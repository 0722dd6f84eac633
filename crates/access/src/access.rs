//! Who may what, kept: grants are made once for whoever asks, and anew when what they were made of has changed.

mod following;
mod identities;
mod rules;
mod size;
mod source;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use jiff::tz::TimeZone;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use search::Live;
use store::commit::{Instant, Key, Tenant};
use store::contract::Extract;
use store::{ReadError, Store};

pub use following::{Following, follow};
pub use rules::Rules;
pub use source::RuleSource;

use crate::compile::{Parts, Plan, emergency};
use crate::consent::{Agreement, Directive, Reader};
use crate::policy::{BREAK_THE_GLASS, WITHOUT_CONSENT};
use crate::shown::Shown;
use crate::{Grant, Policy, Principal, consent, role};
use rules::TenantRules;

/// How many bytes of grants are kept, about. Those of staff, which go by who takes care of whom, take most of a megabyte, others a tenth of that.
const MAX_GRANT_BYTES: u64 = 512 << 20;
/// How many grants the table is made for. It grows; more would divide what it may hold among more parts, and a grant under many consents is large.
const EXPECTED_GRANTS: usize = 64;
/// How many of those who ask are known by their places.
const MAX_PLACES: usize = 10_000;
/// How long a grant holds that depends on the teams and groups that somebody is of, in milliseconds: then it is looked up again who is.
const NAMES_HOLD_MS: i64 = 60_000;
/// How far before its making a grant holds, in milliseconds, for requests that looked at the clock a moment earlier. When the clock is set back, it is made anew.
const CLOCK_SKEW_MS: i64 = 1000;

/// Makes grants, and keeps them as long as they are true.
///
/// A grant is made of the roles and policies of somebody, the scopes of their client, the consents of patients, the search parameters in force and the time. One that is kept is
/// given again when none of that has changed: roles and policies by the calls of this type, consents by [`Following`] or [`Access::consents_changed`], search
/// parameters and time by themselves.
pub struct Access {
    store: Arc<dyn Store>,
    parameters: Live,
    zone: TimeZone,
    /// Where tenants keep roles and policies of their own; `None`: what is put here by calls is all.
    source: Option<Arc<dyn RuleSource>>,
    tenants: RwLock<HashMap<Tenant, Arc<OfTenant>>>,
    grants: Cache<Arc<Principal>, Arc<Entry>, ByBytes>,
    /// The same by where somebody is in memory, which spares hashing all that they are: whoever is remembered by a token stays at one place. They are held
    /// here, so that nobody else comes to that place.
    places: Cache<usize, (Arc<Principal>, Weak<Entry>)>,
    shown: Arc<Shown>,
}

/// What is known of a tenant.
#[derive(Default)]
struct OfTenant {
    rules: TenantRules,
    /// Counts the changes of consents.
    consents_generation: std::sync::atomic::AtomicU64,
    consents: tokio::sync::Mutex<Option<(u64, Arc<Vec<Directive>>)>>,
}

/// A grant, and what it was made of.
struct Entry {
    grant: Arc<Grant>,
    plan: Arc<Plan>,
    made_of: MadeOf,
    from: Instant,
    until: Instant,
    bytes: u64,
}

/// Weighs grants by what they take.
#[derive(Clone)]
struct ByBytes;

impl Weighter<Arc<Principal>, Arc<Entry>> for ByBytes {
    fn weight(&self, _: &Arc<Principal>, entry: &Arc<Entry>) -> u64 {
        entry.bytes
    }
}

/// What a grant is made of, by generations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MadeOf {
    rules: u64,
    consents: u64,
    parameters: u64,
}

impl Access {
    /// Access to a store that no gate stands before. Hours in rules are by `zone`.
    pub fn new(store: Arc<dyn Store>, parameters: impl Into<Live>, zone: TimeZone) -> Self {
        Self {
            store,
            parameters: parameters.into(),
            zone,
            source: None,
            tenants: RwLock::default(),
            grants: Cache::with_weighter(EXPECTED_GRANTS, MAX_GRANT_BYTES, ByBytes),
            places: Cache::new(MAX_PLACES),
            shown: Arc::default(),
        }
    }

    /// The same with roles and policies that tenants keep elsewhere. They are read when somebody asks for the first time, and again after each change
    /// that [`Access::heard`] is told of.
    pub fn with_source(mut self, source: Arc<dyn RuleSource>) -> Self {
        self.source = Some(source);
        self
    }

    /// What somebody may do now.
    ///
    /// It is asked for at every request: one that is kept costs a look into a table. At [`Principal::break_glass`]'s end, at the edges of hours and periods, and at once when a
    /// policy, a role, a consent or a search parameter changes, it is made anew.
    ///
    /// # Errors
    /// When the consents, or the tenant's own roles, cannot be read: then nobody can tell what is denied.
    pub async fn grant(&self, principal: &Arc<Principal>, now: Instant) -> Result<Arc<Grant>, ReadError> {
        Ok(self.entry(principal, now).await?.grant.clone())
    }

    /// The same when it is kept, without a look into the store; `None`: it has to be made.
    pub fn kept(&self, principal: &Arc<Principal>, now: Instant) -> Option<Arc<Grant>> {
        let tenant = self.tenant(principal.tenant);
        if self.source.is_some() && !tenant.rules.is_up_to_date() {
            return None;
        }
        let made_of = tenant.made_of(self.parameters.identity());
        let holds = |entry: &Arc<Entry>| entry.made_of == made_of && (entry.from..entry.until).contains(&now);
        let place = Arc::as_ptr(principal) as usize;
        if let Some(entry) = self.places.get(&place).and_then(|(_, entry)| entry.upgrade()).filter(holds) {
            return Some(entry.grant.clone());
        }
        let entry = self.grants.get(principal).filter(holds)?;
        self.places.insert(place, (principal.clone(), Arc::downgrade(&entry)));
        Some(entry.grant.clone())
    }

    pub(crate) async fn plan(&self, principal: &Arc<Principal>, now: Instant) -> Result<Arc<Plan>, ReadError> {
        Ok(self.entry(principal, now).await?.plan.clone())
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The search parameters in force, by which policies are understood.
    pub fn registry(&self) -> Arc<search::Registry> {
        self.parameters.current()
    }

    async fn entry(&self, principal: &Arc<Principal>, now: Instant) -> Result<Arc<Entry>, ReadError> {
        let tenant = self.tenant(principal.tenant);
        let registry = self.parameters.current();
        if let Some(source) = &self.source {
            tenant.rules.keep_up(&**source, principal.tenant).await?;
        }
        let made_of = tenant.made_of(registry.identity());
        let kept = self.grants.get(principal).filter(|entry| entry.made_of == made_of && (entry.from..entry.until).contains(&now));
        if let Some(entry) = kept {
            return Ok(entry);
        }
        let directives = tenant.directives(&*self.store, &registry, principal.tenant).await?;
        let (reader, looked_up) = self.reader(principal, &directives, now).await?;
        let agreement = Agreement::of(&directives, &reader, now);
        let rules = tenant.rules.current();
        let roles =
            principal.roles.iter().map(|assignment| rules.roles.get(&assignment.role).cloned().or_else(|| role::get(&assignment.role)));
        let own = own(principal, &rules);
        let zone = self.zone_of(&rules)?;
        let parts = Parts { principal: principal.clone(), roles: roles.collect(), own, agreement: Arc::new(agreement), zone: &zone, now };
        let plan = Plan::of(parts);
        let until = if looked_up { plan.until.min(now + NAMES_HOLD_MS) } else { plan.until };
        let grant = plan.grant(&registry).remembering(self.shown.clone());
        let bytes = size::of(&grant);
        let (grant, plan) = (Arc::new(grant), Arc::new(plan));
        let entry = Arc::new(Entry { grant, plan, made_of, from: now - CLOCK_SKEW_MS, until, bytes });
        self.grants.insert(principal.clone(), entry.clone());
        Ok(entry)
    }

    /// The policy of a name that is in force in a tenant: its own, or else the role that Ward brings; `None` when there is neither.
    ///
    /// # Errors
    /// When the tenant's own roles cannot be read.
    pub async fn policy(&self, tenant: Tenant, name: &str) -> Result<Option<Arc<Policy>>, ReadError> {
        Ok(self.own_rules(tenant).await?.roles.get(name).cloned().or_else(|| role::get(name)))
    }

    /// The roles and policies of a tenant's own, as they are in force.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn own_rules(&self, tenant: Tenant) -> Result<Arc<Rules>, ReadError> {
        let of = self.tenant(tenant);
        if let Some(source) = &self.source {
            of.rules.keep_up(&**source, tenant).await?;
        }
        Ok(of.rules.current())
    }

    /// Whether somebody's roles, or what is granted them directly, allow more when they break the glass.
    ///
    /// # Errors
    /// When the tenant's own roles cannot be read.
    pub async fn has_emergency_rules(&self, principal: &Principal) -> Result<bool, ReadError> {
        let rules = self.own_rules(principal.tenant).await?;
        let of = |assignment: &crate::Assignment| rules.roles.get(&assignment.role).cloned().or_else(|| role::get(&assignment.role));
        let policies = principal.roles.iter().filter_map(of).chain(own(principal, &rules));
        Ok(policies.into_iter().any(|policy| policy.rules.iter().any(|rule| rule.break_glass)))
    }

    /// Who asks, as consents see it, and whether that was looked up.
    async fn reader(&self, principal: &Principal, directives: &[Directive], now: Instant) -> Result<(Reader, bool), ReadError> {
        let emergency = emergency(principal, now);
        let mut purposes: Vec<Box<str>> = principal.purpose.iter().cloned().collect();
        let needs_none = purposes.iter().all(|purpose| WITHOUT_CONSENT.contains(&&**purpose));
        purposes.extend(emergency.map(|_| BREAK_THE_GLASS.into()));
        let names_groups = consent::names_groups(directives);
        let names = identities::of(&*self.store, &self.registry(), principal, names_groups).await?;
        let own = principal.fhir_user.as_ref().filter(|user| user.kind.name() == "Patient").map(|user| user.id.clone());
        Ok((Reader { names, own, purposes, needs_none, emergency: emergency.map(Box::from) }, names_groups))
    }

    /// Says that a Consent of a tenant was written or deleted, here or on another node: whoever asks next is judged by what is there then.
    pub fn consents_changed(&self, tenant: Tenant) {
        self.tenant(tenant).consents_generation.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }

    /// Says that resources of a tenant were written, deleted or erased, here or on another node: consents and roles among them are read anew by whoever asks next.
    pub fn heard<'k>(&self, tenant: Tenant, changed: impl Iterator<Item = &'k Key>) {
        let (mut consents, mut rules) = (false, false);
        for key in changed {
            consents |= key.kind.name() == "Consent";
            rules |= self.keeps_rules(tenant, key);
        }
        if consents {
            self.consents_changed(tenant);
        }
        if rules {
            self.rules_changed();
        }
    }

    /// The time zone of a tenant's rules. Without the right hours nobody can tell what they allow.
    fn zone_of(&self, rules: &Rules) -> Result<TimeZone, ReadError> {
        let Some(name) = &rules.zone else { return Ok(self.zone.clone()) };
        TimeZone::get(name).map_err(|_| ReadError::Engine(format!("this system knows no time zone {name}, which a tenant names")))
    }

    /// Whether grants are made of a resource of a tenant.
    fn heeds(&self, tenant: Tenant, key: &Key) -> bool {
        key.kind.name() == "Consent" || self.keeps_rules(tenant, key)
    }

    fn keeps_rules(&self, tenant: Tenant, key: &Key) -> bool {
        self.source.as_ref().is_some_and(|source| source.is_kept_in(tenant, key))
    }

    /// Says that roles or policies may have changed where they are kept, of whichever tenant.
    fn rules_changed(&self) {
        self.tenants.read().unwrap_or_else(PoisonError::into_inner).values().for_each(|tenant| tenant.rules.outdate());
    }

    /// Replaces what a tenant has defined itself: roles, and policies of users.
    pub fn set_rules(&self, tenant: Tenant, rules: Rules) {
        self.tenant(tenant).rules.set(rules);
    }

    /// Puts a role of a tenant's own in force, in place of one of the same name, one that Ward brings among them.
    pub fn put_role(&self, tenant: Tenant, role: Policy) {
        self.tenant(tenant).rules.change(|rules| drop(rules.roles.insert(role.name.clone(), Arc::new(role))));
    }

    /// Ends a role of a tenant's own. Where Ward brings one of that name, that is in force again.
    pub fn remove_role(&self, tenant: Tenant, name: &str) {
        self.tenant(tenant).rules.change(|rules| drop(rules.roles.remove(name)));
    }

    /// Puts the policies of a user in force, by the id of the account, in place of those before: what is granted or denied them directly. None ends them.
    pub fn put_user(&self, tenant: Tenant, user: &str, policies: Vec<Policy>) {
        let policies: Vec<Arc<Policy>> = policies.into_iter().map(Arc::new).collect();
        self.tenant(tenant).rules.change(|rules| {
            if policies.is_empty() { drop(rules.users.remove(user)) } else { drop(rules.users.insert(user.into(), policies)) }
        });
    }

    fn tenant(&self, tenant: Tenant) -> Arc<OfTenant> {
        if let Some(known) = self.tenants.read().unwrap_or_else(PoisonError::into_inner).get(&tenant) {
            return known.clone();
        }
        self.tenants.write().unwrap_or_else(PoisonError::into_inner).entry(tenant).or_default().clone()
    }
}

/// The policies of the user alone.
fn own(principal: &Principal, rules: &Rules) -> Vec<Arc<Policy>> {
    let put = principal.user.as_ref().and_then(|user| rules.users.get(user)).cloned().unwrap_or_default();
    let direct = principal.direct.iter().filter_map(|direct| {
        let found = rules.roles.get(&direct.policy).cloned().or_else(|| role::get(&direct.policy));
        match (direct.is_granted, found) {
            (true, found) => found,
            (false, Some(policy)) => Some(Arc::new(policy.denied())),
            // What was denied cannot be told any more: so that nothing of it is allowed, nothing is.
            (false, None) => Some(Arc::new(Policy::denying_everything(&direct.policy))),
        }
    });
    put.into_iter().chain(direct).collect()
}

impl OfTenant {
    fn made_of(&self, parameters: u64) -> MadeOf {
        let consents = self.consents_generation.load(std::sync::atomic::Ordering::SeqCst);
        MadeOf { rules: self.rules.generation(), consents, parameters }
    }

    /// What the consents in force say. They are read when somebody asks for the first time after a change: whoever asks meanwhile waits.
    async fn directives(&self, store: &dyn Store, registry: &search::Registry, tenant: Tenant) -> Result<Arc<Vec<Directive>>, ReadError> {
        let mut kept = self.consents.lock().await;
        // What changes while they are read makes another generation: they are read again then.
        let generation = self.consents_generation.load(std::sync::atomic::Ordering::SeqCst);
        if let Some((known, directives)) = &*kept
            && *known == generation
        {
            return Ok(directives.clone());
        }
        let directives = Arc::new(consent::load(store, registry, tenant).await?);
        *kept = Some((generation, directives.clone()));
        Ok(directives)
    }
}
