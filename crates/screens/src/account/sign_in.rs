//! `/auth/sign-in` and `/auth/second-factor`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::Secret;
use identity::error::IdentityError;
use identity::factor::Proof;
use identity::sign_in::{SignIn, SignedIn};
use maud::html;

use super::field::Field;
use super::form::{Sent, parameter};
use super::frame::Frame;
use super::passkey::{Button, Ceremony};
use super::visit::{local, to};
use super::{Accounts, outside, passkey, trouble};

/// The form for login and password.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let (next, hint) = (parameter(&head, "next"), parameter(&head, "login_hint"));
    page(&accounts, &head, (next.as_deref(), hint.as_deref().unwrap_or_default()), None).await
}

async fn page(accounts: &Accounts, head: &Parts, (next, login): (Option<&str>, &str), problem: Option<(StatusCode, &str)>) -> Response {
    // Whoever has a password can sign in, whatever is known of providers outside.
    let offered = accounts.federation.offered(accounts.requests.tenant(head)).await.unwrap_or_default();
    let protection = accounts.protection(head);
    let has_passkeys = accounts.has_passkeys(head);
    let content = html! {
        form method="post" action="/auth/sign-in" {
            (protection.field())
            input type="hidden" name="next" value=(local(next));
            (Field { name: "login", label: "Login or e-mail address", kind: "text", autocomplete: "username", value: login, hint: "" }.markup())
            (Field { name: "password", label: "Password", kind: "password", autocomplete: "current-password", value: "", hint: "" }.markup())
            button type="submit" { "Sign in" }
        }
        @if has_passkeys { (passkey::offer(next, &protection)) }
        (outside::offer(&offered, next))
        p { a href="/auth/reset" { "Forgotten your password?" } }
        @if accounts.identity.settings().registration { p { a href="/auth/registration" { "Make an account" } } }
    };
    let frame = Frame::new("Sign in").with_problem(problem);
    let mut response = if has_passkeys { frame.with_script() } else { frame }.page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// Login and password.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let Sent { head, .. } = &sent;
    let (login, next) = (sent.text("login"), sent.text("next"));
    let asked = SignIn { login, password: sent.secret("password"), origin: accounts.origin(head), device: accounts.device(head) };
    match accounts.identity.sign_in(asked).await {
        Ok(SignedIn::Done(begun)) => accounts.entered(head, &begun, local(Some(next))).await,
        Ok(SignedIn::Halfway { token, .. }) => {
            let mut response = to(&oauth::params::append("/auth/second-factor", &[("next", local(Some(next)))]));
            accounts.keep_halfway(head, &token, &mut response);
            response
        }
        Err(error) => {
            let (status, what) = trouble::of(&error);
            page(&accounts, head, (Some(next), login), Some((status, &what))).await
        }
    }
}

/// The form for the second factor.
pub(super) async fn show_second(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match accounts.halfway(&head) {
        Some(token) => second_page(&accounts, &head, &token, (parameter(&head, "next").as_deref(), None)).await,
        None => to("/auth/sign-in"),
    }
}

async fn second_page(
    accounts: &Accounts,
    head: &Parts,
    token: &Secret,
    (next, problem): (Option<&str>, Option<(StatusCode, &str)>),
) -> Response {
    // Whoever has no passkey, or comes to an origin that none is for, has their codes.
    let asked = if accounts.has_passkeys(head) { accounts.identity_at(head).ask_for_passkey(token).await.ok() } else { None };
    let protection = accounts.protection(head);
    let hint = "The six digits that your authenticator app shows now, or one of your recovery codes.";
    let content = html! {
        @if let Some(options) = &asked {
            form method="post" action="/auth/second-factor" {
                (protection.field())
                input type="hidden" name="next" value=(local(next));
                (Button { ceremony: Ceremony::Use, options, label: "Use a passkey", act: "use", at_once: false }.markup())
            }
        }
        form method="post" action="/auth/second-factor" {
            (protection.field())
            input type="hidden" name="next" value=(local(next));
            (Field { name: "code", label: "Code", kind: "text", autocomplete: "one-time-code", value: "", hint }.markup())
            button type="submit" { "Go on" }
        }
        p { a href="/auth/sign-in" { "Sign in as somebody else" } }
    };
    let frame = Frame::new("Second factor").with_problem(problem);
    let mut response = if asked.is_some() { frame.with_script() } else { frame }.page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// A code, of the app or for recovery, or the answer of a passkey.
pub(super) async fn sent_second(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let Some(token) = accounts.halfway(&sent.head) else { return to("/auth/sign-in") };
    let next = sent.text("next");
    match accounts.identity_at(&sent.head).second_factor(&token, &proof(&sent)).await {
        Ok(begun) => accounts.entered(&sent.head, &begun, local(Some(next))).await,
        Err(IdentityError::NotSignedIn) => to(&oauth::params::append("/auth/sign-in", &[("next", local(Some(next)))])),
        Err(error) => {
            let (status, what) = trouble::of(&error);
            second_page(&accounts, &sent.head, &token, (Some(next), Some((status, &what)))).await
        }
    }
}

/// What was sent as a second factor: what a device has answered; else six digits are the app's, and anything else is a recovery code.
pub(super) fn proof(sent: &Sent) -> Proof {
    if let Some(answer) = passkey::answer(sent) {
        return Proof::Passkey(answer);
    }
    let code: String = sent.text("code").chars().filter(|sign| !sign.is_whitespace()).collect();
    let is_totp = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    let code = Secret::new(code);
    if is_totp { Proof::Totp(code) } else { Proof::Recovery(code) }
}
