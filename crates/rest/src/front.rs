//! What stands before the routes: who calls, from where, how often, and with what headers the answer goes out.
//!
//! It is a layer around all routes, pages and refusals alike, so that a route that says nothing is closed. A server that asks for none of
//! it ([`Front::new`] gives `None`) has no such layer, and pays nothing.

mod cookie;
mod cors;
pub(crate) mod credential;
mod free;
mod limits;
mod origin;
mod peer;
mod receiving;

use std::convert::Infallible;
use std::sync::Arc;

use access::{Principal, Strength};
use audit::{Outcome, What};
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, header};
use interaction::table::Interaction;
use store::commit::Tenant;
use tower::Service;

use crate::app::App;
use crate::caller::{Caller, Credential, Doorkeeper, Refusal, Visit};
use crate::dispatch;
use crate::failure::Failure;
use crate::rate::{Meter, Quota};
use crate::settings::Settings;
use crate::tenancy::Barred;
use crate::trail;

pub use cookie::{SESSION_COOKIE, SESSION_COOKIE_PLAIN};
pub(crate) use peer::{Peer, address};

/// What an application asks of its requests.
pub(crate) struct Front {
    door: Option<Arc<dyn Doorkeeper>>,
    origins: cors::Origins,
    limits: limits::Limits,
    /// How many credentials that are none are told of, of each address.
    strangers: Meter,
}

/// So many are told of; more of an address tell nothing new.
const TOLD_OF_STRANGERS: Quota = Quota { count: 20, window_s: 60 };

/// How long a browser is to use TLS only: a year (RFC 6797).
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Tells with each answer that the glass is broken, and until when: whoever shows the answer shows that, too.
const EMERGENCY: HeaderName = HeaderName::from_static("ward-emergency");

/// Where a browser is sent that shows a page and is not signed in.
const SIGN_IN: &str = "/auth/sign-in";

impl Front {
    /// What these settings ask for; `None`: nothing.
    pub(crate) fn new(settings: &Settings, door: Option<Arc<dyn Doorkeeper>>) -> Option<Self> {
        let limits = limits::Limits::new(&settings.rates);
        let is_asked = door.is_some() || !settings.cors_origins.is_empty() || limits.are_any() || settings.is_tls;
        is_asked.then(|| Self { door, origins: cors::Origins::new(&settings.cors_origins), limits, strangers: Meter::new() })
    }

    /// Whether whoever asks has to be known.
    pub(crate) fn is_closed(&self) -> bool {
        self.door.is_some()
    }
}

/// Whoever calls a route that is free: nobody, who may do nothing.
pub(crate) fn nobody(tenant: Tenant) -> Arc<Principal> {
    Arc::new(Principal {
        tenant,
        user: None,
        fhir_user: None,
        name: "nobody".into(),
        client: None,
        roles: Vec::new(),
        scopes: None,
        patient: None,
        encounter: None,
        purpose: None,
        direct: Vec::new(),
        break_glass: None,
        strength: Strength::One,
        session: "".into(),
    })
}

/// The routes, with what the application asks of requests before them.
pub(crate) fn before(routes: Router, app: &Arc<App>) -> Router {
    match &app.front {
        Some(front) => routes.layer(receiving::Before { app: app.clone(), front: front.clone() }),
        None => routes,
    }
}

/// The answer to a request of somebody who is let in; the refusal of anybody else.
async fn admitted<S>(app: &Arc<App>, front: &Front, request: Request, mut routes: S) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let (mut head, body) = request.into_parts();
    let now_ms = app.server.clock.now();
    let address = app.address(&head);
    let class = front.limits.class(&head.method, route(&head));
    let mut emergency = None;
    let mut told = front.limits.of_address(address, class, now_ms);
    if told.is_refused() {
        return told.on(refuse(app, head, told.failure()).await);
    }
    if let Some(barred) = head.extensions.get::<Barred>().copied() {
        return told.on(refuse(app, head, barred.failure()).await);
    }
    match caller(app, front, &head, address).await {
        Err(failure) => {
            let failure = stranger(app, front, &head, failure).await;
            return told.on(refuse(app, head, failure).await);
        }
        Ok(None) => {}
        Ok(Some(caller)) => {
            told = told.stricter(front.limits.of_caller(caller.principal(), class, now_ms));
            if told.is_refused() {
                return told.on(refuse(app, head, told.failure()).await);
            }
            emergency = until(caller.principal(), now_ms);
            head.extensions.insert(caller);
        }
    }
    let Ok(mut response) = routes.call(Request::from_parts(head, body)).await;
    if let Some(until) = emergency {
        response.headers_mut().insert(EMERGENCY, until);
    }
    told.on(response)
}

/// Until when somebody has access beyond their roles; `None`: they have none.
fn until(principal: &Principal, now_ms: i64) -> Option<HeaderValue> {
    let glass = principal.break_glass.as_ref().filter(|glass| now_ms < glass.until)?;
    HeaderValue::try_from(format!("until=\"{}\"", fhir::primitive::instant_text(glass.until))).ok()
}

/// The pattern of the route that a request leads to; empty for none.
fn route(head: &Parts) -> &str {
    head.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str)
}

/// What a request brings to prove who sends it; `None`: nothing. Fails when it brings too much.
fn brought(head: &Parts) -> Result<Option<Credential<'_>>, Failure> {
    let path = head.uri.path();
    credential::of(head, credential::is_page(path) || credential::is_administration(path))
}

/// Who calls; `None` where nobody asks. Fails when nobody is known, and somebody has to be.
async fn caller(app: &App, front: &Front, head: &Parts, address: Option<std::net::IpAddr>) -> Result<Option<Caller>, Failure> {
    let Some(door) = &front.door else { return Ok(None) };
    let route = route(head);
    if free::is_free(route) {
        return Ok(None);
    }
    let Some(credential) = brought(head)? else { return Err(Failure::NoCredential) };
    origin::check(app, head, credential)?;
    let tenant = app.tenant(head);
    let admitted = door.admit(Visit { credential, tenant, address, head }).await;
    let caller = admitted.map_err(|refusal| match refusal {
        Refusal::Invalid => Failure::InvalidCredential,
        Refusal::Insufficient => Failure::InsufficientCredential,
        Refusal::TooOften(after_s) => Failure::Throttled { of: "attempts to sign in", retry_after_s: after_s },
        Refusal::Unavailable => Failure::Overloaded { of: "look-ups of who calls" },
    })?;
    // A token of one tenant is none in another, whatever a doorkeeper says.
    if caller.principal().tenant != tenant {
        return Err(Failure::InvalidCredential);
    }
    Ok(Some(caller))
}

/// Tells of a credential that is none, or of another tenant. What cannot be told is answered as such.
async fn stranger(app: &App, front: &Front, head: &Parts, failure: Failure) -> Failure {
    let why = match failure {
        Failure::InvalidCredential => "the credential is unknown, has ended or was revoked",
        Failure::InsufficientCredential => "the credential is not for this",
        other => return other,
    };
    let key = app.address(head).map(limits::network);
    if !front.strangers.take(key, TOLD_OF_STRANGERS, app.server.clock.now()).is_allowed {
        return failure;
    }
    match trail::tell(app, head, What::SignIn(None), None, Outcome::Denied(why.into())).await {
        Ok(()) => failure,
        Err(untold) => untold,
    }
}

/// Refuses a request; a browser that wants to show a page is sent to where its user can sign in.
async fn refuse(app: &Arc<App>, head: Parts, failure: Failure) -> Response {
    let wants_page = head.method == Method::GET
        && credential::is_page(head.uri.path())
        && head.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    if wants_page && matches!(failure, Failure::NoCredential | Failure::InvalidCredential) {
        let here = head.uri.path_and_query().map_or("/", |path| path.as_str());
        return Redirect::to(&oauth::params::append(SIGN_IN, &[("next", here)])).into_response();
    }
    dispatch::outside(app.clone(), Request::from_parts(head, axum::body::Body::empty()), failure).await
}

/// The interaction of a method at the pattern of a route.
fn interaction(method: &Method, route: &str) -> Option<Interaction> {
    let below = route.strip_prefix(crate::app::PREFIX)?.trim_end_matches('/');
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    interaction::table::routes().find(|row| row.path == below && row.method == method).map(|row| row.interaction)
}
