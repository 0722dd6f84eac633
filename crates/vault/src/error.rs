//! Why something was not sealed, opened or done to a key. No variant holds a key, or any of what was sealed.

use std::fmt;

use crate::codes;

/// Why the vault did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// It does not open: it was altered, it is cut off, or it was sealed for another place.
    SealBroken,
    /// The key that it names is not here.
    UnknownKey,
    /// The key was destroyed: what it sealed is erased.
    Destroyed,
    /// A legal hold keeps the key: how many do.
    Held(usize),
    /// The content has to be kept until then: in milliseconds since 1970.
    Retained {
        /// The first moment at which it may be erased.
        until_ms: i64,
    },
    /// The key-encryption key has no such version, or whoever holds it refuses: what it says.
    KekRefused(String),
    /// Something is still sealed or wrapped with a version that was to be retired.
    VersionInUse {
        /// The version that was to be the lowest.
        minimum: u32,
        /// The lowest version that is in use.
        lowest: u32,
    },
    /// The records of keys failed: which file, and what is wrong.
    Records(String),
    /// The list of erasures has fewer lines than the keys have seen.
    ErasuresBehind {
        /// How many it has.
        found: u64,
        /// How many the keys have seen.
        known: u64,
    },
    /// The text of a key-encryption key cannot be read: which line, and why.
    BadKek(String),
    /// A part of a context, a name or a record is longer than allowed: which.
    TooLong(&'static str),
}

impl VaultError {
    /// Its number among those of [`codes`].
    pub fn code(&self) -> u16 {
        match self {
            VaultError::SealBroken => codes::SEAL_BROKEN,
            VaultError::UnknownKey => codes::UNKNOWN_KEY,
            VaultError::Destroyed => codes::DESTROYED,
            VaultError::Held(_) => codes::HELD,
            VaultError::Retained { .. } => codes::RETAINED,
            VaultError::KekRefused(_) => codes::KEK_REFUSED,
            VaultError::VersionInUse { .. } => codes::VERSION_IN_USE,
            VaultError::Records(_) => codes::RECORDS,
            VaultError::ErasuresBehind { .. } => codes::ERASURES_BEHIND,
            VaultError::BadKek(_) => codes::BAD_KEK,
            VaultError::TooLong(_) => codes::TOO_LONG,
        }
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VaultError::SealBroken => {
                f.write_str("what was sealed does not open: it was altered, or sealed for another place; restore a backup of it")
            }
            VaultError::UnknownKey => {
                f.write_str("it was sealed with a key that is not here: put back the file of keys that belongs to the data")
            }
            VaultError::Destroyed => f.write_str("its key was destroyed: the content is erased for good"),
            VaultError::Held(count) => write!(f, "{count} legal holds keep the key: release them before the content is erased"),
            VaultError::Retained { until_ms } => {
                write!(f, "the content has to be kept until {until_ms} ms after 1970: erase it then, or say that a law demands it now")
            }
            VaultError::KekRefused(what) => write!(f, "the key-encryption key refuses: {what}"),
            VaultError::VersionInUse { minimum, lowest } => {
                write!(f, "version {lowest} is in use, so that {minimum} cannot be the lowest: wrap again what needs it, then ask again")
            }
            VaultError::Records(what) => write!(f, "the records of keys failed: {what}"),
            VaultError::ErasuresBehind { found, known } => write!(
                f,
                "the list of erasures has {found} lines, and the keys have seen {known}: put the newest list there, so that nothing erased comes back"
            ),
            VaultError::BadKek(what) => write!(f, "the key-encryption key cannot be read: {what}"),
            VaultError::TooLong(which) => write!(f, "{which} is longer than is allowed"),
        }
    }
}

impl std::error::Error for VaultError {}

/// What comes back from the vault.
pub type Result<T> = std::result::Result<T, VaultError>;
