//! The engine's tests: one module for each thing it promises.

mod engines;
mod examples;
mod hostile;
mod invariants;
mod javascript_suite;
mod language;
mod making;
mod official_suite;
mod profiles;
mod random;
mod references;
mod sameness;
mod search_parameters;
mod weights;
