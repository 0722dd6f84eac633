//! The engine's tests: one module for each thing it promises.

mod hostile;
mod invariants;
mod javascript_suite;
mod known_failures;
mod language;
mod official_suite;
mod random;
mod references;
mod search_parameters;
mod shared;
