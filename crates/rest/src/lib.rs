//! HTTP for those who build on Ward: the FHIR endpoint, health and metrics.
//!
//! A request comes in through [`serve`], is routed by [`app()`], which reads its routes from `interaction::table`, and is
//! answered by a handler in `handlers`, one file per interaction, which reads what it needs from HTTP, calls the
//! interaction and says what HTTP should say. `answer` turns that into the format that was asked for.
//!
//! This crate knows no store, no search syntax and no rule of FHIR beyond its HTTP: those are behind the interactions.

mod admission;
mod answer;
mod app;
mod body;
pub mod codes;
mod compression;
mod condition;
mod connection;
mod dispatch;
mod exchange;
mod failure;
mod handlers;
mod health;
mod http_date;
mod media_type;
mod memory;
pub mod metrics;
mod openapi;
mod pace;
mod preference;
mod refusal;
mod request_id;
mod server;
mod service;
mod settings;
mod target;

pub use app::{App, app, app_with};
pub use openapi::answers;
pub use server::serve;
pub use settings::Settings;
