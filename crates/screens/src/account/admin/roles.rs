//! `/auth/admin/roles`: roles and policies, and who has them.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use fhir::{Value, json};
use maud::html;

use super::super::Accounts;
use super::desk::{self, Desk};
use super::drawn::text;
use crate::layout;

/// The names of roles and policies, for whoever may see them; none for others.
pub(super) async fn names(desk: &Desk<'_>) -> Vec<String> {
    if !desk.may("roles-read") {
        return Vec::new();
    }
    let found = desk.get(&["roles"], &[]).await;
    found.map(|found| found.body.list("roles").map(|role| text(role, "name").to_owned()).collect()).unwrap_or_default()
}

/// All of them.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let desk = match desk::at(&accounts, &head, &["roles-read"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let found = match desk.get(&["roles"], &[]).await {
        Ok(found) => found.body,
        Err(refused) => return desk.refused(&refused),
    };
    let is = |role: &Value, name: &str| role.get(name).and_then(Value::as_bool).unwrap_or(false);
    let rows = html! {
        @for role in found.list("roles") {
            @let name = text(role, "name");
            tr {
                td { a href={ "/auth/admin/roles/" (name) } { (name) } }
                td { (text(role, "description")) }
                td { @if is(role, "own") { "your own" @if is(role, "brought") { ", in place of Ward's" } } @else { "Ward's" } }
                td { @if desk.may("users-read") { a href=(oauth::params::append("/auth/admin/users", &[("role", name)])) { "Who has " (name) } } }
            }
        }
    };
    desk.page("Roles and policies", None, layout::table("Roles and policies", &["Name", "What it is", "Whose", "Accounts"], rows))
}

/// One, as it was written.
pub(super) async fn show_one(State(accounts): State<Arc<Accounts>>, Path(name): Path<String>, request: Request) -> Response {
    let head = request.into_parts().0;
    let desk = match desk::at(&accounts, &head, &["roles-read"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let found = match desk.get(&["roles", &name], &[]).await {
        Ok(found) => found.body,
        Err(refused) => return desk.refused(&refused),
    };
    let content = html! {
        p { (text(&found, "description")) }
        @if desk.may("users-read") { p { a href=(oauth::params::append("/auth/admin/users", &[("role", &name)])) { "Who has it" } } }
        h2 { "Its rules" }
        pre tabindex="0" { code { (json::pretty(&found)) } }
        p { a href="/auth/admin/roles" { "All roles and policies" } }
    };
    desk.page(&format!("Role {name}"), None, content)
}
