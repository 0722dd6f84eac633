//! The integration tests of audit.
