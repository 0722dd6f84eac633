//! Where keys are kept, and the list of what was erased.

use crate::error::Result;
use crate::record::{Item, Subject};
use crate::sealed::KeyId;

/// Keeps the records of keys. What was written is durable when [`Records::sync`] has come back, in the order of the writes: whoever dies before loses the last
/// ones, and never one in the middle.
pub trait Records: Send + Sync {
    /// All that is kept, later items replacing earlier ones of the same key.
    ///
    /// # Errors
    /// [`crate::VaultError::Records`] when it cannot be read, or is damaged.
    fn load(&self) -> Result<Vec<Item>>;

    /// Takes items in. They may be durable only after [`Records::sync`].
    ///
    /// # Errors
    /// [`crate::VaultError::Records`].
    fn write(&self, items: &[Item]) -> Result<()>;

    /// Makes durable what was written.
    ///
    /// # Errors
    /// [`crate::VaultError::Records`].
    fn sync(&self) -> Result<()>;

    /// Keeps exactly these items, and no byte of what was there before. Whole or not at all; durable when it comes back.
    ///
    /// # Errors
    /// [`crate::VaultError::Records`].
    fn replace(&self, items: &mut dyn Iterator<Item = Item>) -> Result<()>;
}

/// One erasure: a key that was destroyed, or is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Which key.
    pub key: KeyId,
    /// Of which tenant.
    pub tenant: u32,
    /// Of whom; `None` when the whole tenant was erased.
    pub subject: Option<Subject>,
    /// When: milliseconds since 1970.
    pub at_ms: i64,
}

/// Keeps the list of erasures, which is only ever added to. It is kept apart from the keys and the data: whatever older copy of those is put back, the list
/// that is there says what is not to come back with it.
pub trait Erasures: Send + Sync {
    /// The whole list, in its order.
    ///
    /// # Errors
    /// [`crate::VaultError::Records`] when it cannot be read, or was altered.
    fn load(&self) -> Result<Vec<Erasure>>;

    /// Adds one at the end; it is durable when this comes back.
    ///
    /// # Errors
    /// [`crate::VaultError::Records`].
    fn append(&self, erasure: &Erasure) -> Result<()>;
}
