//! Sealing: secrets that must be read again (those of authenticator apps) are kept encrypted, with a key that is handed in.

use crate::error::IdentityError;

/// Seals and opens small secrets: authenticated encryption, bound to a context.
pub trait Sealer: Send + Sync {
    /// `plain` sealed. It opens only with the same `context`, such as `totp|u-12`.
    ///
    /// Fails with [`IdentityError::Unsealable`] when there is no key.
    fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, IdentityError>;

    /// What was sealed.
    ///
    /// Fails with [`IdentityError::Unsealable`] when it was altered, belongs to another context, or its key is not there.
    fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, IdentityError>;
}
