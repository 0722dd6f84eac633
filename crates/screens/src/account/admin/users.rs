//! `/auth/admin/users`: accounts, searched.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use fhir::Value;
use maud::{Markup, html};

use super::super::Accounts;
use super::super::form::parameter;
use super::desk;
use super::drawn::{choice, line, moment, next, roles, text};
use crate::layout;

const STATUS: [(&str, &str); 4] = [("", "any"), ("invited", "invited"), ("active", "active"), ("suspended", "suspended")];

/// The accounts that fit what is asked for.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let desk = match desk::at(&accounts, &head, &["users-read"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let given = |name: &str| parameter(&head, name).unwrap_or_default();
    let (words, status, role, cursor) = (given("text"), given("status"), given("role"), given("cursor"));
    let filters = [("text", words.as_str()), ("status", &status), ("role", &role)];
    let found = desk.get(&["users"], &[filters[0], filters[1], filters[2], ("cursor", &cursor)]).await;
    let content = html! {
        form method="get" action="/auth/admin/users" role="search" {
            (line("text", "Part of the login, name or address", &words, ""))
            (choice("status", "Status", &status, &STATUS))
            (line("role", "Role or policy", &role, "Its name, such as physician."))
            button type="submit" { "Search" }
        }
        @if desk.may("users-write") { p { a href="/auth/admin/invite" { "Invite somebody" } } }
        @if let Ok(found) = &found {
            (listed(&found.body))
            (next(&found.body, "/auth/admin/users", &filters))
        }
    };
    desk.page("Accounts", found.as_ref().err(), content)
}

fn listed(page: &Value) -> Markup {
    if page.list("users").next().is_none() {
        return html! { p { "No account on this page fits." } };
    }
    let rows = html! {
        @for user in page.list("users") {
            tr {
                td { a href={ "/auth/admin/users/" (text(user, "id")) } { (text(user, "login")) } }
                td { (text(user, "name")) }
                td { (text(user, "status")) }
                td { @if let Some(part) = user.get("membership") { (roles(part)) } }
                td { (moment(user, "lastSignIn")) }
            }
        }
    };
    layout::table("Accounts", &["Login", "Name", "Status", "Roles", "Last sign-in"], rows)
}
