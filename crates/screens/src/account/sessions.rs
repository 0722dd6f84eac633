//! `/auth/sessions`: where somebody is signed in, and the end of it; `/auth/sign-out`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::header::SET_COOKIE;
use http::request::Parts;
use identity::IdentityError;
use identity::session::Listed;
use identity::session::Session;
use maud::{Markup, html};
use oauth::end_session::Leaving;

use super::break_glass::lasting;
use super::end_session::farewell;
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
    let administers = !accounts.counter.permissions(head, &signed.token).await.is_empty();
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
                @if administers { li { a href=(super::admin::HOME) { "Administration" } } }
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

/// Signs out. Whoever has come with an account elsewhere is told that they may be signed in there still.
pub(super) async fn sign_out(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let (mut response, ended) = match accounts.leave(&sent.head).await {
        Ok(left) => left,
        Err(error) => return trouble::page(&error),
    };
    match accounts.elsewhere(&sent.head, ended.as_ref(), &mut response).await {
        None => response,
        Some(elsewhere) => {
            let mut told = farewell(&Leaving::default(), Some(&elsewhere));
            for cookie in response.headers().get_all(SET_COOKIE) {
                told.headers_mut().append(SET_COOKIE, cookie.clone());
            }
            told
        }
    }
}

impl Accounts {
    /// Ends the session of a browser, and says which it was: the browser is sent to where people sign in, and told to forget the session.
    pub(super) async fn leave(&self, head: &Parts) -> Result<(Response, Option<Session>), IdentityError> {
        let ended = match self.token(head) {
            Some(token) => self.identity.sign_out(&token).await?,
            None => None,
        };
        let mut response = to("/auth/sign-in");
        self.forget_session(head, &mut response);
        Ok((response, ended))
    }
}
