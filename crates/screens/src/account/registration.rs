//! `/auth/registration`: people make accounts by themselves, where the settings allow it; `/auth/verification`: they show that an address is theirs.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::accounts::Registration;
use identity::error::IdentityError;
use maud::html;

use super::field::{Field, new_password};
use super::form::{Sent, parameter};
use super::frame::Frame;
use super::reset::{done, same_twice};
use super::{Accounts, trouble};

/// The form.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    if !accounts.identity.settings().registration {
        return trouble::page(&IdentityError::RegistrationClosed);
    }
    page(&accounts, &request.into_parts().0, None, None)
}

fn page(accounts: &Accounts, head: &Parts, sent: Option<&Sent>, problem: Option<(StatusCode, &str)>) -> Response {
    let protection = accounts.protection(head);
    let field = |name, label, kind, autocomplete, hint| {
        let value = sent.map_or("", |sent| sent.text(name));
        Field { name, label, kind, autocomplete, value, hint }.markup()
    };
    let content = html! {
        form method="post" action="/auth/registration" {
            (protection.field())
            (field("login", "Login", "text", "username", "Small letters, digits, and . _ -"))
            (field("name", "Name", "text", "name", ""))
            (field("email", "E-mail address", "email", "email", "A letter with a link goes there."))
            (new_password())
            button type="submit" { "Make the account" }
        }
    };
    let mut response = Frame::new("Make an account").with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// The account.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    if let Err(problem) = same_twice(&sent) {
        return page(&accounts, &sent.head, Some(&sent), Some(problem));
    }
    let text = |name| sent.text(name).to_owned();
    let asked =
        Registration { login: text("login"), name: text("name"), email: text("email"), locale: None, password: sent.secret("password") };
    match accounts.identity.register(asked).await {
        Ok(_) => Frame::new("Look into your e-mail")
            .page(html! { p { "A letter with a link was sent to your address. The account can be used once you have followed it." } }),
        Err(error) => {
            let (status, what) = trouble::of(&error);
            page(&accounts, &sent.head, Some(&sent), Some((status, &what)))
        }
    }
}

/// What a letter's link leads to. It asks once more: programs that look into letters follow links, and send no forms.
pub(super) async fn show_verification(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let token = parameter(&head, "token").unwrap_or_default();
    let protection = accounts.protection(&head);
    let content = html! {
        form method="post" action="/auth/verification" {
            (protection.field())
            input type="hidden" name="token" value=(token);
            button type="submit" { "This address is mine" }
        }
    };
    let mut response = Frame::new("Your e-mail address").page(content);
    accounts.protect(&head, &protection, &mut response);
    response
}

/// The address is theirs.
pub(super) async fn sent_verification(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    match accounts.identity.verify_email(&sent.secret("token")).await {
        Ok(_) => done("Your address is verified"),
        Err(error) => trouble::page(&error),
    }
}
