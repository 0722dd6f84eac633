//! `/auth/admin/clients`: apps and services.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use fhir::{Object, Value};
use maud::{Markup, html};

use super::super::Accounts;
use super::super::form::{Sent, parameter};
use super::super::visit::to;
use super::counter::Refused;
use super::desk::{self, Desk};
use super::drawn::{fact, line, moment, next, shown_once, text, texts, tick};
use super::{rights, roles};
use crate::layout;

const PATH: &str = "/auth/admin/clients";

/// The texts of the form: name, label, hint.
const TEXTS: [(&str, &str, &str); 6] = [
    ("name", "Name", "As users are to read it."),
    ("scope", "Scopes", "What it may ask for, as SMART writes it: patient/*.rs launch/patient openid."),
    ("redirectUris", "Where users are sent back to", "Each address exactly, with blanks between several; for an app that users open."),
    ("launchUri", "Where a launch from the record system begins", ""),
    ("jwksUri", "The https address of its keys", "For a service that proves by a key that it is it."),
    ("jwks", "Its keys", "A JSON Web Key Set, in place of the address."),
];

/// All of them, and the form for another.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match desk::at(&accounts, &head, &["clients-read"]).await {
        Ok(desk) => page(&desk, &Object::new().into(), None).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn page(desk: &Desk<'_>, given: &Value, problem: Option<&Refused>) -> Response {
    let cursor = parameter(desk.head, "cursor").unwrap_or_default();
    let found = match desk.get(&["clients"], &[("cursor", &cursor)]).await {
        Ok(found) => found.body,
        Err(refused) => return desk.refused(&refused),
    };
    let rows = html! {
        @for client in found.list("clients") {
            tr {
                td { a href={ (PATH) "/" (text(client, "id")) } { (text(client, "name")) } }
                td { (text(client, "scope")) }
                td { (texts(client, "grants")) }
                td { (super::drawn::roles(client)) }
            }
        }
    };
    let content = html! {
        (layout::table("Apps and services", &["Name", "Scopes", "How it asks", "Roles"], rows))
        (next(&found, PATH, &[]))
        @if desk.may("clients-write") && desk.is_fresh() {
            h2 { "Register another" }
            (desk.form(PATH, ("add", "Register"), fields(given, &roles::names(desk).await)))
        }
    };
    desk.page("Apps and services", problem, content)
}

fn fields(given: &Value, known: &[String]) -> Markup {
    html! {
        @for (name, label, hint) in TEXTS { (line(name, label, text(given, name), hint)) }
        (tick("public", "It can keep no secret: it runs in a browser or on a phone."))
        (tick("device", "It runs on a device without a browser, whose users let it in elsewhere."))
        (tick("preapproved", "No user is asked."))
        p { "A service that acts for itself has roles:" }
        (rights::roles(given, known))
    }
}

/// Another is registered.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match desk::form(&accounts, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let desk = match desk::at(&accounts, &sent.head, &["clients-write"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    match desk.act("POST", &["clients"], Some(described(&sent)), None).await {
        Ok(done) => {
            let content = html! {
                p { a href={ (PATH) "/" (text(&done.body, "id")) } { (text(&done.body, "name")) } ", with the id " code { (text(&done.body, "id")) } "." }
                @if !text(&done.body, "secret").is_empty() { (shown_once("Its secret", text(&done.body, "secret"))) }
            };
            desk.page("The app is registered", None, content)
        }
        Err(refused) => {
            let given: Object = TEXTS.iter().map(|(name, ..)| (*name, Value::from(sent.text(name)))).collect();
            let mut given = given;
            given.push("roles", rights::read_roles(&sent));
            page(&desk, &given.into(), Some(&refused)).await
        }
    }
}

fn described(sent: &Sent) -> Value {
    let there = TEXTS.iter().map(|(name, ..)| (*name, sent.text(name).trim())).filter(|(_, value)| !value.is_empty());
    let mut members: Object = there.filter(|(name, _)| *name != "redirectUris").map(|(name, value)| (name, Value::from(value))).collect();
    members.push("redirectUris", rights::separate(sent.text("redirectUris"), ' '));
    for name in ["public", "device", "preapproved"] {
        members.push(name, sent.text(name) == "yes");
    }
    members.push("roles", rights::read_roles(sent));
    members.into()
}

/// One of them.
pub(super) async fn show_one(State(accounts): State<Arc<Accounts>>, Path(id): Path<String>, request: Request) -> Response {
    let head = request.into_parts().0;
    match desk::at(&accounts, &head, &["clients-read"]).await {
        Ok(desk) => one(&desk, &id, None, html! {}).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn one(desk: &Desk<'_>, id: &str, problem: Option<&Refused>, first: Markup) -> Response {
    let client = match desk.get(&["clients", id], &[]).await {
        Ok(found) => found.body,
        Err(refused) => return desk.refused(&refused),
    };
    let path = format!("{PATH}/{id}");
    let content = html! {
        (first)
        dl.answers {
            (fact("Id", text(&client, "id")))
            (fact("Scopes", text(&client, "scope")))
            (fact("How it asks", &texts(&client, "grants")))
            (fact("How it proves who it is", text(&client, "proof")))
            (fact("Where users are sent back to", &texts(&client, "redirectUris")))
            (fact("Where a launch begins", text(&client, "launchUri")))
            (fact("Roles", &super::drawn::roles(&client)))
            (fact("Registered", &moment(&client, "created")))
        }
        @if desk.may("clients-write") {
            @if text(&client, "proof") == "secret" {
                (desk.form(&path, ("secret", "Give it another secret"), html! { p.hint { "The one before holds until the next change." } }))
            }
            (desk.form(&path, ("remove", "Remove it"), html! { p.hint { "Whatever it was given ends at once." } }))
        }
        p { a href=(PATH) { "All apps and services" } }
    };
    desk.page(text(&client, "name"), problem, content)
}

/// Something that is done with one.
pub(super) async fn sent_one(State(accounts): State<Arc<Accounts>>, Path(id): Path<String>, request: Request) -> Response {
    let sent = match desk::form(&accounts, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let desk = match desk::at(&accounts, &sent.head, &["clients-write"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let done = match sent.text("act") {
        "secret" => desk.act("POST", &["clients", &id, "secret"], None, None).await,
        "remove" => desk.act("DELETE", &["clients", &id], None, None).await,
        _ => Err(desk::unknown_act()),
    };
    match done {
        Ok(done) if !text(&done.body, "secret").is_empty() => {
            one(&desk, &id, None, shown_once("Its new secret", text(&done.body, "secret"))).await
        }
        Ok(_) => to(PATH),
        Err(refused) => one(&desk, &id, Some(&refused), html! {}).await,
    }
}
