//! Ward without a socket: the routes on an engine in a folder of its own, on one thread.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use search::Registry;
use store::Store;
use store::commit::Tenant;
use store_embedded::Embedded;
use tower::ServiceExt;

use crate::Failure;
use crate::files::Scratch;
use crate::routes::{self, Judging};

/// The tenant of the routes.
pub const TENANT: Tenant = Tenant(1);

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
        let routes::Ward { router, engine, registry } =
            routes::open(&scratch.folder("data")?, Judging::Nobody, interaction::Settings::default())?;
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
