//! HTTP for those who build on Ward: the FHIR endpoint, health and metrics.
//!
//! A request comes in through [`serve`], is routed by [`app()`], which reads its routes from `interaction::table`, and is
//! answered by a handler in `handlers`, one file per interaction, which reads what it needs from HTTP, calls the
//! interaction and says what HTTP should say. `answer` turns that into the format that was asked for.
//!
//! This crate knows no store, no search syntax and no rule of FHIR beyond its HTTP: those are behind the interactions.

mod answer;
mod app;
mod body;
pub mod codes;
mod compression;
mod condition;
mod dispatch;
mod exchange;
mod failure;
mod handlers;
mod health;
mod http_date;
mod media_type;
pub mod metrics;
mod openapi;
mod preference;
mod request_id;
mod server;
mod service;
mod settings;
mod target;

pub use app::{App, app};
pub use openapi::answers;
pub use server::serve;
pub use settings::Settings;
