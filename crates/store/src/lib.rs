//! The store's contract: what every engine promises, and a simple in-memory engine to compare them with.
//!
//! - [`commit`]: the one way in. A commit is data, applied whole or not at all.
//! - [`entry`]: the index entries of a resource, as `search` extracts them.
//! - [`query`]: a search as a typed plan, and what it answers.
//! - [`mod@matches`]: what a filter means, stated once over entries; every engine agrees with it.
//! - [`encoding`]: entries as bytes whose order is the order of the values, for engines with ordered keys.
//! - [`feed`]: the change feed, followed from now on.
//! - [`layer`]: a store before another one.
//! - [`as_of`]: a store as it was at a moment.
//! - [`owners`]: whom a resource belongs to.
//! - [`secrecy`]: which entries tell who somebody is.
//! - [`clock`]: the time of a process.
//! - [`memory`]: the reference engine.
//! - [`suite`]: the cases that every engine passes.
//!
//! This crate knows no SQL, no HTTP, no search syntax and no FHIRPath: entries and filters come in ready made.

pub mod as_of;
pub mod clock;
pub mod commit;
pub mod contract;
pub mod encoding;
pub mod entry;
pub mod feed;
pub mod layer;
pub mod matches;
pub mod memory;
pub mod owners;
pub mod query;
pub mod secrecy;
pub mod suite;

pub use commit::{Commit, CommitError, Committed, Conflict};
pub use contract::{ReadError, Store};
pub use layer::Layer;
