//! All routes of a server: FHIR, the pages for people, and the endpoints that apps call to be let in.

use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;

use access::{Act, Grant, Verdict};
use fhir::definitions::ResourceType;
use http::request::Parts;
use identity::tenants::Tenancy;
use identity::{Identity, Secret};
use oauth::Provider;
use rest::caller::{Credential, Doorkeeper, Visit};
use rest::{App, Patient};
use screens::{Accounts, Chart, Charts, Found, House, Power, Powers, Requests, Router};
use store::commit::Tenant;

use crate::door::Door;

/// Accounts and apps, where whoever asks has to be known.
pub struct People {
    /// The accounts.
    pub identity: Identity,
    /// What apps are given.
    pub provider: Arc<Provider>,
    /// Who lets them in.
    pub door: Arc<Door>,
}

/// The routes; those of accounts and apps only with `people`.
pub fn routes(app: &Arc<App>, people: Option<People>) -> Router {
    let Some(People { identity, provider, door }) = people else {
        return rest::app_with(app.clone(), site(app));
    };
    let accounts = screens::accounts(Accounts {
        identity,
        provider: provider.clone(),
        requests: Box::new(Known(app.clone())),
        charts: Box::new(Looking { app: app.clone(), door: door.clone() }),
        powers: Box::new(Judged { door }),
        session_cookie: [rest::SESSION_COOKIE, rest::SESSION_COOKIE_PLAIN],
    });
    rest::app_with_all(app.clone(), site(app).merge(accounts), rest::authorization(app, provider))
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
struct Known(Arc<App>);

impl Requests for Known {
    fn origin(&self, head: &Parts) -> String {
        self.0.origin(head)
    }

    fn base_url(&self, head: &Parts) -> Arc<str> {
        self.0.base_url(head)
    }

    fn is_secure(&self, head: &Parts) -> bool {
        self.0.is_secure(&head.headers)
    }

    fn address(&self, head: &Parts) -> IpAddr {
        self.0.address(head).unwrap_or(Ipv4Addr::UNSPECIFIED.into())
    }

    fn tenant(&self, head: &Parts) -> Tenant {
        self.0.tenant(head)
    }

    fn issuer(&self, head: &Parts) -> String {
        self.0.issuer(head)
    }

    fn houses<'a>(&'a self, head: &'a Parts, tenants: &'a [Tenant]) -> Pin<Box<dyn Future<Output = Vec<House>> + Send + 'a>> {
        Box::pin(async move {
            let found = self.0.tenancies(tenants).await;
            let house = |tenancy: Arc<Tenancy>| {
                let address = self.0.address_of(head, &tenancy).map(|site| format!("{site}/auth/sessions"));
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
            let (head, ()) = http::Request::new(()).into_parts();
            let credential = Credential::Session(session.expose());
            let visit = Visit { credential, tenant, address: None, head: &head };
            let caller = self.door.admit(visit).await.map_err(|_| "You are not signed in any more.".to_owned())?;
            let found = self.app.patients(&caller, &self.app.base_url(&head), words).await?;
            Ok(found.into_iter().map(chart).collect())
        })
    }

    fn named_exactly<'a>(&'a self, tenant: Tenant, number: &'a str, born: &'a str) -> Found<'a> {
        Box::pin(async move {
            let (head, ()) = http::Request::new(()).into_parts();
            let found = self.app.patient_named_exactly(tenant, &self.app.base_url(&head), (number, born)).await?;
            Ok(found.into_iter().map(chart).collect())
        })
    }
}

fn chart(found: Patient) -> Chart {
    Chart { id: found.id, name: found.name, details: found.details }
}

/// Who may do what on the pages of accounts, by the rules in force.
struct Judged {
    door: Arc<Door>,
}

impl Powers for Judged {
    fn has<'a>(&'a self, session: &'a Secret, tenant: Tenant, power: Power) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let (head, ()) = http::Request::new(()).into_parts();
            let visit = Visit { credential: Credential::Session(session.expose()), tenant, address: None, head: &head };
            let Ok(caller) = self.door.admit(visit).await else { return false };
            match power {
                Power::BreakGlass => self.door.has_emergency_rules(caller.principal()),
                Power::Review => may_search_the_trail(&caller.grant),
            }
        })
    }
}

/// Whether somebody may search the audit trail: then they review what is in it.
fn may_search_the_trail(grant: &Grant) -> bool {
    ResourceType::parse("AuditEvent").is_some_and(|kind| matches!(grant.verdict(kind, Act::Search), Verdict::Allowed))
}
