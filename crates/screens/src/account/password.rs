//! `/auth/password`: another password, by whoever knows the one before.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use maud::html;

use super::field::{Field, new_password};
use super::frame::Frame;
use super::reset::same_twice;
use super::visit::{Signed, to};
use super::{Accounts, trouble};

/// The form.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match accounts.need_signed(&head).await {
        Ok(signed) => page(&accounts, &head, &signed, None),
        Err(elsewhere) => elsewhere,
    }
}

fn page(accounts: &Accounts, head: &Parts, signed: &Signed, problem: Option<(StatusCode, &str)>) -> Response {
    let protection = accounts.protection(head);
    let content = html! {
        p { "All your other sessions end." }
        form method="post" action="/auth/password" {
            (protection.field())
            // For whatever keeps passwords: so it knows which one this is.
            input type="hidden" name="login" autocomplete="username" value=(signed.user.record.login);
            (Field { name: "old", label: "Password so far", kind: "password", autocomplete: "current-password", value: "", hint: "" }.markup())
            (new_password())
            button type="submit" { "Change the password" }
        }
        p { a href="/auth/sessions" { "Your account" } }
    };
    let mut response = Frame::new("Change your password").with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// The old and the new one.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let signed = match accounts.need_signed(&sent.head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    if let Err(problem) = same_twice(&sent) {
        return page(&accounts, &sent.head, &signed, Some(problem));
    }
    match accounts.identity.change_password(&signed.token, &sent.secret("old"), &sent.secret("password")).await {
        Ok(begun) => {
            let mut response = to("/auth/sessions");
            accounts.keep_session(&sent.head, &begun, &mut response);
            response
        }
        Err(error) => {
            let (status, what) = trouble::of(&error);
            page(&accounts, &sent.head, &signed, Some((status, &what)))
        }
    }
}
