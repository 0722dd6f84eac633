//! The integration tests of oauth.
