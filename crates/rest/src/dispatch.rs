//! From a request to its handler and back: named, counted, timed, logged, and guarded against panics.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::FutureExt;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use interaction::as_of;
use interaction::table::{Interaction, Row};
use store::commit::Tenant;

use crate::admission::Place;
use crate::answer::{Answer, LARGE_BYTES};
use crate::app::App;
use crate::condition::refuse_misplaced;
use crate::connection::answered::Holding;
use crate::exchange::{Exchange, Style, style};
use crate::failure::{ACCEPT_PATCH, Failure};
use crate::media_type::Format;
use crate::memory::{Full, Held};
use crate::request_id::{self, X_REQUEST_ID};
use crate::trail::Telling;
use crate::{body, handlers, tenancy};

/// Answers a request by the handler of its interaction.
pub(crate) async fn dispatch(app: Arc<App>, row: &'static Row, request: Request) -> Response {
    let started = Instant::now();
    let request_id = request_id::of(request.headers());
    let in_flight = app.metrics.begin();
    let tenant = tenancy::of(&app, request.extensions());
    let mut response = guarded(app.clone(), row, request, &request_id).await;
    drop(in_flight);
    response.headers_mut().insert(X_REQUEST_ID, request_id.clone());
    // Last-Modified alone would let a browser show an old version for as long as a tenth of its age, without asking.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    let took = started.elapsed();
    app.metrics.record(row.name, response.status(), took);
    log((row.method, row.path), tenant, &response, took, &request_id);
    response
}

/// A panic is a fault of ours: the client is told so, and the process goes on.
async fn guarded(app: Arc<App>, row: &'static Row, request: Request, request_id: &HeaderValue) -> Response {
    let (mut head, body) = request.into_parts();
    // HEAD is a GET whose answer the router takes the body from.
    if head.method == Method::HEAD {
        head.method = Method::GET;
    }
    let style = match is_graphql(row.interaction) {
        // GraphQL has formats of its own, which its handler chooses from.
        true => Ok(Style { format: Format::Json, pretty: false }),
        false => style(&head),
    };
    let wanted = *style.as_ref().unwrap_or(&Style { format: Format::Json, pretty: false });
    let telling = Telling::begin(&app, row.interaction, &head, request_id.to_str().unwrap_or_default());
    if let Some(telling) = &telling {
        head.extensions.insert(telling.clone());
    }
    let told = app.clone();
    let work = async move {
        style?;
        if head.uri.path().len() + head.uri.query().map_or(0, str::len) > app.settings.max_url_bytes {
            return Err(Failure::UrlTooLong { max_bytes: app.settings.max_url_bytes });
        }
        refuse_misplaced(row, &head.headers)?;
        let (body, room) = match max_bytes(&app, row.interaction) {
            None => (Bytes::new(), Held::nothing()),
            Some(max_bytes) => body::read(&app, &head.headers, body, max_bytes).await?,
        };
        let as_of = as_of(&app, &head, row.interaction)?;
        // A body is read before its request takes a place among those that are worked on: a slow one keeps no other from it.
        let place = app.admission.enter(row.interaction).await?;
        let exchange = Exchange { app: app.clone(), head, body, as_of };
        let (answer, place) = handle(exchange, row.interaction, (room, place)).await?;
        let response = answer.into_response(wanted).await?;
        let response = with_room(&app, response).await;
        drop(place);
        response
    };
    let response = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(failure)) => refuse(failure, wanted, request_id).await,
        Err(_) => refuse(Failure::Internal("a handler panicked".into()), wanted, request_id).await,
    };
    let (Some(telling), Some(trail)) = (telling, &told.trail) else { return response };
    match telling.end(trail, response.status()).await {
        Ok(()) => response,
        Err(failure) => refuse(failure, wanted, request_id).await,
    }
}

/// The moment that `_asOf` in the address names. It is refused where there is no past to ask about; GraphQL refuses in its own way.
fn as_of(app: &App, head: &Parts, interaction: Interaction) -> Result<Option<store::commit::Instant>, Failure> {
    let query = head.uri.query().filter(|query| as_of::may_be_in(query) && !is_graphql(interaction));
    let Some(query) = query else { return Ok(None) };
    // A query that is malformed is refused by whoever reads the rest of it.
    let mut params = search::url::query_pairs(query).unwrap_or_default();
    if !interaction.takes_as_of() && params.iter().any(|(name, _)| name == as_of::PARAMETER) {
        return Err(as_of::misplaced().into());
    }
    Ok(as_of::take(&mut params, app.server.clock.now())?)
}

fn is_graphql(interaction: Interaction) -> bool {
    matches!(interaction, Interaction::GraphQl | Interaction::GraphQlPost)
}

/// How large the body of an interaction may be; `None` when it has none.
fn max_bytes(app: &App, interaction: Interaction) -> Option<usize> {
    match interaction {
        Interaction::Process | Interaction::Operation => Some(app.settings.max_bundle_bytes),
        Interaction::Create | Interaction::Update | Interaction::ConditionalUpdate | Interaction::Patch | Interaction::ConditionalPatch => {
            Some(app.settings.max_resource_bytes)
        }
        Interaction::SearchTypePost | Interaction::SearchSystemPost | Interaction::SearchCompartmentPost => {
            Some(app.settings.max_url_bytes)
        }
        // The variables come beside the query, and its quotes and line breaks are escaped.
        Interaction::GraphQlPost => Some(app.server.settings.graphql.query_bytes.saturating_mul(4)),
        _ => None,
    }
}

/// Large bodies take long to understand, and so may a short query of GraphQL, or a short patch of what is large: that is done beside the
/// threads that serve the network.
async fn handle(exchange: Exchange, interaction: Interaction, (room, place): (Held, Place)) -> Result<(Answer, Place), Failure> {
    let is_patch = matches!(interaction, Interaction::Patch | Interaction::ConditionalPatch);
    if exchange.body.len() <= LARGE_BYTES && !is_graphql(interaction) && !is_patch {
        return Ok((handlers::answer(exchange, interaction).await?, place));
    }
    let runtime = tokio::runtime::Handle::current();
    let work = tokio::task::spawn_blocking(move || {
        // What it holds it gives back when it is done, also when nobody waits for it any more.
        let _room = room;
        Ok((runtime.block_on(handlers::answer(exchange, interaction))?, place))
    });
    // The error's own text would have a panic's message in it, which may tell of the body.
    work.await.map_err(|_| Failure::Internal("a handler beside the network panicked".to_owned()))?
}

/// A large answer holds room until it has gone out. When there is none, it is thrown away: others wait for that memory.
async fn with_room(app: &App, mut response: Response) -> Result<Response, Failure> {
    let bytes = response.body().size_hint().lower() as usize;
    if bytes > SMALL_ANSWER_BYTES {
        let mut held = Held::nothing();
        app.answers.grow(&mut held, bytes).await.map_err(|Full| Failure::Overloaded { of: "large answers" })?;
        response.extensions_mut().insert(Holding(Arc::new(held)));
    }
    Ok(response)
}

/// Answers up to this many bytes need no room of their own.
const SMALL_ANSWER_BYTES: usize = 16 << 10;

async fn refuse(failure: Failure, style: Style, request_id: &HeaderValue) -> Response {
    if let Some(detail) = failure.detail() {
        let request_id = request_id.to_str().unwrap_or_default();
        tracing::error!(target: "ward::http", request_id, detail, "a request failed");
    }
    let header = failure.header();
    let mut outcome = failure.outcome();
    outcome.issues.truncate(MAX_ISSUES);
    let mut answer = Answer::outcome(&outcome);
    if let Some((name, value)) = header {
        answer = answer.with(name, value);
    }
    match answer.into_response(style).await {
        Ok(response) => response,
        Err(_) => Response::new(axum::body::Body::empty()),
    }
}

/// How many issues an OperationOutcome has at most.
const MAX_ISSUES: usize = 100;

/// Answers a request to a path that does not exist.
pub(crate) async fn refuse_path(State(app): State<Arc<App>>, request: Request) -> Response {
    let failure = unknown_operation(&request).unwrap_or(Failure::UnknownPath);
    outside(app, request, failure).await
}

/// Answers a request with a method that its path does not have; the router adds Allow.
pub(crate) async fn refuse_method(State(app): State<Arc<App>>, request: Request) -> Response {
    let failure = unknown_operation(&request).unwrap_or(Failure::MethodNotAllowed);
    outside(app, request, failure).await
}

/// Why there is no such operation, when the path ends in the name of one.
fn unknown_operation(request: &Request) -> Option<Failure> {
    handlers::unknown_operation(request.uri().path())
}

/// Answers OPTIONS: the methods that the path has.
pub(crate) async fn options(app: Arc<App>, allow: HeaderValue, request: Request) -> Response {
    let started = Instant::now();
    let (request_id, tenant) = (request_id::of(request.headers()), tenancy::of(&app, request.extensions()));
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if allow.to_str().is_ok_and(|methods| methods.contains("PATCH")) {
        response.headers_mut().insert(ACCEPT_PATCH.0, HeaderValue::from_static(ACCEPT_PATCH.1));
    }
    response.headers_mut().insert(header::ALLOW, allow);
    response.headers_mut().insert(X_REQUEST_ID, request_id.clone());
    app.metrics.record("options", response.status(), started.elapsed());
    log(("OPTIONS", "none"), tenant, &response, started.elapsed(), &request_id);
    response
}

/// Answers a request that comes to no route's handler.
pub(crate) async fn outside(app: Arc<App>, request: Request, failure: Failure) -> Response {
    let started = Instant::now();
    let (head, _) = request.into_parts();
    let request_id = request_id::of(&head.headers);
    let style = style(&head).unwrap_or(Style { format: Format::Json, pretty: false });
    let mut response = refuse(failure, style, &request_id).await;
    response.headers_mut().insert(X_REQUEST_ID, request_id.clone());
    app.metrics.record("none", response.status(), started.elapsed());
    log((head.method.as_str(), "none"), tenancy::of(&app, &head.extensions), &response, started.elapsed(), &request_id);
    response
}

/// Answers a request for a page for people.
pub(crate) async fn page(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    named(&app, "page", request, next).await
}

/// Answers a request to an endpoint of OAuth.
pub(crate) async fn endpoint(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    named(&app, "auth", request, next).await
}

/// Answers a request about accounts, clients and roles.
pub(crate) async fn administration(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    named(&app, "administration", request, next).await
}

/// Answers a request that is none of FHIR, under a name in metrics and logs. A panic is a fault of ours here, too.
async fn named(app: &App, name: &str, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = request_id::of(request.headers());
    let (method, tenant) = (request.method().clone(), tenancy::of(app, request.extensions()));
    let mut response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => refuse(Failure::Internal("a page panicked".into()), Style { format: Format::Json, pretty: false }, &request_id).await,
    };
    response.headers_mut().insert(X_REQUEST_ID, request_id.clone());
    app.metrics.record(name, response.status(), started.elapsed());
    log((method.as_str(), name), tenant, &response, started.elapsed(), &request_id);
    response
}

/// Answers a request outside the interactions that cannot be done.
pub(crate) async fn refuse_plainly(failure: Failure, head: http::request::Parts) -> Response {
    let style = style(&head).unwrap_or(Style { format: Format::Json, pretty: false });
    refuse(failure, style, &request_id::of(&head.headers)).await
}

/// The route's pattern is logged, never the address: it may say whose record was read.
fn log((method, route): (&str, &str), Tenant(tenant): Tenant, response: &Response, took: Duration, request_id: &HeaderValue) {
    let request_id = request_id.to_str().unwrap_or_default();
    let (status, time_us) = (response.status().as_u16(), took.as_micros() as u64);
    if status >= 500 {
        tracing::error!(target: "ward::http", request_id, tenant, method, route, status, time_us, "answered");
    } else {
        tracing::info!(target: "ward::http", request_id, tenant, method, route, status, time_us, "answered");
    }
}
