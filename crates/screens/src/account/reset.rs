//! `/auth/reset`: a letter for whoever has forgotten their password, and the page that its link leads to.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::Secret;
use maud::html;

use super::field::{Field, new_password};
use super::form::{Sent, parameter};
use super::frame::Frame;
use super::{Accounts, trouble};

/// The form for the letter; with a token, the one for the new password.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match parameter(&head, "token") {
        Some(token) => new_page(&accounts, &head, &Secret::new(token), None),
        None => ask_page(&accounts, &head, None),
    }
}

fn ask_page(accounts: &Accounts, head: &Parts, problem: Option<(StatusCode, &str)>) -> Response {
    let protection = accounts.protection(head);
    let content = html! {
        form method="post" action="/auth/reset" {
            (protection.field())
            (Field { name: "login", label: "Login or e-mail address", kind: "text", autocomplete: "username", value: "", hint: "" }.markup())
            button type="submit" { "Send me a link" }
        }
    };
    let mut response = Frame::new("Forgotten your password?").with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

fn new_page(accounts: &Accounts, head: &Parts, token: &Secret, problem: Option<(StatusCode, &str)>) -> Response {
    let protection = accounts.protection(head);
    let content = html! {
        p { "All your sessions end, on all devices." }
        form method="post" action="/auth/reset" {
            (protection.field())
            input type="hidden" name="token" value=(token.expose());
            (new_password())
            button type="submit" { "Set the password" }
        }
    };
    let mut response = Frame::new("Set a new password").with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// Whose letter it is to be, or the new password.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    if sent.text("token").is_empty() {
        return match accounts.identity.ask_for_reset(sent.text("login")).await {
            // The same is told of logins that there are and of those that there are not.
            Ok(()) => Frame::new("Look into your e-mail").page(html! {
                p { "If there is such an account with a verified e-mail address, a letter with a link was sent to it." }
                p { "There is none? Ask an administrator for a link." }
            }),
            Err(error) => {
                let (status, what) = trouble::of(&error);
                ask_page(&accounts, &sent.head, Some((status, &what)))
            }
        };
    }
    let token = sent.secret("token");
    if let Err(problem) = same_twice(&sent) {
        return new_page(&accounts, &sent.head, &token, Some(problem));
    }
    match accounts.identity.reset_password(&token, &sent.secret("password")).await {
        Ok(_) => done("Your password is set"),
        Err(error) => {
            let (status, what) = trouble::of(&error);
            new_page(&accounts, &sent.head, &token, Some((status, &what)))
        }
    }
}

/// That a new password was typed twice in the same way.
pub(super) fn same_twice(sent: &Sent) -> Result<(), (StatusCode, &'static str)> {
    match sent.text("password") == sent.text("again") {
        true => Ok(()),
        false => Err((StatusCode::UNPROCESSABLE_ENTITY, "The two passwords differ. Type the same one twice.")),
    }
}

/// Something is done, and its user can sign in.
pub(super) fn done(what: &str) -> Response {
    Frame::new(what).page(html! { p { a href="/auth/sign-in" { "Sign in" } } })
}
