//! The issue numbers of this crate, 1200 to 1249. Each has one meaning, for ever.

/// A file or folder cannot be read or written.
pub const INPUT_OUTPUT: u16 = 1200;
/// The file is no concept table, or one of a format that this version does not read.
pub const NO_TABLE: u16 = 1201;
/// A concept table is damaged: what it holds is not what was written.
pub const DAMAGED: u16 = 1202;
/// A line or element of a code system's source breaks a rule of its format.
pub const MALFORMED: u16 = 1203;
/// A source or a table is larger or deeper than is allowed.
pub const LIMIT: u16 = 1204;
/// A file or folder is in none of the formats that can be loaded.
pub const UNRECOGNISED: u16 = 1205;
/// The hierarchy of a code system goes in a circle.
pub const CIRCLE: u16 = 1206;
/// An archive is damaged, is not what it says, or names files outside of itself.
pub const ARCHIVE: u16 = 1207;
/// A file that the format cannot do without is missing.
pub const FILE_MISSING: u16 = 1208;
/// Another process is writing concept tables into the same folder.
pub const BUSY: u16 = 1209;
