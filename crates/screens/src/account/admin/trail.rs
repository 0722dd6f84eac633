//! `/auth/admin/trail`: what happened, by account, patient and period; and how far that is proven.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use fhir::Value;
use http::StatusCode;
use maud::{Markup, html};

use super::super::form::parameter;
use super::super::{Accounts, Power, trouble};
use super::desk;
use super::drawn::{line, moment, next, text};
use crate::layout;

const PATH: &str = "/auth/admin/trail";

/// The form, and what happened.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let desk = match desk::signed(&accounts, &head).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    if !accounts.powers.has(&desk.signed.token, accounts.requests.tenant(&head), Power::Review).await {
        return trouble::told(StatusCode::FORBIDDEN, "This is for auditors", "Your roles do not let you search the audit trail.");
    }
    let given = |name: &str| parameter(&head, name).unwrap_or_default();
    let (user, patient, from, until, action, cursor) =
        (given("user"), given("patient"), given("from"), given("until"), given("action"), given("cursor"));
    let asked = [("user", user.as_str()), ("patient", &patient), ("from", &from), ("until", &until), ("action", &action)];
    let with_cursor: Vec<(&str, &str)> = asked.into_iter().chain([("cursor", cursor.as_str())]).collect();
    let found = desk.get(&["audit", "report"], &with_cursor).await;
    let proven = desk.get(&["audit", "checkpoint"], &[]).await;
    let content = html! {
        (proof(proven.as_ref().ok().map(|proven| &proven.body)))
        form method="get" action=(PATH) role="search" {
            (line("user", "Account", &user, "Its id, as its page has it in the address."))
            (line("patient", "Patient", &patient, "The id of the patient."))
            (line("from", "From", &from, "A day such as 2026-01-31, or a moment such as 2026-01-31T08:00:00Z."))
            (line("until", "Until, and not with it", &until, ""))
            (line("action", "What was done", &action, "read, create, update, delete, search-type, 110122 (a sign-in), denied."))
            button type="submit" { "Search" }
        }
        @if let Ok(found) = &found {
            (listed(&found.body))
            (next(&found.body, PATH, &asked))
        }
    };
    desk.page("Audit trail", found.as_ref().err(), content)
}

fn proof(last: Option<&Value>) -> Markup {
    let number = |last: &Value, name: &str| last.get(name).and_then(Value::as_number).unwrap_or("0").to_owned();
    html! {
        @match last {
            Some(last) => p { "Checkpoint " (number(last, "number")) " proves the first " (number(last, "events")) " events; it was signed " (moment(last, "at")) ". Its root: " code { (text(last, "root")) } },
            None => p { "No checkpoint was signed yet." },
        }
    }
}

fn listed(page: &Value) -> Markup {
    let rows = html! {
        @for row in page.list("rows") {
            tr {
                td { (text(row, "at")) }
                td { (text(row, "name")) @if text(row, "name").is_empty() { (text(row, "user")) } }
                td { (text(row, "action")) @if text(row, "outcome") != "0" { " (not done)" } }
                td { (text(row, "patient")) }
                td { (text(row, "resource")) }
                td { (text(row, "address")) }
                td { (text(row, "purpose")) }
            }
        }
    };
    layout::table("What happened", &["When", "Who", "What", "Patient", "Resource", "From", "What for"], rows)
}
