//! The integration tests of identity.

mod account;
mod authenticator;
mod back_off;
mod breached;
mod canary;
mod chronicle;
mod device;
mod directory;
mod emergency;
mod factor;
mod first_start;
mod house;
mod import;
mod invitation;
mod outside;
mod passkey;
mod password;
mod races;
mod reset;
mod seen;
mod session;
mod sweeping;
mod telling;
mod tenants;
