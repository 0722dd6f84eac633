//! HTTP for those who build on Ward: the FHIR endpoint, health and metrics.
//!
//! A request comes in through [`serve`], is routed by [`app()`], which reads its routes from `interaction::table`, and is
//! answered by a handler in `handlers`, one file per interaction, which reads what it needs from HTTP, calls the
//! interaction and says what HTTP should say. `answer` turns that into the format that was asked for.
//!
//! First of all `tenancy` finds out whose data a request is about. Before the routes stands `front`, when the settings or a [`caller::Doorkeeper`] ask for it: who calls, from where and how often, and which other
//! sites may read the answers. [`tls`] is what the server is known by. [`outgoing`] is the one way from
//! the server to others.
//!
//! This crate knows no store, no search syntax and no rule of FHIR beyond its HTTP: those are behind the interactions.

mod administration;
mod admission;
mod answer;
mod app;
mod authorization;
mod body;
pub mod caller;
mod charts;
pub mod codes;
mod compression;
mod condition;
mod connection;
mod dispatch;
mod encounters;
mod exchange;
mod failure;
mod front;
mod handlers;
mod health;
mod http_date;
mod media_type;
mod memory;
pub mod metrics;
mod openapi;
pub mod outgoing;
mod pace;
mod preference;
mod rate;
mod refusal;
mod request_id;
mod server;
mod service;
mod settings;
mod target;
mod tenancy;
pub mod tls;
mod trail;

pub use administration::{administer, administration};
pub use app::{App, app, app_with, app_with_all};
pub use authorization::authorization;
pub use charts::Patient;
pub use encounters::{Encounter, Encounters};
pub use front::{SESSION_COOKIE, SESSION_COOKIE_PLAIN};
pub use openapi::answers;
pub use rate::{BadQuota, Quota, Rates};
pub use server::{serve, serve_tls};
pub use settings::Settings;
pub use trail::Trail;
