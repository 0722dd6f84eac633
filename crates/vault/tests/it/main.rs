//! The integration tests of vault.

mod erasing;
mod files;
mod keks;
mod killing;
mod retention;
mod ring;
mod rotating;
mod sealing;
