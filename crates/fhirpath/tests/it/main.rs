//! The engine's tests: one module for each thing it promises.

mod examples;
mod hostile;
mod invariants;
mod javascript_suite;
mod language;
mod official_suite;
mod random;
mod references;
mod search_parameters;
