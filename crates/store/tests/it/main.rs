//! The store's contract: encodings, matching, and the reference engine under its own suite.

mod encoding;
mod matching;
mod reference_engine;
