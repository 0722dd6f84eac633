//! The issue numbers of this crate, 1450 to 1479. Each has one meaning, for ever.

/// The audit trail was altered.
pub const ALTERED: u16 = 1450;
/// There is no room for the audit trail of reads: they are refused until there is.
pub const JOURNAL_FULL: u16 = 1451;
/// The audit trail of reads cannot be written: reads are refused until the server is started again.
pub const JOURNAL_FAILED: u16 = 1452;
/// More is being read than the audit trail of reads takes at the moment.
pub const JOURNAL_BUSY: u16 = 1453;
/// A file of the audit trail cannot be understood.
pub const DAMAGED_FILE: u16 = 1454;
