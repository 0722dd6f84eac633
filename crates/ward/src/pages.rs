//! All routes of a server: FHIR, the pages for people, and the endpoints that apps call to be let in.

mod administered;

use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;

use access::{Act, Grant, Verdict};
use fhir::definitions::ResourceType;
use http::request::Parts;
use identity::tenants::Tenancy;
use identity::{Party, Secret};
use rest::App;
use rest::caller::{Caller, Credential, Doorkeeper, Visit};
use screens::{Accounts, Brand, Chart, Charts, Encountered, Encounters, Found, House, Power, Powers, Requests, Router};
use store::commit::Tenant;

use crate::door::Door;

/// The routes; those of accounts and apps only with a door, where whoever asks has to be known.
pub fn routes(app: &Arc<App>, door: Option<Arc<Door>>) -> Router {
    let Some(door) = door else { return rest::app_with(app.clone(), site(app)) };
    let accounts = screens::accounts(Accounts {
        identity: door.identity.clone(),
        provider: door.provider.clone(),
        federation: door.federation.clone(),
        requests: Box::new(Known { app: app.clone(), door: door.clone() }),
        charts: Box::new(Looking { app: app.clone(), door: door.clone() }),
        powers: Box::new(Judged(door.clone())),
        counter: Box::new(administered::AtTheDesk { app: app.clone(), door: door.clone() }),
        session_cookie: [rest::SESSION_COOKIE, rest::SESSION_COOKIE_PLAIN],
    });
    let endpoints = rest::authorization(app, door.provider.clone()).merge(rest::administration(app, door.desk.clone()));
    rest::app_with_all(app.clone(), site(app).merge(accounts), endpoints)
}

/// The pages for whoever builds on Ward.
fn site(app: &Arc<App>) -> Router {
    let rest::Settings { max_resource_bytes, max_bundle_bytes, max_url_bytes, .. } = app.settings;
    let limits = screens::Limits { resource_bytes: max_resource_bytes, bundle_bytes: max_bundle_bytes, url_bytes: max_url_bytes };
    let base_url = {
        let app = app.clone();
        Box::new(move |head: &_| app.base_url(head))
    };
    screens::site(screens::Site { server: app.server.clone(), limits, base_url })
}

/// What HTTP knows of a request.
struct Known {
    app: Arc<App>,
    door: Arc<Door>,
}

impl Requests for Known {
    fn origin(&self, head: &Parts) -> String {
        self.app.origin(head)
    }

    fn base_url(&self, head: &Parts) -> Arc<str> {
        self.app.base_url(head)
    }

    fn is_secure(&self, head: &Parts) -> bool {
        self.app.is_secure(&head.headers)
    }

    fn address(&self, head: &Parts) -> IpAddr {
        self.app.address(head).unwrap_or(Ipv4Addr::UNSPECIFIED.into())
    }

    fn tenant(&self, head: &Parts) -> Tenant {
        self.app.tenant(head)
    }

    fn issuer(&self, head: &Parts) -> String {
        self.app.issuer(head)
    }

    fn brand(&self, head: &Parts) -> Option<Brand> {
        let tenancy = self.app.tenancy(head)?;
        let is_plain = tenancy.name == Tenancy::first().name && tenancy.branding.accent.is_none();
        (!is_plain).then(|| Brand { name: tenancy.name.clone(), accent: tenancy.branding.accent.clone() })
    }

    fn party(&self, head: &Parts) -> Party {
        match self.app.own_host(head).map(|host| self.door.relying_party_at(&host)) {
            None => Party::Usual,
            Some(Some(party)) => Party::Other(Arc::new(party)),
            Some(None) => Party::Nobody,
        }
    }

    fn houses<'a>(&'a self, head: &'a Parts, tenants: &'a [Tenant]) -> Pin<Box<dyn Future<Output = Vec<House>> + Send + 'a>> {
        Box::pin(async move {
            let found = self.app.tenancies(tenants).await;
            let house = |tenancy: Arc<Tenancy>| {
                let address = self.app.address_of(head, &tenancy).map(|site| format!("{site}/auth/sessions"));
                House { tenant: tenancy.tenant(), name: tenancy.name.clone(), address }
            };
            found.into_iter().map(house).collect()
        })
    }
}

/// Looks for patients as whoever has a session would.
struct Looking {
    app: Arc<App>,
    door: Arc<Door>,
}

impl Charts for Looking {
    fn find<'a>(&'a self, session: &'a Secret, tenant: Tenant, words: &'a str) -> Found<'a> {
        Box::pin(async move {
            let (caller, base_url) = self.caller(session, tenant).await?;
            Ok(charts(self.app.patients(&caller, &base_url, words).await?))
        })
    }

    fn by_id<'a>(&'a self, session: &'a Secret, tenant: Tenant, id: &'a str) -> Found<'a> {
        Box::pin(async move {
            let (caller, base_url) = self.caller(session, tenant).await?;
            Ok(charts(self.app.patient(&caller, &base_url, id).await?))
        })
    }

    fn encounters<'a>(&'a self, session: &'a Secret, tenant: Tenant, patient: &'a str, after: Option<&'a str>) -> Encountered<'a> {
        Box::pin(async move {
            let (caller, base_url) = self.caller(session, tenant).await?;
            let found = self.app.encounters(&caller, &base_url, patient, after).await?;
            Ok(Encounters { entries: found.entries.into_iter().map(encounter).collect(), next: found.next })
        })
    }

    fn encounter<'a>(&'a self, session: &'a Secret, tenant: Tenant, patient: &'a str, id: &'a str) -> Found<'a> {
        Box::pin(async move {
            let (caller, base_url) = self.caller(session, tenant).await?;
            Ok(self.app.encounter(&caller, &base_url, patient, id).await?.into_iter().map(encounter).collect())
        })
    }

    fn named_exactly<'a>(&'a self, tenant: Tenant, number: &'a str, born: &'a str) -> Found<'a> {
        Box::pin(async move {
            let (head, ()) = http::Request::new(()).into_parts();
            Ok(charts(self.app.patient_named_exactly(tenant, &self.app.base_url(&head), (number, born)).await?))
        })
    }
}

impl Looking {
    /// Whoever has a session, in a tenant, and the address of FHIR.
    async fn caller(&self, session: &Secret, tenant: Tenant) -> Result<(Caller, Arc<str>), String> {
        let (head, ()) = http::Request::new(()).into_parts();
        let caller = signed_in(&self.door, session, tenant).await.ok_or("You are not signed in any more.")?;
        Ok((caller, self.app.base_url(&head)))
    }
}

fn charts(found: Vec<rest::Patient>) -> Vec<Chart> {
    found.into_iter().map(|found| Chart { id: found.id, name: found.name, details: found.details }).collect()
}

fn encounter(found: rest::Encounter) -> Chart {
    Chart { id: found.id, name: found.name, details: found.details }
}

/// Who may do what on the pages of accounts, by the rules in force.
struct Judged(Arc<Door>);

impl Powers for Judged {
    fn has<'a>(&'a self, session: &'a Secret, tenant: Tenant, power: Power) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let Some(caller) = signed_in(&self.0, session, tenant).await else { return false };
            match power {
                Power::BreakGlass => self.0.has_emergency_rules(caller.principal()).await,
                Power::Review => may_search_the_trail(&caller.grant),
            }
        })
    }
}

/// Whoever has a session, in a tenant; `None`: nobody.
async fn signed_in(door: &Door, session: &Secret, tenant: Tenant) -> Option<Caller> {
    let (head, ()) = http::Request::new(()).into_parts();
    let visit = Visit { credential: Credential::Session(session.expose()), tenant, address: None, head: &head };
    door.admit(visit).await.ok()
}

/// Whether somebody may search the audit trail: then they review what is in it.
fn may_search_the_trail(grant: &Grant) -> bool {
    ResourceType::parse("AuditEvent").is_some_and(|kind| matches!(grant.verdict(kind, Act::Search), Verdict::Allowed))
}
