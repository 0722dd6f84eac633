//! The tests of this crate, by subject.

mod base;
mod bundle;
mod differentials;
mod hostile;
mod logical;
mod measure;
mod packages;
mod questionnaire;
mod snapshots;
mod suite;
mod synthea;
mod verdicts;
mod walk;
