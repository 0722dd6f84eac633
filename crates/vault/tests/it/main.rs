//! The integration tests of vault.
