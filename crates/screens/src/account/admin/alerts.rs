//! `/auth/admin/alerts`: what looked suspicious, and what came of it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use fhir::{Value, object};
use maud::{Markup, html};

use super::super::Accounts;
use super::super::form::parameter;
use super::super::visit::to;
use super::counter::Refused;
use super::desk::{self, Desk};
use super::drawn::{moment, next, text};

const PATH: &str = "/auth/admin/alerts";

/// Those that nobody has looked into; with `all` in the address, the others too.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match desk::at(&accounts, &head, &["alerts-read"]).await {
        Ok(desk) => page(&desk, None).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn page(desk: &Desk<'_>, problem: Option<&Refused>) -> Response {
    let (all, cursor) = (parameter(desk.head, "all").unwrap_or_default(), parameter(desk.head, "cursor").unwrap_or_default());
    let open = if all.is_empty() { "true" } else { "" };
    let found = match desk.get(&["alerts"], &[("open", open), ("cursor", &cursor)]).await {
        Ok(found) => found.body,
        Err(refused) => return desk.refused(&refused),
    };
    let content = html! {
        @if found.list("alerts").next().is_none() { p { "There is none on this page." } }
        @for alert in found.list("alerts") { (shown(desk, alert)) }
        (next(&found, PATH, &[("all", &all)]))
        p { @if all.is_empty() { a href="/auth/admin/alerts?all=yes" { "Show those that were looked into, too" } } @else { a href=(PATH) { "Show those that are open" } } }
    };
    desk.page("Alerts", problem, content)
}

fn shown(desk: &Desk<'_>, alert: &Value) -> Markup {
    let id = text(alert, "id");
    html! {
        section aria-labelledby={ "alert-" (id) } {
            h2 id={ "alert-" (id) } { (text(alert, "rule")) ", " (moment(alert, "at")) }
            p { (text(alert, "reason")) "." }
            p {
                @if text(alert, "name").is_empty() { "Nobody who is known" } @else { (text(alert, "name")) }
                @if !text(alert, "address").is_empty() { ", from " (text(alert, "address")) }
                @if !text(alert, "patient").is_empty() { ", about " code { (text(alert, "patient")) } }
                "."
                @if desk.may("users-read") && !text(alert, "user").is_empty() { " " a href={ "/auth/admin/users/" (text(alert, "user")) } { "The account" } }
            }
            @match alert.get("acknowledged") {
                Some(done) => p { "Looked into by " (text(done, "name")) ", " (moment(done, "at")) ": " (text(done, "note")) },
                None if desk.may("alerts-write") => (desk.form(PATH, ("acknowledge", "It was looked into"), html! {
                    input type="hidden" name="alert" value=(id);
                    div.field {
                        label for={ "note-" (id) } { "What came of it" }
                        textarea id={ "note-" (id) } name="note" rows="2" minlength="3" maxlength="500" required {}
                    }
                })),
                None => {}
            }
        }
    }
}

/// What came of one.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match desk::form(&accounts, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let desk = match desk::at(&accounts, &sent.head, &["alerts-write"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let note = object! { "note": sent.text("note") };
    match desk.act("POST", &["alerts", sent.text("alert"), "acknowledgement"], Some(note), None).await {
        Ok(_) => to(PATH),
        Err(refused) => page(&desk, Some(&refused)).await,
    }
}
