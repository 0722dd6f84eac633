//! The issue numbers of this crate, 1480 to 1499. Each has one meaning, for ever.

/// What was sealed does not open with the key that it names.
pub const SEAL_BROKEN: u16 = 1480;
/// It was sealed with a key that is not here.
pub const UNKNOWN_KEY: u16 = 1481;
/// It was sealed with a key that was destroyed: what was sealed with it is erased.
pub const DESTROYED: u16 = 1482;
/// A legal hold keeps a key from being destroyed.
pub const HELD: u16 = 1483;
/// What a key seals has to be kept for some time yet.
pub const RETAINED: u16 = 1484;
/// The key-encryption key does not have a version, or refuses.
pub const KEK_REFUSED: u16 = 1485;
/// A version of a key cannot be retired while something needs it.
pub const VERSION_IN_USE: u16 = 1486;
/// The file of keys, or the list of erasures, cannot be read or written, or is damaged.
pub const RECORDS: u16 = 1487;
/// The list of erasures is older than the keys: keys that were destroyed might live again.
pub const ERASURES_BEHIND: u16 = 1488;
/// The text of a key-encryption key cannot be read.
pub const BAD_KEK: u16 = 1489;
/// A field of what is to be sealed or kept is longer than allowed.
pub const TOO_LONG: u16 = 1490;
