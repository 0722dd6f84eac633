//! The integration tests of deidentify.

mod every_type;
mod examples;
mod harbor;
