//! `/auth/end-session`: an app wishes that its user be signed out here (OpenID Connect RP-Initiated Logout 1.0); and `/auth/signed-out`.
//!
//! The user is asked, whoever wishes it: a link or a form of any site could lead here.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use federation::Farewell;
use http::request::Parts;
use maud::{Markup, html};
use oauth::Params;
use oauth::end_session::Leaving;

use super::consent::origin_of;
use super::form::{self, Sent};
use super::frame::Frame;
use super::visit::{Signed, to};
use super::{Accounts, trouble};

const PATH: &str = "/auth/end-session";
const DECISION: &str = "ward_decision";

/// An app wishes it by a link.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let pairs = search::url::query_pairs(head.uri.query().unwrap_or_default()).unwrap_or_default();
    match Params::new(pairs) {
        Ok(params) => asked(&accounts, &head, &params).await,
        Err(refusal) => trouble::refused(&refusal),
    }
}

/// Its user answers; or the app wishes it with a form, which is made a link.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match form::foreign(request).await {
        Ok(sent) if !sent.has(form::TOKEN) => return to(&oauth::params::append(PATH, &wish(&sent))),
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    if !accounts.is_own_form(&sent) {
        return form::out_of_date();
    }
    let params = match Params::new(wish(&sent).into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()))) {
        Ok(params) => params,
        Err(refusal) => return trouble::refused(&refusal),
    };
    let leaving = match accounts.provider.end_session(&accounts.site(&sent.head), &params).await {
        Ok(leaving) => leaving,
        Err(refusal) => return trouble::refused(&refusal),
    };
    if sent.text(DECISION) != "leave" {
        return to("/auth/sessions");
    }
    match accounts.leave(&sent.head).await {
        Ok((mut response, ended)) => {
            let elsewhere = accounts.elsewhere(&sent.head, ended.as_ref(), &mut response).await;
            match (&leaving.back, elsewhere) {
                (Some(back), None) if !is_stranger(&leaving) => with_headers(to(back), response),
                (_, elsewhere) => with_headers(farewell(&leaving, elsewhere.as_ref()), response),
            }
        }
        Err(error) => trouble::page(&error),
    }
}

/// What the app has sent, without the fields that are this page's own.
fn wish(sent: &Sent) -> Vec<(&str, &str)> {
    sent.pairs().filter(|(name, _)| !name.starts_with("ward_") && *name != form::TOKEN).collect()
}

async fn asked(accounts: &Accounts, head: &Parts, params: &Params) -> Response {
    let leaving = match accounts.provider.end_session(&accounts.site(head), params).await {
        Ok(leaving) => leaving,
        Err(refusal) => return trouble::refused(&refusal),
    };
    match accounts.signed(head).await {
        Ok(Some(signed)) => page(accounts, head, params, (&leaving, &signed)),
        // Whoever is signed out already need not be asked.
        Ok(None) => match &leaving.back {
            Some(back) if !is_stranger(&leaving) => to(back),
            _ => farewell(&leaving, None),
        },
        Err(error) => trouble::page(&error),
    }
}

fn page(accounts: &Accounts, head: &Parts, params: &Params, (leaving, signed): (&Leaving, &Signed)) -> Response {
    let protection = accounts.protection(head);
    let is_other = leaving.user.as_ref().is_some_and(|user| **user != *signed.user.id);
    let content = html! {
        @match &leaving.client {
            Some(client) => p { strong { (client.record.name) } " asks whether to sign you out here, too." },
            None => p { "Do you want to sign out?" },
        }
        p { "You are signed in as " strong { (signed.user.record.name) } " (" (signed.user.record.login) ")." }
        @if is_other { p.hint { "The app means another account, which is not signed in here." } }
        p { "Apps that may act for you only while you are signed in stop when you sign out." }
        form method="post" action=(PATH) {
            (protection.field())
            @for (name, value) in params.iter() { input type="hidden" name=(name) value=(value); }
            div.buttons {
                button type="submit" name=(DECISION) value="leave" { "Sign out" }
                button.quiet type="submit" name=(DECISION) value="stay" { "Stay signed in" }
            }
        }
    };
    let leads_to = leaving.back.as_deref().and_then(origin_of);
    let mut response = Frame { leads_to: leads_to.as_deref(), ..Frame::new("Sign out?") }.page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// Whether nobody has looked at the app's addresses: browsers are not sent there unasked.
fn is_stranger(leaving: &Leaving) -> bool {
    leaving.client.as_ref().is_none_or(|client| client.record.self_registered)
}

/// The page of whoever has signed out; `elsewhere` is where the provider outside by whom they had come signs them out, too.
pub(super) fn farewell(leaving: &Leaving, elsewhere: Option<&Farewell>) -> Response {
    let leads_to = elsewhere.filter(|elsewhere| !elsewhere.fields.is_empty()).and_then(|elsewhere| origin_of(&elsewhere.address));
    Frame { leads_to: leads_to.as_deref(), ..Frame::new("You are signed out") }.page(html! {
        @if let Some(elsewhere) = elsewhere {
            p { "You are signed out here, and perhaps still signed in at " strong { (elsewhere.name) } ", where whoever uses this browser next could come back in by it." }
            (go_on(elsewhere, &format!("Sign out at {}, too", elsewhere.name)))
        }
        @if let (Some(back), Some(client)) = (&leaving.back, &leaving.client) {
            p { a href=(back) { "Back to " (client.record.name) } }
        }
        p { a href="/auth/sign-in" { "Sign in" } }
    })
}

/// What leads to a provider outside: a link, or a form with what is to be told it.
pub(super) fn go_on(to: &Farewell, what: &str) -> Markup {
    html! {
        @if to.fields.is_empty() {
            p { a.button href=(to.address) { (what) } }
        } @else {
            form method="post" action=(to.address) {
                @for (name, value) in &to.fields { input type="hidden" name=(name) value=(value); }
                div.buttons { button type="submit" { (what) } }
            }
        }
    }
}

/// Where a provider outside sends somebody back who has signed out there.
pub(super) async fn signed_out() -> Response {
    farewell(&Leaving::default(), None)
}

/// An answer with the headers of another, such as cookies that are to be forgotten.
fn with_headers(mut response: Response, other: Response) -> Response {
    for value in other.headers().get_all(http::header::SET_COOKIE) {
        response.headers_mut().append(http::header::SET_COOKIE, value.clone());
    }
    response
}
