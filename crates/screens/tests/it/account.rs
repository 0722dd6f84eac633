//! The pages of accounts.

mod break_glass;
mod consent;
mod forgery;
mod launch;
mod links;
mod outside;
mod reading;
mod signing_in;
