//! The endpoints of OAuth and OpenID Connect that programs call, and the documents that say where they are. What each answers is `oauth`'s; this
//! reads requests and writes answers. (The one that people see, `/auth/authorize`, is a page.)

use std::sync::Arc;

use access::Principal;
use audit::{Outcome, What};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use identity::chronicle::{Asking, asked_in};
use oauth::{Fault, Params, Provider, Refusal, Reply, Site};

use crate::app::App;
use crate::body;
use crate::caller::Credential;
use crate::dispatch;
use crate::failure::Failure;
use crate::front::{self, credential};
use crate::{request_id, trail};

/// How many bytes a request has at most.
const MOST_BYTES: usize = 64 << 10;

/// What the endpoints share.
#[derive(Clone)]
struct Endpoints {
    app: Arc<App>,
    provider: Arc<Provider>,
}

/// The routes.
pub fn authorization(app: &Arc<App>, provider: Arc<Provider>) -> Router {
    let endpoints = Endpoints { app: app.clone(), provider };
    Router::new()
        .route("/auth/token", post(token))
        .route("/auth/revoke", post(revoke))
        .route("/auth/introspect", post(introspect))
        .route("/auth/device-authorization", post(device_authorization))
        .route("/auth/register", post(register))
        .route("/auth/userinfo", get(userinfo).post(userinfo))
        .route("/auth/jwks", get(jwks))
        .route("/auth/smart-style.json", get(style))
        .route("/.well-known/openid-configuration", get(openid_configuration))
        .route("/.well-known/oauth-authorization-server", get(openid_configuration))
        .route("/fhir/.well-known/smart-configuration", get(smart_configuration))
        .with_state(endpoints)
        .layer(from_fn_with_state(app.clone(), dispatch::endpoint))
}

impl Endpoints {
    /// The addresses of the server, as whoever sent a request sees them.
    fn site(&self, head: &Parts) -> Site {
        Site::new(self.app.tenant(head), &self.app.issuer(head), &self.app.base_url(head))
    }

    async fn body(&self, head: &Parts, body: Body) -> Result<Bytes, Response> {
        match body::read(&self.app, &head.headers, body, MOST_BYTES).await {
            Ok((bytes, _)) => Ok(bytes),
            Err(failure) => Err(dispatch::refuse_plainly(failure, head.clone()).await),
        }
    }

    /// The request, for what is told of it in commits.
    fn asking(&self, head: &Parts) -> Arc<Asking> {
        let request = request_id::of(&head.headers);
        Arc::new(Asking::new(self.app.address(head), request.to_str().unwrap_or_default()))
    }

    /// Tells which client did not get tokens, or gave back what was worth nothing: what changed a record is told in its commit. What asks about tokens changes nothing, and is not told of.
    async fn tell(&self, head: &Parts, (endpoint, params): (&str, &Params), status: u16) -> Result<(), Failure> {
        let what = match endpoint {
            "token" => What::SignIn(None),
            "revoke" => What::SignOut(None),
            _ => return Ok(()),
        };
        let outcome = match status {
            200..=299 => Outcome::Done,
            503 => return Ok(()),
            _ => Outcome::Denied("the client did not prove who it is, or what it presented is worth nothing".into()),
        };
        // A device asks again and again whether its user has decided.
        if params.get("device_code").is_some() && outcome != Outcome::Done {
            return Ok(());
        }
        let named = params.get("client_id").filter(|id| id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_graphic()));
        let who = named
            .map(|id| Arc::new(Principal { client: Some(id.into()), name: id.into(), ..(*front::nobody(self.app.tenant(head))).clone() }));
        trail::tell(&self.app, head, what, who, outcome).await
    }

    /// The parameters of a form. Those of an address count for nothing: secrets do not belong there.
    async fn form(&self, request: Request) -> Result<(Parts, Params), Response> {
        let (head, body) = request.into_parts();
        let wrong = |why: &str| answer(Refusal::new(Fault::InvalidRequest, why).reply());
        let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
            return Err(wrong("Send the parameters in the body, as application/x-www-form-urlencoded."));
        }
        if head.uri.query().is_some() {
            return Err(wrong("Send the parameters in the body, and none in the address."));
        }
        let bytes = self.body(&head, body).await?;
        let pairs = std::str::from_utf8(&bytes).ok().and_then(|text| search::url::query_pairs(text).ok());
        let pairs = pairs.ok_or_else(|| wrong("The body is not encoded as application/x-www-form-urlencoded."))?;
        let params = Params::new(pairs).map_err(|refusal| answer(refusal.reply()))?;
        Ok((head, params))
    }
}

/// The header Authorization, when there is one.
fn authorization_of(head: &Parts) -> Result<Option<&str>, Refusal> {
    let mut values = head.headers.get_all(header::AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) if value.to_str().is_ok() => Ok(value.to_str().ok()),
        _ => Err(Refusal::new(Fault::InvalidRequest, "There must be one header Authorization, or none.")),
    }
}

macro_rules! form_endpoints {
    ($($name:ident),+) => {
        $(async fn $name(State(endpoints): State<Endpoints>, request: Request) -> Response {
            let (head, params) = match endpoints.form(request).await {
                Ok(read) => read,
                Err(refused) => return refused,
            };
            let authorization = match authorization_of(&head) {
                Ok(authorization) => authorization,
                Err(refusal) => return answer(refusal.reply()),
            };
            let request = oauth::Request { params: &params, authorization };
            let asking = endpoints.asking(&head);
            let reply = asked_in(asking.clone(), endpoints.provider.$name(&endpoints.site(&head), request)).await;
            if asking.has_told() && (200..300).contains(&reply.status) {
                return answer(reply);
            }
            match endpoints.tell(&head, (stringify!($name), &params), reply.status).await {
                Ok(()) => answer(reply),
                Err(failure) => dispatch::refuse_plainly(failure, head).await,
            }
        })+
    };
}

form_endpoints!(token, revoke, introspect, device_authorization);

async fn register(State(endpoints): State<Endpoints>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    match endpoints.body(&head, body).await {
        Ok(body) => answer(asked_in(endpoints.asking(&head), endpoints.provider.register(&endpoints.site(&head), &body)).await),
        Err(refused) => refused,
    }
}

async fn userinfo(State(endpoints): State<Endpoints>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    match credential::of(&head, false) {
        Ok(Some(Credential::Bearer(token))) => answer(endpoints.provider.userinfo(&endpoints.site(&head), token).await),
        Ok(_) => {
            // Whoever brings nothing is told no error (RFC 6750, section 3.1).
            answer(Reply::empty(401).with_challenge("Bearer realm=\"ward\"".to_owned()))
        }
        Err(_) => {
            answer(Refusal::new(Fault::InvalidRequest, "There must be one header Authorization, of the form 'Bearer TOKEN'.").reply())
        }
    }
}

async fn jwks(State(endpoints): State<Endpoints>) -> Response {
    answer(endpoints.provider.jwks().await)
}

async fn style(State(endpoints): State<Endpoints>, request: Request) -> Response {
    let head = request.into_parts().0;
    let accent = endpoints.app.tenancy(&head).and_then(|tenancy| tenancy.branding.accent.as_deref());
    answer(endpoints.provider.style(accent))
}

async fn openid_configuration(State(endpoints): State<Endpoints>, request: Request) -> Response {
    let head = request.into_parts().0;
    answer(endpoints.provider.openid_configuration(&endpoints.site(&head)))
}

async fn smart_configuration(State(endpoints): State<Endpoints>, request: Request) -> Response {
    let head = request.into_parts().0;
    answer(endpoints.provider.smart_configuration(&endpoints.site(&head)))
}

/// An answer, in HTTP. What may not be kept is marked so for old caches, too (RFC 6749, section 5.1).
fn answer(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, reply.text()).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if reply.body.is_some() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    match reply.max_age_seconds {
        Some(seconds) => headers.extend(HeaderValue::from_str(&format!("max-age={seconds}")).map(|value| (header::CACHE_CONTROL, value))),
        None => {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        }
    }
    if let Some(challenge) = reply.challenge {
        headers.extend(HeaderValue::from_str(&challenge).map(|value| (header::WWW_AUTHENTICATE, value)));
    }
    response
}
