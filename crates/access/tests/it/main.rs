//! The integration tests of access.

mod random;
mod scope;
