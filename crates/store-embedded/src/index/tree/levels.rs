//! What of the tree is merged, and how much at a time.
//!
//! | level | what is there | how it gets there |
//! |---|---|---|
//! | first | parts as they came from memory, each over all keys | written by a flush |
//! | second | files that follow each other by their keys, as many bytes as [`PARTS`] files have | all parts of the first are merged with all of it |
//! | each lower one | the same, [`RATIO`] times as many bytes as the one above | files that overlap least are merged with those they overlap |

use lsm_tree::compaction::Leveled;

/// How many parts are merged into the second level at once. The more, the less often that level is written anew, and the more parts a read looks
/// into: with four, half as much again was written.
const PARTS: u8 = 8;

/// How many times the bytes of the level above a level may have.
const RATIO: f32 = 10.0;

/// How many bytes a file has. It is the same under a server and under an import, although the parts of an import are larger: else the one would
/// find the second level of the other too large, and merge all of it with what is below.
const FILE_BYTES: u64 = 16 << 20;

/// More parts than there ever are, and the most that can be named.
const NEVER: u8 = u8::MAX;

/// Whichever level needs it most.
pub(super) fn all() -> Leveled {
    Leveled::default().with_table_target_size(FILE_BYTES).with_l0_threshold(PARTS).with_level_ratio_policy(vec![RATIO])
}

/// The levels below the second, while that is written anew and nothing else may touch it: the levels above are never found to be full, the others as by
/// [`all`].
pub(super) fn lower() -> Leveled {
    let third = f32::from(PARTS) * RATIO / f32::from(NEVER);
    Leveled::default().with_table_target_size(FILE_BYTES).with_l0_threshold(NEVER).with_level_ratio_policy(vec![third, RATIO])
}
