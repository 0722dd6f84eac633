//! A server in this process, on the reference store, with a clock that stands still until it is moved.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use fhir::{Value, json};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use interaction::validation::{Level, Levels, RequiredProfiles};
use interaction::{Server, Settings};
use rest::caller::Doorkeeper;
use rest::{App, app};
use store::commit::Instant;
use store::contract::Clock;
use store::memory::MemoryStore;
use tower::ServiceExt;

use crate::faulty_store::{Fault, FaultyStore};

/// 2026-11-21T08:00:00Z, a Saturday.
pub(crate) const START: Instant = 1_795_248_000_000;

/// A clock that is moved by hand, or rushes on by itself.
pub(crate) struct StillClock {
    now: AtomicI64,
    /// By how much it moves whenever it is looked at.
    rush: AtomicI64,
}

impl StillClock {
    /// From now on, it moves by so much whenever it is looked at.
    pub(crate) fn rush(&self, ms: i64) {
        self.rush.store(ms, Ordering::Relaxed);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Instant {
        self.now.fetch_add(self.rush.load(Ordering::Relaxed), Ordering::Relaxed)
    }
}

/// The server.
pub(crate) struct TestServer {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
    pub(crate) clock: Arc<StillClock>,
    fault: Arc<Mutex<Option<Fault>>>,
}

/// What it answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl TestServer {
    /// With the usual settings.
    pub(crate) fn new() -> Self {
        Self::with(Settings::default(), rest::Settings::default())
    }

    /// With the usual settings, judging so what is written.
    pub(crate) fn judging(levels: Levels, required: RequiredProfiles) -> Self {
        Self::built(Settings::default(), rest::Settings::default(), |server| server.judging(levels, required))
    }

    /// With the usual settings, refusing what breaks the rules of FHIR or of a profile that it claims.
    pub(crate) fn enforcing() -> Self {
        Self::judging(Levels { otherwise: Level::Enforce, ..Levels::default() }, RequiredProfiles::default())
    }

    /// With other settings, judging nothing but structure.
    pub(crate) fn with(settings: Settings, http: rest::Settings) -> Self {
        Self::built(settings, http, |server| server)
    }

    /// With these settings of HTTP, letting in whom a doorkeeper lets in.
    pub(crate) fn closed(http: rest::Settings, door: Arc<dyn Doorkeeper>) -> Self {
        let TestServer { app, clock, fault, .. } = Self::with(Settings::default(), http.clone());
        let app = App::closed(app.server.clone(), http, door);
        Self { router: self::app(app.clone()), app, clock, fault }
    }

    fn built(settings: Settings, http: rest::Settings, finish: impl FnOnce(Server) -> Server) -> Self {
        let clock = Arc::new(StillClock { now: AtomicI64::new(START), rush: AtomicI64::new(0) });
        let fault = Arc::default();
        let parameters = ::search::Live::from(::search::Registry::standard());
        let store = Arc::new(FaultyStore {
            inner: MemoryStore::with_extract(clock.clone(), Arc::new(parameters.clone())),
            fault: Arc::clone(&fault),
        });
        let server = finish(Server::new(store, parameters, settings, clock.clone()));
        let app = App::new(Arc::new(server), http);
        Self { router: self::app(app.clone()), app, clock, fault }
    }

    /// Moves the clock on.
    pub(crate) fn advance_ms(&self, ms: i64) {
        self.clock.now.fetch_add(ms, Ordering::Relaxed);
    }

    /// Makes the store fail so from now on; `None`: no longer.
    pub(crate) fn fail(&self, fault: Option<Fault>) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
        self.fault.clear_poison();
    }

    /// Sends a request with these headers.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("host", "ward.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).expect("a request")).await.expect("an answer");
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        let reply = Reply { status: head.status, headers: head.headers, body };
        assert_documented(method, path, &reply);
        reply
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, resource: &str) -> Reply {
        self.send("POST", path, &[("content-type", "application/fhir+json")], resource.to_owned()).await
    }

    pub(crate) async fn put(&self, path: &str, resource: &str) -> Reply {
        self.send("PUT", path, &[("content-type", "application/fhir+json")], resource.to_owned()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], Body::empty()).await
    }
}

/// Every answer of every test is one that the table of interactions tells of: so the documents made from it are true.
#[track_caller]
fn assert_documented(method: &str, path: &str, reply: &Reply) {
    let Some(below) = path.split('?').next().and_then(|path| path.strip_prefix("/fhir")) else { return };
    let given: Vec<&str> = below.trim_end_matches('/').split('/').collect();
    let fits = |path: &str| {
        let pattern: Vec<&str> = path.split('/').collect();
        pattern.len() == given.len() && pattern.iter().zip(&given).all(|(part, given)| part == given || part.starts_with('{'))
    };
    // As the router does: of the paths that fit, the one with the fewest parameters, whatever its methods.
    let fitting = interaction::table::routes().filter(|row| fits(row.path)).map(|row| row.path);
    let Some(path) = fitting.min_by_key(|path| path.matches('{').count()) else { return };
    let row = interaction::table::routes().find(|row| row.path == path && row.method == method);
    let Some(row) = row else { return };
    // The router prefers a path that is written out, which has other methods than the row that would fit.
    if reply.json_number().as_deref() == Some("WARD-0510") {
        return;
    }
    let status = reply.status.as_u16();
    let answers = rest::answers(row);
    assert!(answers.iter().any(|answer| answer.status == status), "{} answers {status}, of which its row says nothing", row.name);
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        json::parse(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a plain header"))
    }

    /// Expects an OperationOutcome with this status, issue code and number, and gives back its expression and diagnostics.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str, ward: &str) -> (String, String) {
        let outcome = self.json();
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(outcome.resource_type(), Some("OperationOutcome"));
        let issue = outcome.list("issue").next().expect("an issue");
        assert_eq!(issue.text("code"), Some(code), "{}", self.text());
        let coding = issue.get("details").expect("details").list("coding").next().expect("a coding");
        assert_eq!(coding.text("code"), Some(ward), "{}", self.text());
        let expression = issue.list("expression").next().and_then(Value::as_str).unwrap_or_default();
        (expression.to_owned(), issue.text("diagnostics").unwrap_or_default().to_owned())
    }

    /// The number of the first issue, when the body is an OperationOutcome.
    pub(crate) fn json_number(&self) -> Option<String> {
        let outcome = json::parse(&self.body).ok()?;
        Some(outcome.list("issue").next()?.get("details")?.list("coding").next()?.text("code")?.to_owned())
    }

    /// The resources of a Bundle's entries, as `Type/id`.
    pub(crate) fn entries(&self) -> Vec<String> {
        let bundle = self.json();
        let resources = bundle.list("entry").filter_map(|entry| entry.get("resource"));
        resources.map(|resource| format!("{}/{}", resource.resource_type().unwrap_or("?"), resource.text("id").unwrap_or("?"))).collect()
    }

    /// The url of a Bundle's link.
    pub(crate) fn link(&self, relation: &str) -> Option<String> {
        let bundle = self.json();
        bundle.list("link").find(|link| link.text("relation") == Some(relation))?.text("url").map(str::to_owned)
    }

    /// As [`Reply::responses`]; none for an OperationOutcome.
    pub(crate) fn responses_or_none(&self) -> Vec<(String, String)> {
        if self.json().resource_type() == Some("Bundle") { self.responses() } else { Vec::new() }
    }

    /// What a Bundle's entries answer: the status, the number of the first issue.
    pub(crate) fn responses(&self) -> Vec<(String, String)> {
        let bundle = self.json();
        let text = |response: &Value| {
            let issue = response.get("outcome").and_then(|outcome| outcome.list("issue").next());
            let coding = issue.and_then(|issue| issue.get("details")?.list("coding").next()?.text("code"));
            (response.text("status").unwrap_or_default().to_owned(), coding.unwrap_or_default().to_owned())
        };
        bundle.list("entry").map(|entry| text(entry.get("response").expect("a response"))).collect()
    }
}
