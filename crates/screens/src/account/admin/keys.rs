//! `/auth/admin/keys`: API keys.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use fhir::{Object, Value};
use maud::{Markup, html};

use super::super::Accounts;
use super::super::form::Sent;
use super::super::visit::to;
use super::counter::Refused;
use super::desk::{self, Desk};
use super::drawn::{line, moment, shown_once, text};
use super::{rights, roles};

const PATH: &str = "/auth/admin/keys";

const TEXTS: [(&str, &str, &str); 5] = [
    ("name", "What it is for", ""),
    ("fhirUser", "Who it is in the records", "Such as Device/7; it may be left empty."),
    ("scopes", "What it may do at most", "As SMART writes scopes: system/Patient.rs."),
    ("eachMinute", "How many requests it may make in a minute", "A whole number; as many as it likes when it is empty."),
    ("until", "When it ends", "A moment, such as 2027-12-31T23:59:59Z."),
];

/// All of them, and the form for another.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match desk::at(&accounts, &head, &["keys-read"]).await {
        Ok(desk) => page(&desk, &Value::Null, None, html! {}).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn page(desk: &Desk<'_>, given: &Value, problem: Option<&Refused>, first: Markup) -> Response {
    let found = match desk.get(&["keys"], &[]).await {
        Ok(found) => found.body,
        Err(refused) => return desk.refused(&refused),
    };
    let content = html! {
        (first)
        @if found.list("keys").next().is_none() { p { "There is none." } }
        ul.sessions-list { @for key in found.list("keys") { li { (shown(desk, key)) } } }
        @if desk.may("keys-write") && desk.is_fresh() {
            h2 { "Make one for a service" }
            (desk.form(PATH, ("make", "Make a key"), html! {
                @for (name, label, hint) in TEXTS { (line(name, label, text(given, name), hint)) }
                (rights::roles(given, &roles::names(desk).await))
            }))
        }
    };
    desk.page("API keys", problem, content)
}

fn shown(desk: &Desk<'_>, key: &Value) -> Markup {
    let (until, used) = (moment(key, "until"), moment(key, "lastUsed"));
    html! {
        h3 { (text(key, "name")) }
        p {
            code { (text(key, "prefix")) "…" } ", made " (moment(key, "created"))
            @if !until.is_empty() { ", ends " (until) }
            @if used.is_empty() { ", never used" } @else { ", last used " (used) }
            @if !text(key, "user").is_empty() { ", of the account " code { (text(key, "user")) } }
        }
        p { "Roles: " (super::drawn::roles(key)) "." @if !text(key, "scopes").is_empty() { " At most " code { (text(key, "scopes")) } "." } }
        @if desk.may("keys-write") {
            (desk.form(PATH, ("revoke", "Revoke it"), html! { input type="hidden" name="handle" value=(text(key, "handle")); }))
        }
    }
}

/// Another is made, or one revoked.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match desk::form(&accounts, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let desk = match desk::at(&accounts, &sent.head, &["keys-write"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let done = match sent.text("act") {
        "make" => match described(&sent) {
            Ok(body) => desk.act("POST", &["keys"], Some(body), None).await,
            Err(refused) => Err(refused),
        },
        "revoke" => desk.act("DELETE", &["keys", sent.text("handle")], None, None).await,
        _ => Err(desk::unknown_act()),
    };
    match done {
        Ok(done) if !text(&done.body, "secret").is_empty() => {
            page(&desk, &Value::Null, None, shown_once("The new key", text(&done.body, "secret"))).await
        }
        Ok(_) => to(PATH),
        Err(refused) => {
            let mut given: Object = TEXTS.iter().map(|(name, ..)| (*name, Value::from(sent.text(name)))).collect();
            given.push("roles", rights::read_roles(&sent));
            page(&desk, &given.into(), Some(&refused), html! {}).await
        }
    }
}

fn described(sent: &Sent) -> Result<Value, Refused> {
    let there = TEXTS.iter().map(|(name, ..)| (*name, sent.text(name).trim())).filter(|(_, value)| !value.is_empty());
    let mut members = Object::new();
    for (name, value) in there {
        match name {
            "eachMinute" => {
                let problem = "How many requests it may make in a minute: this is a whole number, or nothing.";
                let count: u64 = value.parse().map_err(|_| Refused { status: 400, problems: vec![problem.to_owned()] })?;
                members.push(name, count);
            }
            _ => members.push(name, value),
        }
    }
    members.push("roles", rights::read_roles(sent));
    Ok(members.into())
}
