//! Bytes that are wiped from memory when they are no longer needed, and that no `Debug` shows.

use std::fmt;
use std::ops::Deref;

use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::error::{Result, VaultError};

/// How many bytes a key has.
pub const KEY_BYTES: usize = 32;

/// A key: 256 bits.
#[derive(Clone)]
pub struct Secret(Box<Zeroizing<[u8; KEY_BYTES]>>);

impl Secret {
    /// A key made of these bytes, which the caller still has to wipe.
    pub fn new(bytes: &[u8; KEY_BYTES]) -> Self {
        Self(Box::new(Zeroizing::new(*bytes)))
    }

    /// A new key of the system's randomness.
    ///
    /// # Errors
    /// [`VaultError::KekRefused`] when the system gives no randomness.
    pub fn random() -> Result<Self> {
        let mut key = Self(Box::new(Zeroizing::new([0; KEY_BYTES])));
        rand::fill(&mut key.0[..]).map_err(|_| VaultError::KekRefused("the system gives no randomness".to_owned()))?;
        Ok(key)
    }

    /// A key made of these bytes, which the caller still has to wipe; `None` when they are not [`KEY_BYTES`].
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::new)
    }

    /// The bytes, for the algorithm that needs them, or for whoever wraps them.
    pub fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What was sealed, in clear; wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened(Zeroizing<Vec<u8>>);

impl Opened {
    /// Takes over bytes, to be wiped.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, which are no longer wiped: for what is about to be sent or kept in clear anyway.
    pub fn into_bytes(mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

impl Deref for Opened {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opened({} bytes)", self.0.len())
    }
}
