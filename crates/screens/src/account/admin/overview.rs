//! `/auth/admin`: what somebody may look after.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use maud::html;

use super::super::{Accounts, Power};
use super::desk;

/// The pages, each with the permission that it needs.
const PAGES: [(&str, &str, &str); 8] = [
    ("/auth/admin/users", "Accounts", "users-read"),
    ("/auth/admin/invite", "Invite somebody", "users-write"),
    ("/auth/admin/clients", "Apps and services", "clients-read"),
    ("/auth/admin/keys", "API keys", "keys-read"),
    ("/auth/admin/roles", "Roles and policies", "roles-read"),
    ("/auth/admin/explain", "Why somebody may do something", "explain"),
    ("/auth/admin/alerts", "Alerts", "alerts-read"),
    ("/auth/admin/tenants", "Houses on this server", "tenants-read"),
];

/// Links to what there is for the visitor.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let desk = match desk::at(&accounts, &head, &[]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let reviews = accounts.powers.has(&desk.signed.token, accounts.requests.tenant(&head), Power::Review).await;
    desk.page(
        "Administration",
        None,
        html! {
            nav aria-label="Administration" {
                ul {
                    @for (path, name, permission) in PAGES { @if desk.may(permission) { li { a href=(path) { (name) } } } }
                    @if reviews {
                        li { a href="/auth/admin/trail" { "Audit trail" } }
                        li { a href="/auth/reviews" { "Emergency access to review" } }
                    }
                }
            }
        },
    )
}
