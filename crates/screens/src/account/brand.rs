//! The name and the colour of the tenant whose page is asked for, on all of its pages of accounts and on nobody else's.
//!
//! What is drawn deep within a page would have to be handed the tenant through everything above it; so the brand goes with the task that answers one request ([`layer`]), and
//! ends with it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header;
use maud::{Markup, html};

use super::{Accounts, Brand};

tokio::task_local! {
    static BRAND: Option<Brand>;
}

/// Answers a request with the brand of its tenant.
pub(super) async fn layer(State(accounts): State<Arc<Accounts>>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let brand = accounts.requests.brand(&head);
    BRAND.scope(brand, next.run(Request::from_parts(head, body))).await
}

/// What a page is told of the brand of its tenant; `Ward` and nothing else where it has none.
fn with<T>(told: impl FnOnce(Option<&Brand>) -> T) -> T {
    // Outside of a request, as in a test of one page, there is none.
    let mut told = Some(told);
    let answered = BRAND.try_with(|brand| told.take().map(|told| told(brand.as_ref())));
    match (answered, told) {
        (Ok(Some(answer)), _) => answer,
        (_, Some(told)) => told(None),
        (_, None) => unreachable!("it was told, or is still to be"),
    }
}

/// The name of the house.
pub(super) fn name() -> String {
    with(|brand| brand.map_or_else(|| "Ward".to_owned(), |brand| brand.name.clone()))
}

/// The link to the colours of the house, where it has its own.
pub(super) fn style_link() -> Markup {
    let has_own = with(|brand| brand.is_some_and(|brand| colour(brand).is_some()));
    html! { @if has_own { link rel="stylesheet" href="/auth/house.css"; } }
}

/// The bar at the top.
pub(super) fn bar() -> Markup {
    let name = name();
    let letter: String = name.chars().find(|letter| letter.is_alphanumeric()).map_or('W', |letter| letter).to_uppercase().collect();
    html! { header.bar { span.brand { span.mark aria-hidden="true" { (letter) } (name) } } }
}

/// `GET /auth/house.css`: the colours of the house; empty where it has none of its own. White text on them has a contrast of 4.5 at least: nothing else is taken for a tenant.
pub(super) async fn style() -> Response {
    let own = with(|brand| brand.and_then(colour).map(str::to_owned));
    let text = own.map_or_else(String::new, |colour| {
        format!(".bar{{background:{colour};border-color:{colour}}}.bar .brand{{color:#fff}}.bar .mark{{background:#fff;color:{colour}}}\n")
    });
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-cache"), (header::VARY, "Host")], text).into_response()
}

/// Its colour, when it is written as one.
fn colour(brand: &Brand) -> Option<&str> {
    let is_colour = |colour: &&str| {
        colour.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    brand.accent.as_deref().filter(is_colour)
}
