//! The relying party, with a provider outside that is honest, or is not.

mod by_saml;
mod encrypted;
mod house;
mod linking;
mod openid;
mod provider;
mod refusals;
mod registry;
mod sign_out;

/// The provider that signs for the tests of `saml`.
#[path = "../../../saml/tests/it/signer.rs"]
#[allow(dead_code, reason = "the tests of `saml` use more of it")]
mod signer;
