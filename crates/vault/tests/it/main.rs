//! The integration tests of vault.

mod copies;
mod erasing;
mod files;
mod keks;
mod killing;
mod overview;
mod retention;
mod ring;
mod rotating;
mod sealing;
