//! The pages of accounts.

mod break_glass;
mod consent;
mod forgery;
mod links;
mod reading;
mod signing_in;
