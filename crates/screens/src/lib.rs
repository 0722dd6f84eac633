//! Pages for people: HTML rendered by the server, with a style of its own, and no script but one for passkeys.
//!
//! The pages of accounts are below `/auth`: signing in, second factors, sessions, and what apps are allowed. Those for whoever builds on Ward are below
//! `/developer`: `/developer/api` says what the server is and how to call it, from the tables
//! that route, check and answer; `/developer/api/Patient` says the same of one type; `/developer/errors` what each error means.
//!
//! This crate knows no store and no format of resources on the wire; what a page tells it reads from `interaction` and the definitions.

mod account;
mod answer;
mod developer;
mod layout;
mod site;

pub use account::{
    Accounts, Answering, Brand, Chart, Charts, Counter, Done, Encountered, Encounters, Found, House, Power, Powers, Refused, Requests,
    Wanted, accounts,
};
pub use axum::Router;
pub use site::{BaseUrl, Limits, Site, site};
