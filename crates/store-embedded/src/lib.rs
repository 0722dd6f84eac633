//! The embedded engine: SQLite for the truth, a log-structured key-value index for searching it, one writer for both.
//!
//! - `truth`: the SQLite file. Everything that must not be lost is in it, and nothing else is in a backup.
//! - `index`: derived from the truth, and made anew from it when it is lost or not of it.
//! - `writer`: one thread, which takes all commits that wait as one group.
//! - `indexer`: the thread that indexes what is there by parameters that come in later.
//! - `search`: how a filter is read from the index.
//! - `engine`: opens and closes all that, and is the [`store::Store`].
//!
//! This crate knows no FHIRPath and no search syntax: entries come with each commit, and are derived again by the
//! [`store::contract::Extract`] given at opening.

mod backup;
mod engine;
mod error;
pub mod folder;
mod history;
mod index;
mod indexer;
mod options;
mod samples;
mod search;
mod shared;
mod stats;
mod truth;
mod writer;

pub use backup::copy::backup;
pub use backup::moments::{Span, moments};
pub use backup::restore::{Restored, restore, restore_unverified};
pub use backup::shipping::BackupState;
pub use backup::until::Until;
pub use engine::{Embedded, Held, hold, is_held};
pub use error::{Result, StoreError};
pub use index::check::IndexReport;
pub use options::{ClockBounds, Continuous, OnFatal, OnProgress, Options, Progress};
pub use stats::Stats;
pub use truth::FILE as FILE_NAME;
pub use truth::bodies::BodySeal;
pub use truth::erased_keys::Sealing;
pub use truth::resealing::Resealed;
