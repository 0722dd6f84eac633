//! `/auth/invitation`: somebody who was invited sets their password.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::{Secret, User};
use maud::html;

use super::field::new_password;
use super::form::parameter;
use super::frame::Frame;
use super::reset::{done, same_twice};
use super::{Accounts, trouble};

/// The form, for the account that the link is for.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let token = Secret::new(parameter(&head, "token").unwrap_or_default());
    match accounts.identity.invited(&token).await {
        Ok(user) => page(&accounts, &head, &token, &user, None),
        Err(error) => trouble::page(&error),
    }
}

fn page(accounts: &Accounts, head: &Parts, token: &Secret, user: &User, problem: Option<(StatusCode, &str)>) -> Response {
    let protection = accounts.protection(head);
    let content = html! {
        p { "Welcome, " (user.name) ". Your login is " strong { (user.login) } "." }
        form method="post" action="/auth/invitation" {
            (protection.field())
            input type="hidden" name="token" value=(token.expose());
            input type="hidden" name="login" autocomplete="username" value=(user.login);
            (new_password())
            button type="submit" { "Set the password" }
        }
    };
    let mut response = Frame::new("Your account").with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// The password.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let token = sent.secret("token");
    let user = match accounts.identity.invited(&token).await {
        Ok(user) => user,
        Err(error) => return trouble::page(&error),
    };
    if let Err(problem) = same_twice(&sent) {
        return page(&accounts, &sent.head, &token, &user, Some(problem));
    }
    match accounts.identity.accept_invitation(&token, &sent.secret("password")).await {
        Ok(_) => done("Your account is ready"),
        Err(error) => {
            let (status, what) = trouble::of(&error);
            page(&accounts, &sent.head, &token, &user, Some((status, &what)))
        }
    }
}
