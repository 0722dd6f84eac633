//! Whose data a request is about: told by its address, before anything else is done with it.
//!
//! `/t/north/fhir/Patient` and, at a host that is north's own, `/fhir/Patient` are about the tenant north; every other address is the first tenant's. The
//! prefix is taken off here and nowhere else known: routes, handlers and pages are the same for all tenants, and the paths that go out in redirects and pages
//! get it back ([`links`]). What stays with the request is [`At`], which [`App::tenant`] and [`App::base_url`] go by.
//!
//! A name that no tenant has is a path that leads nowhere, like any other.

mod links;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{Extensions, Uri};
use identity::directory::DirectoryError;
use identity::tenants::{FIRST, Standing, Tenancy};
use store::commit::Tenant;

use crate::app::App;
use crate::dispatch;
use crate::failure::Failure;
use crate::front::credential;

/// Before the name of a tenant in a path.
const PREFIX: &str = "/t/";

/// Where the metadata of an authorization server stands: the path of the issuer comes behind it (RFC 8414, section 3).
const METADATA: &str = "/.well-known/oauth-authorization-server";

/// What a tenant has of its own, below its prefix and at its hosts. All else is the server's.
const OWN: [&str; 6] = ["/fhir", "/auth", "/.well-known", "/api", "/developer", "/assets"];

/// What tells everybody the same: it is answered also while tenants cannot be looked up, as long as the database is being opened.
const EVERYBODYS: [&str; 6] = ["/health", "/metrics", "/fhir/metadata", "/fhir/openapi.json", "/api/openapi.json", "/assets"];

/// The tenant that a request has found. It travels with the request's head.
#[derive(Clone)]
pub(crate) struct At {
    tenancy: Arc<Tenancy>,
    /// Whether the host is the tenant's own, so that its paths have no prefix.
    has_host: bool,
}

/// Why a request is refused for its address alone. It travels with the head of a request to whoever refuses.
#[derive(Clone, Copy)]
pub(crate) enum Barred {
    /// Nothing is there.
    Unknown,
    /// It names a host that is none of those of a server that asks nobody who they are.
    Elsewhere,
    /// The tenant is suspended.
    Suspended,
    /// The tenant is on its way out.
    Ending,
    /// Which tenants there are is not known, as there is no room to open the database.
    Full,
    /// Which tenants there are is not known at the moment.
    Unavailable,
}

impl Barred {
    /// What the client is told.
    pub(crate) fn failure(self) -> Failure {
        match self {
            Barred::Unknown => Failure::UnknownPath,
            Barred::Elsewhere => Failure::ForeignHost,
            Barred::Suspended => Failure::TenantSuspended,
            Barred::Ending => Failure::TenantEnding,
            Barred::Full => Failure::Interaction(interaction::Error::Full),
            Barred::Unavailable => Failure::Overloaded { of: "look-ups of tenants" },
        }
    }
}

impl At {
    /// What paths have before what the routes know; empty at a host of the tenant's own, and for the first.
    pub(crate) fn prefix(&self) -> String {
        if self.has_host { String::new() } else { self.tenancy.path() }
    }

    pub(crate) fn has_host(&self) -> bool {
        self.has_host
    }

    pub(crate) fn is_first(&self) -> bool {
        self.tenancy.tenant() == FIRST
    }
}

/// Whose data a request with these extensions is about.
pub(crate) fn of(app: &App, extensions: &Extensions) -> Tenant {
    extensions.get::<At>().map_or(app.settings.tenant, |at| at.tenancy.tenant())
}

impl App {
    /// Whose data a request is about.
    pub fn tenant(&self, head: &Parts) -> Tenant {
        of(self, &head.extensions)
    }

    /// What is known of whose data a request is about; `None` on a server that knows of one tenant only.
    pub fn tenancy<'a>(&self, head: &'a Parts) -> Option<&'a Arc<Tenancy>> {
        head.extensions.get::<At>().map(|at| &at.tenancy)
    }

    /// The host of a tenant's own by which a request came, without a port; `None` when it came by another way.
    pub fn own_host(&self, head: &Parts) -> Option<String> {
        let at = head.extensions.get::<At>().filter(|at| at.has_host)?;
        let host = self.host(head)?.to_ascii_lowercase();
        at.tenancy.hosts.iter().find(|own| host.strip_prefix(&**own).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))).cloned()
    }

    /// The issuer of tokens under the address that a request was sent to (<https://openid.net/specs/openid-connect-core-1_0.html#IssuerIdentifier>): its origin,
    /// and the prefix of its tenant.
    pub fn issuer(&self, head: &Parts) -> String {
        let prefix = head.extensions.get::<At>().map_or_else(String::new, At::prefix);
        self.origin(head) + &prefix
    }
}

impl App {
    /// Those of some tenants that are served, by name; none when they cannot be looked up.
    pub async fn tenancies(&self, of: &[Tenant]) -> Vec<Arc<Tenancy>> {
        let Some(tenants) = self.tenants() else { return Vec::new() };
        let Ok(table) = tenants.table().await else { return Vec::new() };
        let known = of.iter().filter_map(|tenant| table.of(*tenant));
        let mut served: Vec<Arc<Tenancy>> = known.filter(|tenancy| tenancy.standing == Standing::Active).cloned().collect();
        served.sort_by(|left, right| left.name.cmp(&right.name));
        served
    }

    /// The address of a tenant as whoever sent a request could reach it, without a slash at its end: at its own host, on the port that was asked, or under its
    /// prefix. `None` from the host of another tenant, where the name of the server itself is not known.
    pub fn address_of(&self, head: &Parts, tenancy: &Tenancy) -> Option<String> {
        if let Some(host) = tenancy.hosts.first() {
            let scheme = if self.is_secure(&head.headers) { "https" } else { "http" };
            let port = self.host(head).and_then(|asked| asked.rsplit_once(':')).map(|(_, port)| port);
            let port = port.filter(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
            return Some(port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}")));
        }
        let is_elsewhere = head.extensions.get::<At>().is_some_and(At::has_host);
        let origin = if is_elsewhere { self.own_origin() } else { Some(self.origin(head)) };
        origin.map(|origin| origin + &tenancy.path())
    }
}

/// The routes, found by the addresses of all tenants.
pub(crate) fn before(routes: Router, app: &Arc<App>) -> Router {
    match app.tenants() {
        // A layer is run when the route is known already; this one has to come before that.
        Some(_) => Router::new().fallback_service(routes).layer(from_fn_with_state(app.clone(), find)),
        None => routes,
    }
}

async fn find(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (mut head, body) = request.into_parts();
    let at = match place(&app, &mut head).await {
        Ok(at) => at,
        Err(barred) => {
            head.extensions.insert(barred);
            return refused(app, Request::from_parts(head, body), next).await;
        }
    };
    let (tenant, prefix, is_page) = (at.tenancy.tenant(), at.prefix(), credential::is_page(head.uri.path()));
    head.extensions.insert(at);
    let response = next.run(Request::from_parts(head, body)).await;
    app.metrics.of_tenant(tenant, response.status());
    if prefix.is_empty() { response } else { links::under(&prefix, response, is_page).await }
}

/// A request that is refused for its address passes what stands before the routes like any other, so that it is counted and limited; where nothing does, it is
/// refused here.
async fn refused(app: Arc<App>, request: Request, next: Next) -> Response {
    match (app.front.is_some(), request.extensions().get::<Barred>().copied()) {
        (false, Some(barred)) => dispatch::outside(app, request, barred.failure()).await,
        _ => next.run(request).await,
    }
}

/// The tenant of a request, whose path is from now on as routes know it.
async fn place(app: &App, head: &mut Parts) -> Result<At, Barred> {
    let path = head.uri.path();
    let first = At { tenancy: app.first.clone(), has_host: false };
    let (Some(tenants), named) = (app.tenants(), named(path)) else { return Ok(first) };
    let table = match tenants.known() {
        Some(table) => table,
        None if named.is_none() && is_below(path, &EVERYBODYS) => return Ok(first),
        None => tenants.table().await.map_err(|error| match error {
            DirectoryError::Full => Barred::Full,
            _ => Barred::Unavailable,
        })?,
    };
    let own = app.host(head).and_then(|host| table.at_host(host));
    if own.is_none() && app.settings.is_local && !app.is_named(head) {
        return Err(Barred::Elsewhere);
    }
    let at = match (own, named) {
        (Some(_), Some(_)) => return Err(Barred::Unknown),
        (Some(tenancy), None) => At { tenancy: tenancy.clone(), has_host: true },
        (None, Some((slug, rest))) => {
            let tenancy = table.named(slug).filter(|tenancy| tenancy.tenant() != FIRST && is_below(&rest, &OWN));
            let tenancy = tenancy.ok_or(Barred::Unknown)?.clone();
            head.uri = moved(&head.uri, &rest).ok_or(Barred::Unknown)?;
            At { tenancy, has_host: false }
        }
        (None, None) => At { tenancy: table.of(FIRST).ok_or(Barred::Unavailable)?.clone(), has_host: false },
    };
    match at.tenancy.standing {
        Standing::Active => Ok(at),
        Standing::Suspended => Err(Barred::Suspended),
        Standing::Ending => Err(Barred::Ending),
        Standing::Deleted => Err(Barred::Unknown),
    }
}

/// The name of a tenant in a path, and the path below it; `None` when it names none.
fn named(path: &str) -> Option<(&str, String)> {
    if let Some(issuer) = path.strip_prefix(METADATA).and_then(|rest| rest.strip_prefix(PREFIX)) {
        return Some((issuer, METADATA.to_owned()));
    }
    let rest = path.strip_prefix(PREFIX)?;
    let (slug, rest) = rest.split_once('/').unwrap_or((rest, ""));
    Some((slug, format!("/{rest}")))
}

fn is_below(path: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| path.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// An address with another path.
fn moved(uri: &Uri, path: &str) -> Option<Uri> {
    let path = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path).ok()?);
    Uri::from_parts(parts).ok()
}
