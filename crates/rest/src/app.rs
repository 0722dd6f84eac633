//! The application: its routes, one for each line of the tables in `interaction` and of [`service`], and the parts that they share.

#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use access::Grant;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, on, options};
use http::request::Parts;
use http::uri::{Authority, Uri};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use identity::tenants::{Tenancy, Tenants};
use interaction::table::{Row, routes};
use interaction::{Context, Server};

use crate::admission::Admission;
use crate::body::Bodies;
use crate::caller::{Caller, Doorkeeper};
use crate::connection::activity::Rules;
use crate::connection::open::Connections;
use crate::dispatch::{self, dispatch, refuse_method, refuse_path};
use crate::front::{self, Front};
use crate::memory::Memory;
use crate::metrics::Metrics;
use crate::openapi::Documents;
use crate::service;
use crate::settings::Settings;
use crate::tenancy::{self, At};
use crate::trail::{Telling, Trail};

/// Where the FHIR endpoint is.
pub(crate) const PREFIX: &str = "/fhir";

/// What all requests share.
pub struct App {
    /// The interactions' parts.
    pub server: Arc<Server>,
    /// What HTTP is allowed.
    pub settings: Settings,
    /// What was done, counted and timed.
    pub metrics: Metrics,
    /// Whether the server has begun to shut down: then it is no longer ready.
    pub draining: AtomicBool,
    /// Who is let in.
    pub(crate) admission: Admission,
    /// The memory of bodies on their way in.
    pub(crate) bodies: Arc<Bodies>,
    /// The memory of answers on their way out.
    pub(crate) answers: Memory,
    /// The connections that are open.
    pub(crate) connections: Connections,
    pub(crate) documents: Documents,
    /// What is asked of requests before they are answered; `None`: nothing.
    pub(crate) front: Option<Arc<Front>>,
    /// Where is told what is done.
    pub(crate) trail: Option<Trail>,
    /// What stands for the tenant of the settings where no table of tenants is asked.
    pub(crate) first: Arc<Tenancy>,
    tenants: OnceLock<Arc<Tenants>>,
    actor: Arc<str>,
    base_url: Option<Arc<str>>,
    last_host: RwLock<LastHost>,
}

/// The host named last, and the prefix of the tenant named last, and the address that they make: the clients of a server mostly use one name for it.
#[derive(Default)]
struct LastHost {
    scheme: &'static str,
    host: String,
    prefix: String,
    base_url: Arc<str>,
}

impl App {
    /// An application on `server` that is open: whoever reaches it may do everything.
    pub fn new(server: Arc<Server>, settings: Settings) -> Arc<Self> {
        Self::of(server, settings, None, None)
    }

    /// An application on `server` that lets in whom `door` lets in. Every route asks, but for those that tell everybody the same.
    pub fn closed(server: Arc<Server>, settings: Settings, door: Arc<dyn Doorkeeper>) -> Arc<Self> {
        Self::of(server, settings, Some(door), None)
    }

    /// The same, telling what is done: nothing is answered that is not told.
    pub fn audited(server: Arc<Server>, settings: Settings, door: Arc<dyn Doorkeeper>, trail: Trail) -> Arc<Self> {
        Self::of(server, settings, Some(door), Some(trail))
    }

    fn of(server: Arc<Server>, settings: Settings, door: Option<Arc<dyn Doorkeeper>>, trail: Option<Trail>) -> Arc<Self> {
        let front = Front::new(&settings, door).map(Arc::new);
        let actor = settings.actor.as_str().into();
        let base_url = settings.base_url.as_deref().map(|url| url.trim_end_matches('/').into());
        let last_host = RwLock::default();
        let (admission, bodies) = (Admission::new(&settings), Arc::new(Bodies::new(&settings)));
        let answers = Memory::new(settings.answer_memory_bytes, 4, settings.queue_timeout);
        let connections = Connections::new(Rules::new(&settings), settings.max_connections);
        let (metrics, draining, documents) = (Metrics::new(), AtomicBool::new(false), Documents::default());
        Arc::new(Self {
            server,
            settings,
            metrics,
            draining,
            admission,
            bodies,
            answers,
            connections,
            documents,
            front,
            trail,
            first: Arc::new(Tenancy::first()),
            tenants: OnceLock::new(),
            actor,
            base_url,
            last_host,
        })
    }

    /// Serves these tenants, each at its own addresses, by the routes that are made from now on. Only the first call counts; without one, the server has the
    /// tenant of its settings.
    pub fn serve_tenants(&self, tenants: Arc<Tenants>) {
        self.tenants.set(tenants).ok();
    }

    pub(crate) fn tenants(&self) -> Option<&Arc<Tenants>> {
        self.tenants.get()
    }

    /// What an interaction works with, for this request.
    pub(crate) fn context(&self, head: &Parts) -> Context {
        let (tenant, base_url) = (self.tenant(head), self.base_url(head));
        let context = |actor| Context::new(self.server.clone(), tenant, actor, base_url);
        match &self.front {
            None => context(self.actor.clone()),
            Some(front) => match head.extensions.get::<Caller>() {
                Some(caller) => {
                    let context = context(caller.actor());
                    match (&self.trail, head.extensions.get::<Telling>()) {
                        (Some(trail), Some(telling)) => {
                            let store = telling.store(trail, self.server.store.clone());
                            context.acting_told(caller.grant.clone(), telling.touched(), store)
                        }
                        _ => context.acting(caller.grant.clone()),
                    }
                }
                None if front.is_closed() => context(self.actor.clone()).acting(Arc::new(Grant::nothing(front::nobody(tenant)))),
                None => context(self.actor.clone()),
            },
        }
    }

    /// The address under which whoever sent this request sees the FHIR endpoint, without a slash at its end.
    pub fn base_url(&self, head: &Parts) -> Arc<str> {
        match (head.extensions.get::<At>(), &self.base_url) {
            (Some(at), _) if at.has_host() => self.base_url_of(head, ""),
            (Some(at), None) => self.base_url_of(head, &at.prefix()),
            (Some(at), Some(first)) if !at.is_first() => {
                format!("{}{}{PREFIX}", first.strip_suffix(PREFIX).unwrap_or(first), at.prefix()).into()
            }
            (_, Some(given)) => given.clone(),
            (None, None) => self.base_url_of(head, ""),
        }
    }

    /// The origin under which whoever sent this request sees the server: `https://ward.example.org`.
    pub fn origin(&self, head: &Parts) -> String {
        origin_of(&self.base_url(head))
    }

    /// The origin that the settings name; `None` when they name none.
    pub(crate) fn own_origin(&self) -> Option<String> {
        self.base_url.as_deref().map(origin_of)
    }

    /// Whether whoever sent a request with these headers speaks TLS: with this server, or with the proxy before it.
    pub fn is_secure(&self, headers: &HeaderMap) -> bool {
        self.settings.is_tls || self.forwarded(headers, "x-forwarded-proto") == Some("https")
    }

    /// Where a request with this head comes from; `None` when that is not known. It is, for requests to [`crate::serve`] of an application that is closed.
    pub fn address(&self, head: &Parts) -> Option<IpAddr> {
        front::address(head, self.settings.behind_proxy)
    }

    fn forwarded<'a>(&self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        headers.get(name).filter(|_| self.settings.behind_proxy).and_then(|value| value.to_str().ok())
    }

    /// The host that a request names; `None` when it names none, or what can be none.
    pub(crate) fn host<'a>(&self, head: &'a Parts) -> Option<&'a str> {
        let forwarded = self.forwarded(&head.headers, "x-forwarded-host");
        let host = forwarded.or_else(|| host(&head.headers)).or_else(|| head.uri.authority().map(|name| name.as_str()));
        host.filter(|host| is_host(host))
    }

    /// Whether all hosts that a request names are this machine's, by address or as `localhost`, or that of the settings. The name of another may lead here by what the owner of that name
    /// has put into the DNS, so that the pages of theirs that a browser shows could read what is here (DNS rebinding); an address cannot.
    pub(crate) fn is_named(&self, head: &Parts) -> bool {
        let own = self.base_url.as_deref().and_then(|url| Uri::try_from(url).ok());
        let own = own.as_ref().and_then(Uri::host);
        let is_own = |named: &str| {
            let authority = Authority::try_from(named).ok();
            let name = authority.as_ref().map(Authority::host).unwrap_or_default().to_ascii_lowercase();
            let address = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&name);
            let is_local = name == "localhost" || name.ends_with(".localhost") || address.parse::<IpAddr>().is_ok();
            is_local || own.is_some_and(|own| own.eq_ignore_ascii_case(&name))
        };
        let named = [self.forwarded(&head.headers, "x-forwarded-host"), host(&head.headers), head.uri.authority().map(Authority::as_str)];
        named.into_iter().flatten().all(is_own)
    }

    fn base_url_of(&self, head: &Parts, prefix: &str) -> Arc<str> {
        let host = self.host(head).unwrap_or("localhost");
        let scheme = if self.is_secure(&head.headers) { "https" } else { "http" };
        {
            let last = self.last_host.read().unwrap_or_else(PoisonError::into_inner);
            if last.scheme == scheme && last.host == host && last.prefix == prefix {
                return last.base_url.clone();
            }
        }
        let base_url: Arc<str> = format!("{scheme}://{host}{prefix}{PREFIX}").into();
        let last = LastHost { scheme, host: host.to_owned(), prefix: prefix.to_owned(), base_url: base_url.clone() };
        *self.last_host.write().unwrap_or_else(PoisonError::into_inner) = last;
        base_url
    }
}

fn origin_of(base_url: &str) -> String {
    let path_at = base_url.find("://").and_then(|at| base_url[at + 3..].find('/').map(|slash| at + 3 + slash));
    base_url[..path_at.unwrap_or(base_url.len())].to_ascii_lowercase()
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get::<HeaderName>(header::HOST)?.to_str().ok()
}

/// Whether a text can be a host in an address, so that what a client sends there cannot put anything else into links.
fn is_host(text: &str) -> bool {
    !text.is_empty() && text.len() <= 255 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
}

/// The routes, together with those of `pages`, whose requests are named, counted, timed and logged as all others.
pub fn app_with(app: Arc<App>, pages: Router) -> Router {
    app_with_all(app, pages, Router::new())
}

/// The same with other routes, such as those of [`crate::authorization()`].
pub fn app_with_all(app: Arc<App>, pages: Router, others: Router) -> Router {
    let pages = pages.layer(from_fn_with_state(app.clone(), dispatch::page));
    tenancy::before(front::before(routes_of(&app).merge(pages).merge(others), &app), &app)
}

/// The routes.
pub fn app(app: Arc<App>) -> Router {
    tenancy::before(front::before(routes_of(&app), &app), &app)
}

fn routes_of(app: &Arc<App>) -> Router {
    let mut router = Router::new();
    for service in service::TABLE {
        router = router.route(service.path, (service.route)());
    }
    for row in routes() {
        router = router.route(&format!("{PREFIX}{}", row.path), on(filter(row), handler(row)));
        if row.path.is_empty() {
            // Clients write the endpoint with and without a slash at its end.
            router = router.route(&format!("{PREFIX}/"), on(filter(row), handler(row)));
        }
    }
    for (path, allow) in allowed() {
        router = router.route(&format!("{PREFIX}{path}"), options(options_handler(allow.clone())));
        if path.is_empty() {
            router = router.route(&format!("{PREFIX}/"), options(options_handler(allow)));
        }
    }
    router.method_not_allowed_fallback(refuse_method).fallback(refuse_path).with_state(app.clone())
}

/// The methods of each path.
fn allowed() -> Vec<(&'static str, HeaderValue)> {
    let mut paths: Vec<(&'static str, String)> = Vec::new();
    for row in routes() {
        let methods = if row.method == "GET" { "GET,HEAD" } else { row.method };
        match paths.iter_mut().find(|(path, _)| *path == row.path) {
            Some((_, known)) => {
                known.push(',');
                known.push_str(methods);
            }
            None => paths.push((row.path, methods.to_owned())),
        }
    }
    let value = |methods: String| HeaderValue::from_str(&format!("{methods},OPTIONS")).ok();
    paths.into_iter().filter_map(|(path, methods)| Some((path, value(methods)?))).collect()
}

fn options_handler(allow: HeaderValue) -> impl Fn(State<Arc<App>>, Request) -> Handled + Clone {
    move |State(app), request| Box::pin(dispatch::options(app, allow.clone(), request))
}

fn handler(row: &'static Row) -> impl Fn(State<Arc<App>>, Request) -> Handled + Clone {
    move |State(app), request| Box::pin(dispatch(app, row, request))
}

type Handled = std::pin::Pin<Box<dyn Future<Output = axum::response::Response> + Send>>;

fn filter(row: &Row) -> MethodFilter {
    match row.method {
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}
