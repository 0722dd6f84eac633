//! All routes of a server: FHIR, the pages for people, and the endpoints that apps call to be let in.

use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;

use administration::Desk;
use federation::Federation;
use http::request::Parts;
use identity::tenants::Tenancy;
use identity::{Identity, Secret};
use oauth::Provider;
use rest::App;
use rest::caller::{Caller, Credential, Doorkeeper, Visit};
use screens::{Accounts, Chart, Charts, Found, House, Requests, Router};
use store::commit::Tenant;

/// Accounts and apps, where whoever asks has to be known.
pub struct People {
    /// The accounts.
    pub identity: Identity,
    /// What apps are given.
    pub provider: Arc<Provider>,
    /// Where they are administered.
    pub desk: Arc<Desk>,
    /// Providers outside with whom they may sign in.
    pub federation: Arc<Federation>,
    /// Who lets them in.
    pub door: Arc<dyn Doorkeeper>,
}

/// The routes; those of accounts and apps only with `people`.
pub fn routes(app: &Arc<App>, people: Option<People>) -> Router {
    let Some(People { identity, provider, desk, federation, door }) = people else {
        return rest::app_with(app.clone(), site(app));
    };
    let accounts = screens::accounts(Accounts {
        identity,
        provider: provider.clone(),
        federation,
        requests: Box::new(Known(app.clone())),
        charts: Box::new(Looking { app: app.clone(), door }),
        session_cookie: [rest::SESSION_COOKIE, rest::SESSION_COOKIE_PLAIN],
    });
    rest::app_with_all(app.clone(), site(app).merge(accounts), rest::authorization(app, provider).merge(rest::administration(app, desk)))
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
    door: Arc<dyn Doorkeeper>,
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
}

impl Looking {
    /// Whoever has a session, in a tenant, and the address of FHIR.
    async fn caller(&self, session: &Secret, tenant: Tenant) -> Result<(Caller, Arc<str>), String> {
        let (head, ()) = http::Request::new(()).into_parts();
        let visit = Visit { credential: Credential::Session(session.expose()), tenant, address: None, head: &head };
        let caller = self.door.admit(visit).await.map_err(|_| "You are not signed in any more.".to_owned())?;
        Ok((caller, self.app.base_url(&head)))
    }
}

fn charts(found: Vec<rest::Patient>) -> Vec<Chart> {
    found.into_iter().map(|found| Chart { id: found.id, name: found.name, details: found.details }).collect()
}
