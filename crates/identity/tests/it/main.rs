//! The integration tests of identity.

mod account;
mod authenticator;
mod back_off;
mod directory;
mod factor;
mod first_start;
mod house;
mod invitation;
mod password;
mod races;
mod reset;
mod seen;
mod session;
