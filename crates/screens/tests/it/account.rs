//! The pages of accounts.

mod consent;
mod forgery;
mod launch;
mod links;
mod reading;
mod signing_in;
