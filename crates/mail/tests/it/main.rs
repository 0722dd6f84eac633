//! The integration tests of mail.

mod delivering;
mod failing;
mod folder;
mod letter;
mod relay;
mod server;
mod trusting;
