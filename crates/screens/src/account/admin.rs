//! `/auth/admin`: accounts, apps, API keys and roles, for whoever administers them.
//!
//! The pages ask what `/api/v1` answers, by the same [`Counter`]: what may be done, and what is told of it, is decided there and nowhere here. A page shows what its visitor may
//! do, and nothing is changed but by a form, in a session in which a second factor was shown a moment ago ([`desk`]).

mod alerts;
mod clients;
mod counter;
mod desk;
mod drawn;
mod explain;
mod inviting;
mod keys;
mod overview;
mod proof;
mod rights;
mod roles;
mod tenants;
mod trail;
mod user;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::Accounts;

pub use counter::{Answering, Counter, Done, Refused, Wanted};

/// The page from which one gets to all of them.
pub(super) const HOME: &str = "/auth/admin";

/// The routes.
pub(super) fn routes() -> Router<Arc<Accounts>> {
    Router::new()
        .route("/auth/admin", get(overview::show))
        .route("/auth/admin/proof", post(proof::sent))
        .route("/auth/admin/users", get(users::show))
        .route("/auth/admin/invite", get(inviting::show).post(inviting::sent))
        .route("/auth/admin/users/{id}", get(user::show).post(user::sent))
        .route("/auth/admin/clients", get(clients::show).post(clients::sent))
        .route("/auth/admin/clients/{id}", get(clients::show_one).post(clients::sent_one))
        .route("/auth/admin/keys", get(keys::show).post(keys::sent))
        .route("/auth/admin/roles", get(roles::show))
        .route("/auth/admin/roles/{name}", get(roles::show_one))
        .route("/auth/admin/alerts", get(alerts::show).post(alerts::sent))
        .route("/auth/admin/trail", get(trail::show))
        .route("/auth/admin/tenants", get(tenants::show).post(tenants::sent))
        .route("/auth/admin/tenants/{name}", get(tenants::show_one).post(tenants::sent_one))
        .route("/auth/admin/explain", get(explain::show))
}
