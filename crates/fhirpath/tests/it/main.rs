//! The engine's tests: one module for each thing it promises.

mod references;
mod search_parameters;
mod shared;
