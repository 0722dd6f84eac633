//! Cross-origin requests (<https://fetch.spec.whatwg.org/#http-cors-protocol>): which other sites' scripts may read answers.
//!
//! Those may that the settings name, everywhere; those of a tenant's registered apps, in its API ([`is_api`]); and what tells everybody where tokens are given, all may (SMART App
//! Launch 2.2, app launch). Whoever may still needs a token: no cookie is ever taken from another site, and no answer allows credentials.

use std::collections::HashSet;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

/// The origins whose scripts may read answers.
pub(super) struct Origins(HashSet<Box<str>>);

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const HEADERS: &str =
    "accept, authorization, content-type, if-match, if-modified-since, if-none-exist, if-none-match, prefer, x-provenance, x-request-id";
const EXPOSED: &str =
    "content-location, etag, last-modified, link, location, ratelimit, ratelimit-policy, retry-after, www-authenticate, x-request-id";

/// For how long a browser may remember what it was told before a request: ten minutes.
const MAX_AGE: &str = "600";

impl Origins {
    /// These: each as a browser writes it, `https://app.example.org`.
    pub(super) fn new(origins: &[String]) -> Self {
        Self(origins.iter().map(|origin| origin.as_str().into()).collect())
    }

    pub(super) fn are_any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether one of them is exactly this.
    pub(super) fn allow(&self, origin: &HeaderValue) -> bool {
        origin.to_str().is_ok_and(|origin| self.0.contains(origin))
    }
}

/// Whether the scripts of all sites may read the route of this pattern answers: the documents of discovery.
pub(super) fn is_public(route: &str) -> bool {
    route == "/fhir/metadata" || ["/.well-known/", "/fhir/.well-known/"].iter().any(|beginning| route.starts_with(beginning))
}

/// The endpoints of OAuth that apps call from a browser.
const ENDPOINTS: [&str; 7] = ["token", "revoke", "introspect", "device-authorization", "register", "userinfo", "jwks"];

/// Whether the scripts of registered apps may read what the route of this pattern answers: FHIR, and the endpoints that give tokens. Not the pages, nor what is administered.
pub(super) fn is_api(route: &str) -> bool {
    let is_endpoint = || route.strip_prefix("/auth/").is_some_and(|name| ENDPOINTS.contains(&name));
    route == crate::app::PREFIX || route.strip_prefix(crate::app::PREFIX).is_some_and(|rest| rest.starts_with('/')) || is_endpoint()
}

/// Whether a browser asks what it may send, before it does.
pub(super) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// What it is told.
pub(super) fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    response
}

/// Lets the scripts of an origin read an answer.
pub(super) fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
}
