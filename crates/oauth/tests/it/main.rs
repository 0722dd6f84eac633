//! The integration tests of oauth.

mod house;

mod authorize;
