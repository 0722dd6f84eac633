//! `/auth/set-up`: the first account of a server, by the link that its first start has printed.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::Secret;
use identity::accounts::SetUp;
use maud::html;

use super::field::{Field, new_password};
use super::form::parameter;
use super::frame::Frame;
use super::reset::{done, same_twice};
use super::{Accounts, trouble};

/// The form.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let token = Secret::new(parameter(&head, "token").unwrap_or_default());
    page(&accounts, &head, &token, ("", ""), None)
}

fn page(accounts: &Accounts, head: &Parts, token: &Secret, (login, name): (&str, &str), problem: Option<(StatusCode, &str)>) -> Response {
    let protection = accounts.protection(head);
    let content = html! {
        p { "This makes the account of the first system administrator. The link does so once." }
        form method="post" action="/auth/set-up" {
            (protection.field())
            input type="hidden" name="token" value=(token.expose());
            (Field { name: "login", label: "Login", kind: "text", autocomplete: "username", value: login, hint: "Small letters, digits, and . _ -" }.markup())
            (Field { name: "name", label: "Name", kind: "text", autocomplete: "name", value: name, hint: "" }.markup())
            (new_password())
            button type="submit" { "Make the account" }
        }
    };
    let mut response = Frame::new("Set up Ward").with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// The account.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let (token, login, name) = (sent.secret("token"), sent.text("login"), sent.text("name"));
    if let Err(problem) = same_twice(&sent) {
        return page(&accounts, &sent.head, &token, (login, name), Some(problem));
    }
    let (login, name) = (login.to_owned(), name.to_owned());
    let tenant = accounts.requests.tenant(&sent.head);
    let asked = SetUp { login: login.clone(), name: name.clone(), password: sent.secret("password"), tenant };
    match accounts.identity.set_up(&token, asked).await {
        Ok(_) => done("Ward is set up"),
        Err(error) => {
            let (status, what) = trouble::of(&error);
            page(&accounts, &sent.head, &token, (&login, &name), Some((status, &what)))
        }
    }
}
