//! The disk under SQLite, tested with databases of its own.

mod logs;
mod pages;
mod place;
mod sealing;
