//! The tests of this crate, by subject.

mod differentials;
mod hostile;
mod packages;
mod snapshots;
mod suite;
mod synthea;
mod walk;
