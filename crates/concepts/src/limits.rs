//! What is bounded, and by how much.

/// Concepts of one code system: their numbers have 32 bits, and some are kept free.
pub const MAX_CONCEPTS: usize = 1 << 28;

/// Bytes of a code.
pub const MAX_CODE_BYTES: usize = 1024;

/// Bytes of a text: a display, a designation or the value of a property.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// Kinds of property, languages, and uses of designations that one code system may have: each.
pub const MAX_NAMES: usize = 1 << 15;

/// Ranges that say who is below whom. A tree needs one for each concept; a hierarchy that needs more than this is too tangled.
pub const MAX_RANGES: usize = 1 << 24;

/// Bytes of one line of a source.
pub const MAX_LINE_BYTES: usize = 4 << 20;

/// Bytes that a source may unpack to.
pub const MAX_UNPACKED_BYTES: u64 = 64 << 30;

/// How much larger a packed file may be when unpacked, beyond the first [`PACKED_GRACE_BYTES`].
pub const MAX_UNPACKED_RATIO: u64 = 200;

/// Up to this size a packed file may be of any ratio.
pub const PACKED_GRACE_BYTES: u64 = 16 << 20;

/// Files of one source, and folders below folders.
pub const MAX_FILES: usize = 10_000;

/// Folders below folders in a source.
pub const MAX_FOLDER_DEPTH: usize = 12;

/// Words of a search that count; more are not looked at.
pub const MAX_QUERY_WORDS: usize = 16;

/// Bytes that sorting keeps in memory before it goes to disk.
pub const SORT_BUDGET_BYTES: usize = 48 << 20;
