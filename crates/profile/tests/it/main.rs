//! The tests of this crate, by subject.

mod packages;
mod snapshots;
mod suite;
mod synthea;
