//! The pages of accounts.

mod consent;
mod forgery;
mod links;
mod reading;
mod signing_in;
