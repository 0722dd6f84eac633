//! The tests of this crate, by subject.

mod base;
mod bundle;
mod questionnaire;
mod random;
mod verdicts;
