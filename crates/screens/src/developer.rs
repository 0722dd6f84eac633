//! The pages for whoever builds on Ward.

mod errors;
mod example;
mod limits;
mod overview;
mod resource;
mod routes;
mod searching;

pub(crate) use errors::errors;
pub(crate) use overview::overview;
pub(crate) use resource::{no_such_type, of_type};
