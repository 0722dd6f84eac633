//! The pages of accounts.

mod break_glass;
mod consent;
mod forgery;
mod houses;
mod launch;
mod links;
mod outside;
mod passkey;
mod reading;
mod signing_in;
