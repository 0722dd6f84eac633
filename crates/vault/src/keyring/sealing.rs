//! What is sealed with the keys of the ring.

use std::sync::Arc;

use super::Keyring;
use crate::context::Context;
use crate::error::{Result, VaultError};
use crate::hash;
use crate::record::{Purpose, Subject};
use crate::sealed::{KeyVersion, OpenKey, Use, key_of};
use crate::sealer::Sealer;
use crate::secret::{Opened, Secret};

/// The key of a tenant or a subject, found once for many sealings.
#[derive(Clone)]
pub struct SealingKey {
    key: Arc<OpenKey>,
}

impl SealingKey {
    /// As [`Sealer::seal`].
    ///
    /// # Errors
    /// [`VaultError::Destroyed`] when the key was closed since it was found, [`VaultError::TooLong`].
    pub fn seal(&self, context: &Context<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        self.key.seal(Use::Seal, context, plain)
    }

    /// The same for whoever asked [`SealingKey::is_closed`] just before, and does not mind that the key was closed since: what is sealed
    /// then is part of what is being erased.
    ///
    /// # Errors
    /// [`VaultError::TooLong`].
    pub fn seal_judged(&self, context: &Context<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        self.key.seal_regardless(Use::Seal, context, plain)
    }

    /// Whether what the key seals is being erased, or is.
    pub fn is_closed(&self) -> bool {
        self.key.is_closed()
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey")
    }
}

impl Keyring {
    /// The key of a subject of a tenant (`Patient/12`), or of the tenant when it is `None`; made when there is none yet. What is sealed with it may be kept once
    /// [`Keyring::sync`] has come back.
    ///
    /// # Errors
    /// [`VaultError::Destroyed`] when the subject, or the tenant, was erased; [`VaultError::KekRefused`], [`VaultError::Records`].
    pub fn sealing_key(&self, tenant: u32, subject: Option<&str>) -> Result<SealingKey> {
        let purpose = match subject {
            None => Purpose::Tenant,
            Some(subject) => Purpose::Subject(self.subject(tenant, subject)?),
        };
        let id = self.key(tenant, purpose)?;
        let state = self.state.read();
        let record = state.living(id)?;
        let key = self.ready_in(&state, KeyVersion { id, version: record.newest() })?;
        if key.is_closed() { Err(VaultError::Destroyed) } else { Ok(SealingKey { key }) }
    }

    /// What stands for a subject in the file of keys.
    pub(super) fn subject(&self, tenant: u32, subject: &str) -> Result<Subject> {
        let hash = self.hashing_key(tenant, |secret| hash::keyed(secret, "\0subject", subject.as_bytes()))?;
        Ok(std::array::from_fn(|at| hash[at]))
    }

    pub(super) fn hashing_key<T>(&self, tenant: u32, then: impl FnOnce(&Secret) -> T) -> Result<T> {
        if let Some(secret) = self.hashing.lock().get(&tenant) {
            return Ok(then(secret));
        }
        let id = self.key(tenant, Purpose::Hashing)?;
        let state = self.state.read();
        let secret = self.secret(&state, state.living(id)?, 1)?;
        let made = then(&secret);
        self.hashing.lock().insert(tenant, secret);
        Ok(made)
    }
}

impl Sealer for Keyring {
    fn seal(&self, context: &Context<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        let sealed = self.sealing_key(context.tenant, None)?.seal(context, plain)?;
        // Whoever gets it may keep it: the key has to be there as long. There is nothing to do unless it was made just now.
        self.sync()?;
        Ok(sealed)
    }

    fn open(&self, context: &Context<'_>, sealed: &[u8]) -> Result<Opened> {
        let key = key_of(sealed).ok_or(VaultError::SealBroken)?;
        self.ready(key)?.open(Use::Seal, context, sealed)
    }

    fn keyed_hash(&self, tenant: u32, field: &str, value: &[u8]) -> Result<[u8; 32]> {
        let hash = self.hashing_key(tenant, |secret| hash::keyed(secret, field, value))?;
        self.sync()?;
        Ok(hash)
    }
}
