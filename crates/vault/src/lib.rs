//! Keys and what is sealed with them.
//!
//! - [`Sealer`]: seals bytes for a place ([`Context`]), opens them there, and hashes values under a key. [`OneKey`] is the simplest.
//! - [`Keyring`]: all keys of an installation, a [`Sealer`] with the keys of tenants; rotation, legal holds, erasure by destroying a key.
//! - [`Kek`]: what wraps them; [`LocalKek`] is in a file or an environment variable, [`FileKek`] in a file that is read again.
//! - [`Records`], [`Erasures`]: where they are kept, and the list of what was erased; [`KeyFile`] and [`ErasureFile`] are files, and [`copies`] what is kept of them elsewhere.
//! - [`Retention`]: how long records are kept.
//! - [`sealed`]: the sealed form.
//! - [`Secret`], [`Opened`]: bytes that are wiped from memory.
//! - [`VaultError`], [`codes`]: why something was not done, and its number.
//!
//! This crate knows no FHIR, no store, no HTTP and no clock.

pub mod codes;
mod context;
pub mod copies;
mod erasures;
mod error;
mod file;
mod hash;
mod kek;
mod keyring;
mod record;
mod records;
mod retention;
pub mod sealed;
mod sealer;
mod secret;

pub use context::{Context, MOST_PART_BYTES};
pub use erasures::{ERASURES_FILE, ErasureFile};
pub use error::{Result, VaultError};
pub use file::{KEYS_FILE, KeyFile};
pub use kek::{FileKek, Kek, LocalKek, Wrapped};
pub use keyring::{INDEX_HASH_BYTES, InUse, IndexKey, Keyring, Overview, Rewrapped, SealingKey, TenantKeys};
pub use record::{Facts, Item, KeyState, MOST_CASE_BYTES, MOST_HOLDS, Purpose, Record, Subject};
pub use records::{Erasure, Erasures, Records};
pub use retention::Retention;
pub use sealed::{KeyId, KeyVersion};
pub use sealer::{OneKey, Sealer};
pub use secret::{KEY_BYTES, Opened, Secret};
