//! Attacks on the server over HTTP, a file for each class: what has gone wrong with others, tried here, and nothing of it accepted.
//!
//! The table of classes and tests, `docs/security/attacks.md`, is made of the first line of each file.

pub mod browser;
mod elsewhere;
pub mod house;
mod page;

mod assertions;
mod authorship;
mod canaries;
mod emergency;
pub mod factors;
mod federated;
mod fetched;
mod files;
mod forgery;
mod guessing;
mod hidden;
mod inside;
mod leaving;
mod markup;
mod narrowed;
mod origins;
mod outgoing;
mod parsers;
mod pkce;
mod pollution;
mod records;
mod redirects;
mod replays;
mod scopes;
mod sessions;
mod tenants;
mod wire;

/// The provider that signs for the tests of `saml`.
#[path = "../../../saml/tests/it/signer.rs"]
#[allow(dead_code, reason = "the tests of `saml` use more of it")]
mod signer;
