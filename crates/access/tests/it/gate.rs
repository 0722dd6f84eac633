//! The gate, method by method.

mod changes;
mod commit;
mod delete;
mod erase;
mod expectations;
mod fields;
mod history;
mod inside;
mod past;
mod race;
mod read;
mod search;
mod shelter;
mod touched;
mod world;
