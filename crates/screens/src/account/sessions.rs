//! `/auth/sessions`: where somebody is signed in, and the end of it; `/auth/sign-out`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use identity::session::Listed;
use maud::{Markup, html};

use super::break_glass::lasting;
use super::form::Protection;
use super::frame::{Frame, moment};
use super::visit::{Signed, to};
use super::{Accounts, Power, trouble};

/// The sessions of whoever is signed in.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match accounts.need_signed(&head).await {
        Ok(signed) => page(&accounts, &head, &signed).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn page(accounts: &Accounts, head: &Parts, signed: &Signed) -> Response {
    let listed = match accounts.identity.sessions(&signed.user.id, Some(&signed.token)).await {
        Ok(listed) => listed,
        Err(error) => return trouble::page(&error),
    };
    let protection = accounts.protection(head);
    let houses = accounts.houses_of(head, &signed.user.record).await;
    let emergency = match accounts.identity.emergency(&signed.session.record).await {
        Ok(emergency) => emergency,
        Err(error) => return trouble::page(&error),
    };
    let reviews = accounts.powers.has(&signed.token, accounts.requests.tenant(head), Power::Review).await;
    let content = html! {
        @if let Some(emergency) = &emergency { (lasting(emergency, &protection)) }
        p { "Signed in as " strong { (signed.user.record.name) } " (" (signed.user.record.login) ")." }
        nav aria-label="Your account" {
            ul {
                li { a href="/auth/password" { "Change your password" } }
                li { a href="/auth/factors" { "Second factor" } }
                li { a href="/auth/links" { "Accounts elsewhere" } }
                li { a href="/auth/launch" { "Open an app" } }
                li { a href="/auth/apps" { "Your apps" } }
                li { a href="/auth/device" { "Connect a device" } }
                li { a href="/auth/break-glass" { "Emergency access" } }
                @if reviews { li { a href="/auth/reviews" { "Emergency access to review" } } }
            }
        }
        (houses)
        h2 { "Where you are signed in" }
        ul.sessions-list { @for one in &listed { li { (session(one, &protection)) } } }
        form method="post" action="/auth/sessions" {
            (protection.field())
            button type="submit" name="others" value="yes" { "Sign out everywhere else" }
        }
        form method="post" action="/auth/sign-out" {
            (protection.field())
            button type="submit" { "Sign out" }
        }
    };
    let mut response = Frame::new("Your sessions").page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

fn session(listed: &Listed, protection: &Protection) -> Markup {
    let Listed { session, current, .. } = listed;
    html! {
        h3 { (session.origin.device) @if *current { " (this one)" } }
        p { "From " (session.origin.address) ", since " (moment(session.created)) ", last used " (moment(session.last_seen)) "." }
        @if !current {
            form method="post" action="/auth/sessions" {
                (protection.field())
                button type="submit" name="end" value=(session.handle) aria-label={ "Sign out: " (session.origin.device) } { "Sign out there" }
            }
        }
    }
}

/// Ends a session, or all others.
pub(super) async fn end(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let signed = match accounts.need_signed(&sent.head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    let ended = match sent.text("others") {
        "yes" => accounts.identity.end_other_sessions(&signed.token).await,
        _ => accounts.identity.end_session(&signed.user.id, sent.text("end")).await,
    };
    match ended {
        Ok(()) => to("/auth/sessions"),
        Err(error) => trouble::page(&error),
    }
}

/// Signs out.
pub(super) async fn sign_out(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    if let Some(token) = accounts.token(&sent.head)
        && let Err(error) = accounts.identity.sign_out(&token).await
    {
        return trouble::page(&error);
    }
    let mut response = to("/auth/sign-in");
    accounts.forget_session(&sent.head, &mut response);
    response
}
