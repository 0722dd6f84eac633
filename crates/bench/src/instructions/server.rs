//! Ward without a socket: the routes on an engine in a folder of its own, on one thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use interaction::Server;
use search::{Live, Registry};
use store::Store;
use store::commit::{Instant, Tenant};
use store::contract::Clock;
use store_embedded::{Embedded, Options};
use tower::ServiceExt;

use crate::Failure;
use crate::files::Scratch;

/// The tenant of the routes.
pub const TENANT: Tenant = Tenant(1);

/// A clock that goes a millisecond each time it is looked at, the same in every run.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Instant {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// The routes and the engine below them.
pub struct Ward {
    runtime: tokio::runtime::Runtime,
    router: Router,
    /// The engine.
    pub engine: Arc<Embedded>,
    /// The search parameters.
    pub registry: Arc<Registry>,
    _scratch: Scratch,
}

impl Ward {
    /// An empty one.
    pub fn open() -> Result<Self, Failure> {
        let scratch = Scratch::new()?;
        let registry = Registry::standard();
        let parameters = Live::from(registry.clone());
        // 2026-01-31.
        let clock = Arc::new(Ticking(AtomicI64::new(1_769_817_600_000)));
        let engine = Arc::new(Embedded::open(Options::new(scratch.folder("data")?, Arc::new(parameters.clone()), clock.clone()))?);
        let server = Arc::new(Server::new(engine.clone(), parameters, interaction::Settings::default(), clock));
        let router = rest::app(rest::App::new(server, rest::Settings::default()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime, router, engine, registry, _scratch: scratch })
    }

    /// Sends a request, and checks that it succeeds.
    ///
    /// # Panics
    /// When it does not: then the counts would be of something else.
    pub fn send(&self, method: Method, path: &str, body: &str) {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        let request = request.header(header::CONTENT_TYPE, "application/fhir+json").body(Body::from(body.to_owned()));
        let answered = self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request.expect("a request")).await.expect("an answer");
            let status = answer.status();
            axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
            status
        });
        assert!(answered.is_success(), "{path}: {answered}");
    }

    /// Commits what is planned.
    ///
    /// # Panics
    /// When it is refused.
    pub fn commit(&self, commit: store::Commit) {
        self.runtime.block_on(self.engine.commit(commit)).expect("a commit that is not refused");
    }
}
