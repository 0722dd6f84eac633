//! SAML: what is accepted of a provider, and what is not.

mod answers;
mod canonical;
mod encrypted;
mod logout;
mod metadata;
mod reading;
mod signer;
mod wrapping;
