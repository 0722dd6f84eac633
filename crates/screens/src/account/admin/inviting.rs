//! `/auth/admin/invite`: an account for somebody, and the link by which they set a password.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use fhir::{Object, Value};
use maud::html;

use super::super::Accounts;
use super::counter::Refused;
use super::desk::{self, Desk};
use super::drawn::{line, shown_once, text};
use super::{rights, roles};

const OWN: [(&str, &str, &str); 4] = [
    ("login", "Login", "The name to sign in by."),
    ("name", "Name", "As others are to read it."),
    ("email", "E-mail address", "The link is sent there, too."),
    ("locale", "Language", "Such as de-CH."),
];

/// The form.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match desk::at(&accounts, &head, &["users-write"]).await {
        Ok(desk) => page(&desk, &Value::Null, None).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn page(desk: &Desk<'_>, given: &Value, problem: Option<&Refused>) -> Response {
    let known = roles::names(desk).await;
    let fields = html! {
        @for (name, label, hint) in OWN { (line(name, label, text(given, name), hint)) }
        (rights::fields(given, &known))
    };
    desk.page("Invite somebody", problem, desk.form("/auth/admin/invite", ("invite", "Invite"), fields))
}

/// An invitation.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match desk::form(&accounts, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let desk = match desk::at(&accounts, &sent.head, &["users-write"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let own = OWN.iter().map(|(name, ..)| (*name, sent.text(name).trim())).filter(|(_, value)| !value.is_empty());
    let mut body: Object = own.map(|(name, value)| (name, Value::from(value))).collect();
    rights::read(&sent, &mut body);
    let body = Value::from(body);
    match desk.act("POST", &["users"], Some(body.clone()), None).await {
        Ok(done) => {
            let path = format!("/auth/admin/users/{}", text(&done.body, "id"));
            let content = html! {
                (shown_once("The link for the owner of the account", text(&done.body, "link")))
                p { a href=(path) { "The account " (text(&done.body, "login")) } }
            };
            desk.page("The account is there", None, content)
        }
        Err(refused) => page(&desk, &body, Some(&refused)).await,
    }
}
