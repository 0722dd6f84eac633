//! What only tests ask for: a protection less, or that something happens early.

use std::sync::Arc;

use clap::Args;
use store_embedded::Options;

/// Flags of `serve` that no help names.
#[derive(Clone, Debug, Default, Args)]
pub struct ForTests {
    /// Answers before commits are on the disk: for the test that must fail then.
    #[arg(long, hide = true)]
    pub without_sync: bool,
    /// Goes on when the database cannot be written or synced: for the test that must fail then.
    #[arg(long, hide = true)]
    pub outlive_errors: bool,
    /// Writes the log of the database back after so many pages.
    #[arg(long, hide = true)]
    pub checkpoint_pages: Option<u32>,
    /// Writes a part of the index to disk once it has so many bytes in memory.
    #[arg(long, hide = true)]
    pub index_part_bytes: Option<u64>,
}

impl ForTests {
    /// The options of a store, with what was asked for.
    pub fn applied_to(&self, options: Options) -> Options {
        Options {
            sync: !self.without_sync,
            checkpoint_pages: self.checkpoint_pages.unwrap_or(options.checkpoint_pages),
            index_part_bytes: self.index_part_bytes.unwrap_or(options.index_part_bytes),
            on_fatal: if self.outlive_errors { Arc::new(|_| {}) } else { options.on_fatal },
            ..options
        }
    }
}
