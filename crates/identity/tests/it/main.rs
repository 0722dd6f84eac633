//! The integration tests of identity.

mod directory;
