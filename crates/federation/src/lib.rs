//! Signing in with an account elsewhere: OpenID Connect and SAML providers of a tenant, and who of their people is whom here.
//!
//! A [`Federation`] is the relying party. Each act is a method in the file of its name:
//!
//! - [`provider`]: what is known of a provider; [`registry`]: providers made, listed and removed.
//! - [`departure`]: somebody is sent to a provider; [`arrival`]: they come back, and are signed in or linked.
//! - [`openid`]: what is asked of an OpenID provider, and how its answer is judged.
//! - [`by_saml`]: the same of a SAML provider, signing out at it and by it, and this server's keys towards it; the crate `saml` judges its messages.
//! - [`ask`]: the way to other servers, which is handed in.
//! - [`error`], [`codes`]: why somebody was not signed in, and the issue numbers of this crate.
//!
//! This crate knows no HTTP, no pages and no clock (that of `identity` is asked); accounts, links and sessions are `identity`'s.

pub mod arrival;
pub mod ask;
pub mod by_saml;
pub mod codes;
pub mod departure;
pub mod error;
pub mod openid;
pub mod provider;
pub mod registry;

mod federation;
mod pending;

pub use arrival::Arrival;
pub use departure::{Departure, Farewell, Purpose};
pub use error::FederationError;
pub use federation::Federation;
pub use provider::OutsideProvider;
