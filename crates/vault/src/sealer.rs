//! What seals and opens, for whoever keeps secrets and does not care where the keys are.

use crate::context::Context;
use crate::error::{Result, VaultError};
use crate::hash;
use crate::sealed::{KeyId, KeyVersion, OpenKey, Use, key_of};
use crate::secret::{Opened, Secret};

/// Seals bytes for a place, and opens them there.
pub trait Sealer: Send + Sync {
    /// The sealed form of `plain`: [`crate::sealed::OVERHEAD_BYTES`] longer, another one each time.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] for a context with a part that is too long, [`VaultError::Destroyed`] when the key of the place is no more,
    /// [`VaultError::KekRefused`] and [`VaultError::Records`] when a key cannot be had or made.
    fn seal(&self, context: &Context<'_>, plain: &[u8]) -> Result<Vec<u8>>;

    /// What was sealed for this very place.
    ///
    /// # Errors
    /// [`VaultError::SealBroken`] when it was altered or sealed for another place, [`VaultError::UnknownKey`], [`VaultError::Destroyed`],
    /// [`VaultError::KekRefused`].
    fn open(&self, context: &Context<'_>, sealed: &[u8]) -> Result<Opened>;

    /// A keyed hash (HMAC-SHA-256) of a field's value: equal for equal values of the same tenant and field, for good; nothing can be learned from it without
    /// the key.
    ///
    /// # Errors
    /// As for [`Sealer::seal`].
    fn keyed_hash(&self, tenant: u32, field: &str, value: &[u8]) -> Result<[u8; 32]>;
}

/// A sealer with one key for everything: for what need not outlive the key (page tokens under a key made at each start), and for tests.
pub struct OneKey {
    key: OpenKey,
    hashing: Secret,
}

impl OneKey {
    /// A sealer with this key.
    ///
    /// # Errors
    /// None that a key of the right length can cause.
    pub fn new(secret: &Secret) -> Result<Self> {
        let hashing = Secret::new(&hash::keyed(secret, "hashing", b""));
        let sealing = Secret::new(&hash::keyed(secret, "sealing", b""));
        Ok(Self { key: OpenKey::new(KeyVersion { id: KeyId(0), version: 1 }, &sealing)?, hashing })
    }

    /// A sealer with a new key, which is gone when the process ends.
    ///
    /// # Errors
    /// [`VaultError::KekRefused`] when the system gives no randomness.
    pub fn random() -> Result<Self> {
        Self::new(&Secret::random()?)
    }
}

impl Sealer for OneKey {
    fn seal(&self, context: &Context<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        self.key.seal(Use::Seal, context, plain)
    }

    fn open(&self, context: &Context<'_>, sealed: &[u8]) -> Result<Opened> {
        match key_of(sealed) {
            Some(KeyVersion { id: KeyId(0), version: 1 }) => self.key.open(Use::Seal, context, sealed),
            Some(_) => Err(VaultError::UnknownKey),
            None => Err(VaultError::SealBroken),
        }
    }

    fn keyed_hash(&self, tenant: u32, field: &str, value: &[u8]) -> Result<[u8; 32]> {
        Ok(hash::keyed(&self.hashing, &format!("{tenant} {field}"), value))
    }
}
