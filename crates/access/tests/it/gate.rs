//! The gate, method by method.

mod read;
mod search;
