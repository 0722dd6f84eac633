//! `/auth/links`: the accounts elsewhere that open the account of whoever is signed in.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use federation::Purpose;
use fhir::primitive::instant_text;
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use identity::directory::Kept;
use identity::outside::Linked;
use maud::{Markup, html};

use super::form::Protection;
use super::frame::Frame;
use super::visit::{Signed, to};
use super::{Accounts, outside, trouble};

/// What is linked, and what may be.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match accounts.need_signed(&head).await {
        Ok(signed) => page(&accounts, &head, &signed, None).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn page(accounts: &Accounts, head: &Parts, signed: &Signed, problem: Option<(StatusCode, &str)>) -> Response {
    let linked = match accounts.identity.linked(&signed.user.id).await {
        Ok(linked) => linked,
        Err(error) => return trouble::page(&error),
    };
    let providers = match accounts.federation.list(accounts.requests.tenant(head)).await {
        Ok(providers) => providers,
        Err(error) => return outside::told(&error),
    };
    let name_of = |id: &str| providers.iter().find(|kept| &*kept.id == id).map_or("elsewhere", |kept| kept.record.name.as_str());
    let protection = accounts.protection(head);
    let content = html! {
        p { "Whoever signs in there is signed in here as you." }
        @if linked.is_empty() { p { "None is linked." } }
        ul.sessions-list { @for one in &linked { li { (link(one, name_of(&one.record.provider), &protection)) } } }
        @for kept in providers.iter().filter(|kept| kept.record.active) {
            form method="post" action="/auth/links" {
                (protection.field())
                button type="submit" name="link" value=(kept.record.slug) { "Link an account with " (kept.record.name) }
            }
        }
        p { a href="/auth/sessions" { "Your account" } }
    };
    let mut response = Frame::new("Accounts elsewhere").with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

fn link(kept: &Kept<Linked>, provider: &str, protection: &Protection) -> Markup {
    let linked = &kept.record;
    let day = |at| instant_text(at).get(..10).map(str::to_owned).unwrap_or_default();
    html! {
        h3 { (provider) }
        p { (linked.shown) ", linked on " (day(linked.created)) @if let Some(used) = linked.last_used { ", last used on " (day(used)) } "." }
        form method="post" action="/auth/links" {
            (protection.field())
            button type="submit" name="unlink" value=(kept.id) aria-label={ "Unlink: " (provider) } { "Unlink" }
        }
    }
}

/// Begins a link, or takes one away.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let signed = match accounts.need_signed(&sent.head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    if sent.has("link") {
        return begin(&accounts, &sent.head, &signed, sent.text("link")).await;
    }
    match accounts.identity.unlink(&signed.user.id, sent.text("unlink")).await {
        Ok(()) => to("/auth/links"),
        Err(error) => {
            let (status, what) = trouble::of(&error);
            page(&accounts, &sent.head, &signed, Some((status, &what))).await
        }
    }
}

/// A page from which it goes on to the provider: browsers follow no redirect to another site that answers a form.
async fn begin(accounts: &Accounts, head: &Parts, signed: &Signed, slug: &str) -> Response {
    let purpose = Purpose::Link { session: signed.session.record.handle.clone() };
    let departure = match accounts.federation.depart(&accounts.site(head), slug, purpose).await {
        Ok(departure) => departure,
        Err(error) => return outside::told(&error),
    };
    let content = html! { p { a.button href=(departure.address) { "Go on to where your other account is" } } };
    let mut response = Frame::new("Link an account").page(content);
    let refresh = HeaderValue::from_str(&format!("0;url={}", departure.address));
    response.headers_mut().extend(refresh.map(|value| (header::REFRESH, value)));
    accounts.keep_departure(head, &departure, &mut response);
    response
}
