//! The integration tests of access.
