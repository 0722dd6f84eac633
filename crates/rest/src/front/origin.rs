//! Requests that another site makes a browser send: those that change something are taken from Ward's own pages only.

use http::header;
use http::request::Parts;

use super::credential::is_administration;
use crate::app::App;
use crate::caller::Credential;
use crate::failure::Failure;

/// [`Failure::ForeignOrigin`] for a request that changes something, or is one of administration, under a cookie, and does not come from a page of this server.
///
/// A browser says where a form comes from in `Origin`, or at least in `Sec-Fetch-Site`; a request that says neither is no browser's of
/// today, and is refused as well.
pub(super) fn check(app: &App, head: &Parts, credential: Credential<'_>) -> Result<(), Failure> {
    // A page is shown to whoever follows a link to it; what is administered is not even looked at from elsewhere.
    let shows_page = head.method.is_safe() && !is_administration(head.uri.path());
    if shows_page || matches!(credential, Credential::Bearer(_)) || is_own(app, head) {
        return Ok(());
    }
    Err(Failure::ForeignOrigin)
}

/// Whether a request comes from a page of this server.
pub(crate) fn is_own(app: &App, head: &Parts) -> bool {
    let text = |name| head.headers.get(name).map(|value: &http::HeaderValue| value.as_bytes());
    match (text(header::ORIGIN), text(http::HeaderName::from_static("sec-fetch-site"))) {
        (Some(origin), _) => origin == app.origin(head).as_bytes(),
        (None, Some(site)) => site == b"same-origin",
        (None, None) => false,
    }
}
