//! Pages for people: HTML rendered by the server, with a style of its own and no script.
//!
//! So far these are the pages for whoever builds on Ward: `/developer/api` says what the server is and how to call it, from the tables
//! that route, check and answer; `/developer/api/Patient` says the same of one type; `/developer/errors` what each error means.
//!
//! This crate knows no store and no format of resources on the wire; what a page tells it reads from `interaction` and the definitions.

mod answer;
mod developer;
mod layout;
mod site;

pub use axum::Router;
pub use site::{BaseUrl, Limits, Site, site};
