//! The layer itself: what every request passes on its way in, and every answer on its way out.
//!
//! Somebody who is known without a look into the store, as most are most of the time, is let in at once: the request is not moved into a task of its
//! own, and the routes are not cloned for it. Whoever has to be asked for, or is refused, takes the longer way, to the same answer.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, header};
use tower::{Layer, Service};

use super::{EMERGENCY, Front, HSTS, admitted, brought, cors, free, limits, origin, refuse, route, until};
use crate::app::App;
use crate::caller::{Caller, Visit};
use crate::tenancy::Barred;

/// Puts a [`Receiving`] before routes.
#[derive(Clone)]
pub(super) struct Before {
    pub(super) app: Arc<App>,
    pub(super) front: Arc<Front>,
}

/// Routes with what the application asks of requests before them.
#[derive(Clone)]
pub(super) struct Receiving<S> {
    app: Arc<App>,
    front: Arc<Front>,
    routes: S,
}

type Answered = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

impl<S> Layer<S> for Before {
    type Service = Receiving<S>;

    fn layer(&self, routes: S) -> Receiving<S> {
        Receiving { app: self.app.clone(), front: self.front.clone(), routes }
    }
}

impl<S> Service<Request> for Receiving<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answered;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.routes.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Answered {
        let (app, front) = (self.app.clone(), self.front.clone());
        let marks = Marks::of(&app, &front, &request);
        if marks.asks {
            let next = self.routes.clone();
            let routes = std::mem::replace(&mut self.routes, next);
            return Box::pin(async move { Ok(from_elsewhere(&app, &front, marks, request, routes).await) });
        }
        if marks.is_preflight {
            return Box::pin(std::future::ready(Ok(marks.on(cors::preflight()))));
        }
        match let_in(&app, &front, request) {
            (request, Some(told)) if told.is_refused() => Box::pin(async move {
                let response = refuse(&app, request.into_parts().0, told.failure()).await;
                Ok(marks.on(told.on(response)))
            }),
            (request, Some(told)) => {
                let caller = request.extensions().get::<Caller>();
                let emergency = caller.and_then(|caller| until(caller.principal(), app.server.clock.now()));
                let answer = self.routes.call(request);
                Box::pin(async move {
                    let mut response = told.on(answer.await?);
                    if let Some(until) = emergency {
                        response.headers_mut().insert(EMERGENCY, until);
                    }
                    Ok(marks.on(response))
                })
            }
            (request, None) => {
                // What was made ready is what goes on, and its clone is made ready for the next request.
                let next = self.routes.clone();
                let routes = std::mem::replace(&mut self.routes, next);
                Box::pin(async move { Ok(marks.on(admitted(&app, &front, request, routes).await)) })
            }
        }
    }
}

/// The answer to a request that the script of another site sends to the API, of which it has to be asked whether it is a registered app's.
async fn from_elsewhere<S>(app: &Arc<App>, front: &Front, mut marks: Marks, request: Request, routes: S) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let (head, body) = request.into_parts();
    if let (Some(door), Some(origin)) = (&front.door, head.headers.get(header::ORIGIN))
        && let Ok(text) = origin.to_str()
        && door.allows_origin(app.tenant(&head), text).await
    {
        marks.origin = Some(origin.clone());
        if cors::is_preflight(&head.method, &head.headers) {
            return marks.on(cors::preflight());
        }
    }
    marks.on(admitted(app, front, Request::from_parts(head, body), routes).await)
}

/// The request of somebody who is known, with who that is, and what they are told of their quotas. The request alone: they have to be asked for.
fn let_in(app: &App, front: &Front, request: Request) -> (Request, Option<limits::Told>) {
    let (mut head, body) = request.into_parts();
    let address = app.address(&head);
    let Some(caller) = known(app, front, &head, address) else { return (Request::from_parts(head, body), None) };
    let (class, now_ms) = (front.limits.class(&head.method, route(&head)), app.server.clock.now());
    let mut told = front.limits.of_address(address, class, now_ms);
    if !told.is_refused() {
        told = told.stricter(front.limits.of_caller(caller.principal(), class, now_ms));
    }
    head.extensions.insert(caller);
    (Request::from_parts(head, body), Some(told))
}

/// Who calls, when that is known and there is nothing to refuse.
fn known(app: &App, front: &Front, head: &Parts, address: Option<IpAddr>) -> Option<Caller> {
    let is_barred = head.extensions.get::<Barred>().is_some();
    let door = front.door.as_ref().filter(|_| !is_barred && !free::is_free(route(head)))?;
    let credential = brought(head).ok()??;
    origin::check(app, head, credential).ok()?;
    let tenant = app.tenant(head);
    door.known(Visit { credential, tenant, address, head }).filter(|caller| caller.principal().tenant == tenant)
}

/// What the answer to a request will have.
struct Marks {
    /// The other site that it may tell its answer to.
    origin: Option<HeaderValue>,
    /// Whether the scripts of all sites may read the answer.
    is_public: bool,
    /// Whether the answer differs by where its request comes from.
    varies: bool,
    /// Whether it has to be asked if the other site is that of a registered app.
    asks: bool,
    is_secure: bool,
    is_preflight: bool,
}

impl Marks {
    fn of(app: &App, front: &Front, request: &Request) -> Self {
        let origin = request.headers().get(header::ORIGIN).filter(|origin| front.origins.allow(origin)).cloned();
        let is_preflight = origin.is_some() && cors::is_preflight(request.method(), request.headers());
        let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let is_public = request.method().is_safe() && request.headers().contains_key(header::ORIGIN) && cors::is_public(route);
        let is_judged = front.door.is_some() && cors::is_api(route);
        let asks = is_judged && origin.is_none() && request.headers().contains_key(header::ORIGIN);
        let varies = is_judged || front.origins.are_any();
        Self { origin, is_public, varies, asks, is_secure: app.is_secure(request.headers()), is_preflight }
    }

    fn on(self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        if self.varies {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        if let Some(origin) = self.origin {
            cors::allow(headers, origin);
        } else if self.is_public {
            cors::allow(headers, HeaderValue::from_static("*"));
        }
        if self.is_secure {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
        headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
        headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
        response
    }
}
