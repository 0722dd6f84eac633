//! The store's contract: encodings, matching, and the reference engine under its own suite.

mod canaries;
mod clock;
mod encoding;
mod faulty;
mod histories;
mod likeness;
mod matching;
mod reference_engine;
