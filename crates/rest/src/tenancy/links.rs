//! Paths on their way out: pages and redirects name them as routes know them, and the browser has to know them under the tenant's prefix.
//!
//! Pages write what comes from people with their quotes escaped, so that `href="/` begins an attribute of the page's own, and nothing else.

use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use memchr::memmem;

/// How many bytes a page has at most.
const MOST_BYTES: usize = 4 << 20;

/// What an attribute begins with that has a path of this server.
const ATTRIBUTES: [&str; 3] = [" href=\"/", " action=\"/", " src=\"/"];

/// An answer whose paths are below a prefix, such as `/t/north`: that of a redirect, and when it is a page those of its links and forms.
pub(super) async fn under(prefix: &str, mut response: Response, is_page: bool) -> Response {
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    if let Some(path) = location.filter(|path| path.starts_with('/') && !path.starts_with("//")) {
        match HeaderValue::try_from(format!("{prefix}{path}")) {
            Ok(moved) => drop(response.headers_mut().insert(header::LOCATION, moved)),
            Err(_) => drop(response.headers_mut().remove(header::LOCATION)),
        }
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !is_page || !kind.is_some_and(|kind| kind.starts_with("text/html")) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    match to_bytes(body, MOST_BYTES).await {
        Ok(page) => {
            head.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(head, Body::from(moved(prefix, &page)))
        }
        Err(_) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}

/// A page with the prefix before each path of this server.
fn moved(prefix: &str, page: &[u8]) -> Vec<u8> {
    let mut places: Vec<usize> =
        ATTRIBUTES.iter().flat_map(|attribute| memmem::find_iter(page, attribute).map(|at| at + attribute.len() - 1)).collect();
    // `//` begins the address of another host.
    places.retain(|at| page.get(at + 1) != Some(&b'/'));
    places.sort_unstable();
    let mut out = Vec::with_capacity(page.len() + places.len() * prefix.len());
    let mut done = 0;
    for at in places {
        out.extend_from_slice(&page[done..at]);
        out.extend_from_slice(prefix.as_bytes());
        done = at;
    }
    out.extend_from_slice(&page[done..]);
    out
}
