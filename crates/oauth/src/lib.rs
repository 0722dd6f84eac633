//! OAuth 2.1, OpenID Connect and SMART App Launch 2.2: what each endpoint answers, without HTTP.
//!
//! A [`Provider`] is the authorization server. Requests come in as [`Params`], answers are [`Reply`]s; each endpoint is a method in the file of its name:
//!
//! - [`authorize`]: a client asks a user; [`token`]: tokens for codes, refresh tokens, devices and services; [`device`]; [`revoke`]; [`introspect`]; [`userinfo`]; [`end_session`].
//! - [`discovery`]: the documents under `.well-known`; [`signing`]: the keys.
//! - [`client`]: clients, and how they prove that they are they; [`register`]: those that register themselves.
//! - [`launch`]: launches from the record system.
//! - [`jwt`]: JSON Web Tokens, as clients and providers outside sign them.
//! - [`bearer`]: from an access token to who presents it.
//! - [`codes`]: the issue numbers of this crate.
//!
//! What has ended is removed by [`identity::Directory::sweep`], on which nothing here depends: whoever reads a record looks whether it has ended.
//!
//! This crate knows no HTTP, no pages, no clock (it is handed one); records and accounts come from `identity`.

pub mod authorize;
pub mod bearer;
pub mod client;
pub mod codes;
pub mod device;
pub mod discovery;
pub mod end_session;
pub mod introspect;
pub mod jwt;
pub mod launch;
pub mod params;
pub mod refusal;
pub mod register;
pub mod reply;
pub mod revoke;
pub mod scopes;
pub mod settings;
pub mod signing;
pub mod site;
pub mod token;
pub mod userinfo;

mod approval;
mod choice;
mod code;
mod id_token;
mod pkce;
mod provider;

pub use choice::Earlier;
pub use client::authenticate::Request;
pub use client::{Client, GrantType, IdTokenAlg, Proof};
pub use params::Params;
pub use provider::Provider;
pub use refusal::{Fault, Refusal};
pub use reply::Reply;
pub use settings::Settings;
pub use site::Site;
