//! The tests of the room, one module for each of its features.

mod calculating;
mod common_units;
mod converting;
mod grammar;
mod hostile;
mod official_suite;
