//! Keys that are new, and keys that are unwrapped.

use std::sync::Arc;

use aws_lc_rs::rand;

use super::{Keyring, State};
use crate::error::{Result, VaultError};
use crate::kek::Wrapped;
use crate::record::{Item, KeyState, Purpose, Record};
use crate::sealed::{KeyId, KeyVersion, OpenKey, Use};
use crate::secret::Secret;

impl Keyring {
    /// The id of the key for a purpose, which is made when there is none. It is durable after [`Keyring::sync`].
    pub(super) fn key(&self, tenant: u32, purpose: Purpose) -> Result<KeyId> {
        if let Some(id) = self.state.read().find(tenant, purpose) {
            return Ok(id);
        }
        if matches!(purpose, Purpose::Subject(_)) {
            // It is wrapped with the tenant's.
            self.key(tenant, Purpose::Tenant)?;
        }
        let mut state = self.state.write();
        if let Some(id) = state.find(tenant, purpose) {
            return Ok(id);
        }
        let id = loop {
            let id = new_id()?;
            if !state.keys.contains_key(&id) {
                break id;
            }
        };
        let mut record = Record { id, tenant, purpose, state: KeyState::Live, holds: Vec::new(), versions: Vec::new() };
        let wrapped = self.wrapped(&state, &record, 1, &Secret::random()?)?;
        record.versions.push((1, wrapped));
        self.records.write(&[Item::Key(record.clone())])?;
        state.take(record);
        Ok(id)
    }

    /// A version of a key, ready to seal and open.
    pub(super) fn ready(&self, key: KeyVersion) -> Result<Arc<OpenKey>> {
        let state = self.state.read();
        self.ready_in(&state, key)
    }

    pub(super) fn ready_in(&self, state: &State, key: KeyVersion) -> Result<Arc<OpenKey>> {
        let record = state.living(key.id)?;
        if let Some(ready) = self.unwrapped.get(&key) {
            return Ok(ready);
        }
        let ready = Arc::new(OpenKey::new(key, &self.secret(state, record, key.version)?)?);
        if record.state == KeyState::Closing {
            ready.close();
        }
        self.unwrapped.insert(key, Arc::clone(&ready));
        Ok(ready)
    }

    /// A version of a key itself.
    pub(super) fn secret(&self, state: &State, record: &Record, version: u32) -> Result<Secret> {
        let found = record.versions.iter().find(|(number, _)| *number == version);
        let (_, wrapped) = found.ok_or(VaultError::UnknownKey)?;
        match record.purpose {
            Purpose::Tenant | Purpose::Hashing if wrapped.version < state.facts.kek_minimum => {
                Err(VaultError::KekRefused(format!("version {} was retired", wrapped.version)))
            }
            Purpose::Tenant | Purpose::Hashing => record.bound(version, |context| self.kek.unwrap(wrapped, context)),
            Purpose::Subject(_) => {
                let by = self.wrapping(state, record.tenant, Some(wrapped.version))?;
                let opened = record.bound(version, |context| by.open(Use::Wrap, context, &wrapped.bytes))?;
                Secret::from_slice(&opened).ok_or(VaultError::SealBroken)
            }
        }
    }

    /// Wraps a version of a key with the newest of what wraps it.
    pub(super) fn wrapped(&self, state: &State, record: &Record, version: u32, secret: &Secret) -> Result<Wrapped> {
        record.bound(version, |context| match record.purpose {
            Purpose::Tenant | Purpose::Hashing => self.kek.wrap(secret, context),
            Purpose::Subject(_) => {
                let by = self.wrapping(state, record.tenant, None)?;
                Ok(Wrapped { version: by.version(), bytes: by.seal(Use::Wrap, context, secret.bytes())? })
            }
        })
    }

    /// The tenant's key, in this version or the newest.
    fn wrapping(&self, state: &State, tenant: u32, version: Option<u32>) -> Result<Arc<OpenKey>> {
        let id = state.find(tenant, Purpose::Tenant).ok_or(VaultError::UnknownKey)?;
        let version = version.unwrap_or(state.living(id)?.newest());
        self.ready_in(state, KeyVersion { id, version })
    }
}

fn new_id() -> Result<KeyId> {
    let mut bytes = [0; 8];
    rand::fill(&mut bytes).map_err(|_| VaultError::KekRefused("the system gives no randomness".to_owned()))?;
    // 0 is the id of keys that are in no ring.
    Ok(KeyId(u64::from_be_bytes(bytes).max(1)))
}
