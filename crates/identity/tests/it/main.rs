//! The integration tests of identity.

mod directory;
mod seen;
