//! The site: its routes, and what its pages need to know of the server.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use http::request::Parts;
use interaction::Server;

use crate::{answer, developer};

/// What the pages need to know.
pub struct Site {
    /// The server that they tell of.
    pub server: Arc<Server>,
    /// What HTTP is allowed.
    pub limits: Limits,
    /// The address under which whoever asks sees the FHIR endpoint, without a slash at its end.
    pub base_url: BaseUrl,
}

/// Tells from the head of a request under which address whoever sent it sees the FHIR endpoint.
pub type BaseUrl = Box<dyn Fn(&Parts) -> Arc<str> + Send + Sync>;

/// What HTTP is allowed, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A resource.
    pub resource_bytes: usize,
    /// A batch or transaction.
    pub bundle_bytes: usize,
    /// An address, or the form of a search.
    pub url_bytes: usize,
}

/// The routes of the pages.
pub fn site(site: Site) -> Router {
    Router::new()
        .route("/developer/api", get(overview))
        .route("/developer/api/{type}", get(of_type))
        .route("/developer/errors", get(errors))
        .route("/assets/style.css", get(answer::style))
        .with_state(Arc::new(site))
}

async fn overview(State(site): State<Arc<Site>>, request: Request) -> Response {
    let base_url = (site.base_url)(&request.into_parts().0);
    answer::page(StatusCode::OK, developer::overview(&site, &base_url))
}

async fn of_type(State(site): State<Arc<Site>>, Path(name): Path<String>, request: Request) -> Response {
    let base_url = (site.base_url)(&request.into_parts().0);
    match fhir::definitions::ResourceType::parse(&name) {
        Some(kind) => answer::page(StatusCode::OK, developer::of_type(&site, &base_url, kind)),
        None => answer::page(StatusCode::NOT_FOUND, developer::no_such_type(&name)),
    }
}

async fn errors() -> Response {
    answer::page(StatusCode::OK, developer::errors())
}
