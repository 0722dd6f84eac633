//! Answers: a page with the headers that keep it harmless, and the style.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use maud::Markup;

/// Nothing is loaded but the style, no script is run but one that is named, and nobody may put a page into a frame. Where its forms may lead comes after that.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action";

/// The style of all pages.
const STYLE: &str = include_str!("style.css");

/// A page without forms.
pub(crate) fn page(status: StatusCode, page: Markup) -> Response {
    with_policy(status, page, &format!("{POLICY} 'none'"), ["no-cache", "no-referrer"])
}

/// A page with forms, which lead here, or from here to `leads_to`: browsers ask for that, too. Nothing keeps it. Of scripts it runs the one with the hash that
/// `script` is.
///
/// Its own server learns the address of a page from which a form is sent, and no other does: without any referrer, a browser would say `Origin: null`
/// of its forms (<https://fetch.spec.whatwg.org/#origin-header>), as of those of nobody knows where.
pub(crate) fn form_page(status: StatusCode, page: Markup, leads_to: Option<&str>, script: Option<&str>) -> Response {
    let is_plain = |origin: &&str| origin.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+:/[]".contains(&byte));
    let forms = leads_to.filter(is_plain).map_or("'self'".to_owned(), |origin| format!("'self' {origin}"));
    let scripts = script.map(|hash| format!("; script-src {hash}")).unwrap_or_default();
    with_policy(status, page, &format!("{POLICY} {forms}{scripts}"), ["no-store", "same-origin"])
}

fn with_policy(status: StatusCode, page: Markup, policy: &str, [cache, referrer]: [&str; 2]) -> Response {
    let mut response = Response::new(Body::from(page.into_string()));
    *response.status_mut() = status;
    let headers: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, referrer),
        (header::CACHE_CONTROL, cache),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// `GET /assets/style.css`.
pub(crate) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=300")], STYLE).into_response()
}
