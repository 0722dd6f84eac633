//! `/auth/admin/tenants`: the houses that share the server, for whoever runs it.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use fhir::{Object, Value};
use maud::{Markup, html};

use super::super::Accounts;
use super::super::form::Sent;
use super::super::visit::to;
use super::counter::Refused;
use super::desk::{self, Desk};
use super::drawn::{line, text, texts};
use super::rights::separate;
use crate::layout;

const PATH: &str = "/auth/admin/tenants";

/// The settings: name, label, hint.
const SETTINGS: [(&str, &str, &str); 5] = [
    ("name", "Name to show", "On the pages of signing in, of consent and of accounts."),
    ("hosts", "Hosts of its own", "Such as north.example.org, with blanks between several."),
    ("accent", "Colour", "Such as #00566b: white text on it needs a contrast of 4.5."),
    ("locale", "Language", "Of accounts that are made for it: de-CH."),
    ("timeZone", "Time zone", "Of the hours in its policies: Europe/Zurich."),
];

/// What can be done with one: the act, its words, what follows from it.
const ACTS: [(&str, &str, &str); 2] = [
    ("suspend", "Suspend", "Nobody is let in until it is active again."),
    ("reactivate", "Let people in again", "For one that is suspended, or was to end."),
];

/// All of them, and the form for another.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match desk::at(&accounts, &head, &["tenants-read"]).await {
        Ok(desk) => page(&desk, &Value::Null, None).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn page(desk: &Desk<'_>, given: &Value, problem: Option<&Refused>) -> Response {
    let found = match desk.get(&["tenants"], &[]).await {
        Ok(found) => found.body,
        Err(refused) => return desk.refused(&refused),
    };
    let rows = html! {
        @for tenant in found.list("tenants") {
            tr {
                td { a href={ (PATH) "/" (text(tenant, "slug")) } { (text(tenant, "slug")) } }
                td { (text(tenant, "name")) }
                td { (text(tenant, "standing")) }
                td { (texts(tenant, "hosts")) }
            }
        }
    };
    let content = html! {
        (layout::table("Houses", &["Name in addresses", "Name", "Standing", "Hosts"], rows))
        @if desk.may("tenants-write") && desk.is_fresh() {
            h2 { "Add another" }
            (desk.form(PATH, ("add", "Add"), html! {
                (line("slug", "Name in addresses", text(given, "slug"), "Small letters, digits and hyphens. It is never given to another."))
                (settings(given))
            }))
        }
    };
    desk.page("Houses on this server", problem, content)
}

fn settings(given: &Value) -> Markup {
    html! {
        @for (name, label, hint) in SETTINGS {
            @if name == "hosts" { (line(name, label, &texts(given, name).replace(',', ""), hint)) } @else { (line(name, label, text(given, name), hint)) }
        }
    }
}

/// Another is made.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match desk::form(&accounts, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let desk = match desk::at(&accounts, &sent.head, &["tenants-write"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let slug = [("slug", Value::from(sent.text("slug").trim()))];
    let there = |(_, value): &(&str, Value)| value.as_str() != Some("");
    let body = Value::from(slug.into_iter().chain(read(&sent).into_iter().filter(there)).collect::<Object>());
    match desk.act("POST", &["tenants"], Some(body.clone()), None).await {
        Ok(_) => to(PATH),
        Err(refused) => page(&desk, &body, Some(&refused)).await,
    }
}

fn read(sent: &Sent) -> [(&'static str, Value); 5] {
    SETTINGS.map(|(name, ..)| match name {
        "hosts" => (name, separate(sent.text(name), ' ')),
        _ => (name, sent.text(name).trim().into()),
    })
}

/// One of them.
pub(super) async fn show_one(State(accounts): State<Arc<Accounts>>, Path(name): Path<String>, request: Request) -> Response {
    let head = request.into_parts().0;
    match desk::at(&accounts, &head, &["tenants-read"]).await {
        Ok(desk) => one(&desk, &name, None, None).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn one(desk: &Desk<'_>, name: &str, given: Option<&Value>, problem: Option<&Refused>) -> Response {
    let tenant = match desk.get(&["tenants", name], &[]).await {
        Ok(found) => found.body,
        Err(refused) => return desk.refused(&refused),
    };
    let path = format!("{PATH}/{name}");
    let content = html! {
        p { "It is " (text(&tenant, "standing")) "." }
        @if desk.may("tenants-write") && desk.is_fresh() {
            h2 { "Settings" }
            (desk.form(&path, ("set", "Set"), settings(given.unwrap_or(&tenant))))
            h2 { "What can be done with it" }
            @for (act, label, follows) in ACTS { (desk.form(&path, (act, label), html! { p.hint { (follows) } })) }
            (desk.form(&path, ("end", "Let it end"), html! {
                (line("confirm", "Its name in addresses, once more", "", "Nobody is let in any more. `ward tenant delete` erases it then."))
            }))
        }
        p { a href=(PATH) { "All houses" } }
    };
    desk.page(text(&tenant, "name"), problem, content)
}

/// Something that is done with one.
pub(super) async fn sent_one(State(accounts): State<Arc<Accounts>>, Path(name): Path<String>, request: Request) -> Response {
    let sent = match desk::form(&accounts, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let desk = match desk::at(&accounts, &sent.head, &["tenants-write"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let mut given = None;
    let done = match sent.text("act") {
        "set" => {
            let settings = Value::from(
                read(&sent).into_iter().filter(|(known, value)| *known != "name" || value.as_str() != Some("")).collect::<Object>(),
            );
            given = Some(settings.clone());
            desk.act("PUT", &["tenants", &name], Some(settings), None).await
        }
        act @ ("suspend" | "reactivate") => desk.act("POST", &["tenants", &name, act], None, None).await,
        "end" => desk.end(&["tenants", &name], sent.text("confirm")).await,
        _ => Err(desk::unknown_act()),
    };
    match done {
        Ok(_) => to(&format!("{PATH}/{name}")),
        Err(refused) => one(&desk, &name, given.as_ref(), Some(&refused)).await,
    }
}
