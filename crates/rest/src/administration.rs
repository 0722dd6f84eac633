//! Administration over HTTP: `/api/v1`. What can be asked, and by whom, is `administration`'s; this reads requests, tells the audit trail, and writes answers.

use std::sync::Arc;

use administration::{Answered, Asked, Desk, Refusal, Reply, Teller};
use audit::happening::Done;
use audit::{Happening, Outcome, What};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use fhir::json::{self, Limits};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use identity::chronicle::Noted;
use store::commit::Commit;

use crate::app::App;
use crate::caller::Caller;
use crate::failure::Failure;
use crate::{body, condition, dispatch, request_id, trail};

/// Where it is.
pub(crate) const PREFIX: &str = administration::table::PREFIX;

/// How many bytes a body has at most: a policy and what is around it.
const MOST_BYTES: usize = access::policy::MAX_TEXT_BYTES + (64 << 10);

/// What a body may hold.
const LIMITS: Limits = Limits { depth: 16, values: 50_000 };

/// Does at the desk what a page asks in the request with this head, as it would be done by a request of the same caller to `/api/v1`, and tells the audit trail of it.
///
/// Fails as [`Desk::answer`] refuses, and with 503 when what was done cannot be told.
pub async fn administer(app: &Arc<App>, desk: &Arc<Desk>, head: &Parts, asked: Asked) -> Result<Reply, Refusal> {
    let counter = Counter { app: app.clone(), desk: desk.clone() };
    let caller = Caller { grant: asked.grant.clone() };
    counter.done(head, &caller, &asked).await.unwrap_or_else(|_| Err(Refusal::untold()))
}

/// What all requests share.
#[derive(Clone)]
struct Counter {
    app: Arc<App>,
    desk: Arc<Desk>,
}

/// The routes, of an application that is closed.
pub fn administration(app: &Arc<App>, desk: Arc<Desk>) -> Router {
    let counter = Counter { app: app.clone(), desk };
    Router::new()
        .route(&format!("{PREFIX}/{{*path}}"), any(answer))
        .with_state(counter)
        .layer(from_fn_with_state(app.clone(), dispatch::administration))
}

async fn answer(State(counter): State<Counter>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    match counter.answered(&head, body).await {
        Ok(response) => response,
        Err(failure) => dispatch::refuse_plainly(failure, head).await,
    }
}

impl Counter {
    async fn answered(&self, head: &Parts, body: Body) -> Result<Response, Failure> {
        // Who is not known comes no further than the front; a server that is open has no such routes.
        let caller = head.extensions.get::<Caller>().ok_or(Failure::NoCredential)?;
        let asked = self.asked(head, body, caller).await?;
        let reply = self.done(head, caller, &asked).await?;
        reply.map(written).map_err(|refusal| Failure::Administration(refusal.into()))
    }

    /// Does what is asked, and tells of it before it is answered.
    async fn done(&self, head: &Parts, caller: &Caller, asked: &Asked) -> Result<Result<Reply, Refusal>, Failure> {
        let teller = self.app.trail.clone().map(|trail| {
            let happening = self.happening(head, caller, What::Recording(true), Outcome::Done);
            Arc::new(InCommit { trail, happening }) as Arc<dyn Teller>
        });
        let Answered { reply, told } = self.desk.answer(asked, teller).await;
        if let Some(what) = told {
            let outcome = match &reply {
                Ok(_) => Outcome::Done,
                Err(refusal) => trail::outcome(StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)),
            };
            self.tell(head, caller, what, outcome).await?;
        }
        Ok(reply)
    }

    async fn asked(&self, head: &Parts, body: Body, caller: &Caller) -> Result<Asked, Failure> {
        let path = head.uri.path().strip_prefix(PREFIX).unwrap_or_default().trim_start_matches('/');
        // Ids and names have nothing in them that an address would encode: what is encoded names nothing.
        let path = path.split('/').map(str::to_owned).collect();
        let query = search::url::query_pairs(head.uri.query().unwrap_or_default()).map_err(Failure::BadQuery)?;
        let (bytes, _room) = body::read(&self.app, &head.headers, body, MOST_BYTES).await?;
        let body = match bytes.is_empty() {
            true => None,
            false if is_json(&head.headers) => {
                let parsed = json::parse_with(&bytes, LIMITS);
                Some(parsed.map_err(|error| Failure::MalformedJson(error.to_string()))?)
            }
            false => return Err(Failure::UnsupportedMediaType { wanted: "application/json" }),
        };
        let method = if head.method == Method::HEAD { "GET" } else { head.method.as_str() };
        Ok(Asked {
            grant: caller.grant.clone(),
            method: method.to_owned(),
            path,
            query,
            body,
            if_match: condition::if_match(&head.headers)?,
            if_absent: condition::if_absent(&head.headers)?,
            site: self.app.issuer(head),
        })
    }

    /// What somebody asked for here.
    fn happening(&self, head: &Parts, caller: &Caller, what: What, outcome: Outcome) -> Happening {
        let request = request_id::of(&head.headers);
        Happening {
            request: request.to_str().unwrap_or_default().into(),
            who: Some(caller.principal().clone()),
            address: self.app.address(head),
            outcome,
            ..Happening::new(self.app.server.clock.now(), caller.principal().tenant, what)
        }
    }

    /// Tells what was refused, or changed no record. It may be answered when this has returned. What only looks goes the way of reads; what changes something is told at once, also
    /// where reads are not told of.
    async fn tell(&self, head: &Parts, caller: &Caller, what: What, outcome: Outcome) -> Result<(), Failure> {
        let Some(trail) = &self.app.trail else { return Ok(()) };
        let happening = self.happening(head, caller, what, outcome);
        if matches!(happening.what, What::Administration(_, Done::Read, _)) {
            return trail.journal.record(&happening).await.map_err(trail::untold);
        }
        let mut commit = Commit::new(happening.tenant, &*caller.actor(), "administration");
        commit.audit = trail.scribe.puts(&happening, &[]);
        let told = self.app.server.store.commit(commit).await;
        told.map(drop).map_err(|error| Failure::Interaction(error.into()))
    }
}

/// Has what is done at the desk told in the commits that do it.
struct InCommit {
    trail: trail::Trail,
    /// Who asks, when and from where.
    happening: Happening,
}

impl Teller for InCommit {
    fn write(&self, what: &What, commit: &mut Commit) {
        let happening = Happening { what: what.clone(), ..self.happening.clone() };
        commit.trails.push((happening.tenant, self.trail.scribe.puts(&happening, &[])));
    }

    fn applied(&self, what: What) -> Noted<'_> {
        Box::pin(async move {
            if let Some(lookout) = &self.trail.lookout {
                lookout.saw(&Happening { what, ..self.happening.clone() }, &[]).await;
            }
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

/// An answer, in HTTP. Nobody keeps it: it is about people, and may have a secret that is shown once.
fn written(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match &reply.body {
        Some(body) => ([(header::CONTENT_TYPE, "application/json")], json::to_string(body)).into_response(),
        None => ().into_response(),
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(version) = reply.version {
        headers.extend(HeaderValue::from_str(&interaction::etag::etag(version)).map(|tag| (header::ETAG, tag)));
    }
    if let Some(place) = reply.location {
        headers.extend(HeaderValue::from_str(&format!("{PREFIX}{place}")).map(|place| (header::LOCATION, place)));
    }
    response
}
