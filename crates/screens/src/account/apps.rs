//! `/auth/apps`: which apps may use somebody's account, and the end of that.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use maud::html;
use oauth::{Refusal, scopes};

use super::frame::Frame;
use super::visit::{Signed, to};
use super::{Accounts, trouble};

/// An app that was allowed something.
struct Allowed {
    /// What was allowed, by its id.
    id: String,
    /// The name of the app.
    app: String,
    scopes: String,
}

/// The apps of whoever is signed in.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let signed = match accounts.need_signed(&head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    match allowed(&accounts, &head, &signed).await {
        Ok(allowed) => page(&accounts, &head, &allowed),
        Err(refusal) => trouble::refused(&refusal),
    }
}

async fn allowed(accounts: &Accounts, head: &Parts, signed: &Signed) -> Result<Vec<Allowed>, Refusal> {
    let mut allowed = Vec::new();
    for given in accounts.provider.approvals(&accounts.site(head), &signed.user.id).await? {
        let known = accounts.provider.find_client(accounts.requests.tenant(head), &given.client).await?;
        allowed.push(Allowed { id: given.id, app: known.map_or(given.client, |kept| kept.record.name), scopes: given.scope });
    }
    Ok(allowed)
}

fn page(accounts: &Accounts, head: &Parts, allowed: &[Allowed]) -> Response {
    let protection = accounts.protection(head);
    let content = html! {
        @if allowed.is_empty() { p { "No app may use your account." } }
        @for Allowed { id, app, scopes } in allowed {
            section {
                h2 { (app) }
                ul { @for scope in scopes.split(' ') { li { (scopes::sentence(scope)) } } }
                form method="post" action="/auth/apps" {
                    (protection.field())
                    button type="submit" name="end" value=(id) aria-label={ "Take it back: " (app) } { "Take it back" }
                }
            }
        }
        p { a href="/auth/sessions" { "Your account" } }
    };
    let mut response = Frame::new("Your apps").page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// Takes back what an app was allowed.
pub(super) async fn end(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let signed = match accounts.need_signed(&sent.head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    match accounts.provider.take_back(&signed.user.id, sent.text("end")).await {
        Ok(()) => to("/auth/apps"),
        Err(refusal) => trouble::refused(&refusal),
    }
}
