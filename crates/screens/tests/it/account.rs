//! The pages of accounts.

mod consent;
mod forgery;
mod houses;
mod links;
mod outside;
mod reading;
mod signing_in;
