//! The integration tests of identity.

mod authenticator;
mod directory;
mod house;
mod seen;
