//! New versions of keys, keys wrapped again, old versions retired.
//!
//! Each record says which version wraps it, so that there is nothing else to remember: whatever was interrupted goes on with the next call. A key is as usable
//! while it is wrapped again as before, and readers wait for nobody: what is in memory unwrapped stays the same.

use super::{Keyring, State};
use crate::error::{Result, VaultError};
use crate::record::{Facts, Item, KeyState, Purpose, Record};
use crate::sealed::{KeyId, KeyVersion};
use crate::secret::Secret;

/// How far keys are wrapped again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rewrapped {
    /// Keys that were wrapped again by this call.
    pub done: usize,
    /// Keys that are still wrapped with an older version.
    pub left: usize,
}

/// Knows what is sealed with which keys: the engine that keeps it.
pub trait InUse {
    /// The lowest version of this key that anything is sealed with; `None` when nothing is.
    ///
    /// # Errors
    /// [`VaultError::Records`] when it cannot be found out.
    fn lowest(&self, key: KeyId) -> Result<Option<u32>>;
}

impl Keyring {
    /// Gives a tenant's key a new version, which seals and wraps from now on. Gives its number.
    ///
    /// # Errors
    /// [`VaultError::Destroyed`] when the tenant was erased; [`VaultError::KekRefused`], [`VaultError::Records`].
    pub fn rotate_tenant(&self, tenant: u32) -> Result<u32> {
        let _alone = self.changing.lock();
        let id = self.key(tenant, Purpose::Tenant)?;
        let secret = Secret::random()?;
        let (mut record, wrapped) = {
            let state = self.state.read();
            let record = state.living(id)?.clone();
            let wrapped = self.wrapped(&state, &record, record.newest() + 1, &secret)?;
            (record, wrapped)
        };
        let version = record.newest() + 1;
        record.versions.push((version, wrapped));
        self.put(record)?;
        Ok(version)
    }

    /// Wraps again, with the newest version, at most `most` of the keys that an older one wraps: tenants' keys first. To be called until nothing is left; what was
    /// interrupted goes on with the next call.
    ///
    /// # Errors
    /// [`VaultError::KekRefused`], [`VaultError::Records`], [`VaultError::SealBroken`] when a wrapped key is damaged. What was wrapped again before stays so.
    pub fn rewrap(&self, most: usize) -> Result<Rewrapped> {
        let _alone = self.changing.lock();
        let newest = self.kek.newest()?;
        let lagging = {
            let state = self.state.read();
            let mut lagging: Vec<_> = state.keys.values().filter(|record| state.lags(record, newest)).collect();
            lagging.sort_by_key(|record| (matches!(record.purpose, Purpose::Subject(_)), record.id));
            lagging.into_iter().map(|record| record.id).collect::<Vec<_>>()
        };
        let mut done = 0;
        for id in lagging.iter().take(most) {
            let again = self.wrapped_again(*id, newest)?;
            // It may have been destroyed meanwhile; nobody else changes a key while this one is alone.
            done += usize::from(again.map(|record| self.put_unsynced(record)).transpose()?.is_some());
        }
        self.sync()?;
        let state = self.state.read();
        Ok(Rewrapped { done, left: state.keys.values().filter(|record| state.lags(record, newest)).count() })
    }

    /// The record with all its versions wrapped by the newest; `None` when it is gone.
    fn wrapped_again(&self, id: KeyId, newest: u32) -> Result<Option<Record>> {
        let state = self.state.read();
        let Ok(record) = state.living(id) else { return Ok(None) };
        let by = state.wraps(record, newest);
        let mut again = record.clone();
        for (version, wrapped) in again.versions.iter_mut().filter(|(_, wrapped)| wrapped.version < by) {
            let secret = self.secret(&state, record, *version)?;
            *wrapped = self.wrapped(&state, record, *version, &secret)?;
        }
        Ok(Some(again))
    }

    /// Whether a key is one of a tenant's in an older version than the newest: what it has sealed keeps that version from being retired.
    pub fn is_outdated(&self, key: KeyVersion) -> bool {
        let state = self.state.read();
        let record = state.living(key.id).ok().filter(|record| record.purpose == Purpose::Tenant);
        record.is_some_and(|record| key.version < record.newest())
    }

    /// Makes `minimum` the lowest version of the key-encryption key: a key that an older one wraps is refused from then on, whoever brings it back. The older
    /// versions may then be removed where the key-encryption key is kept, after which no older copy of the file of keys can be opened.
    ///
    /// # Errors
    /// [`VaultError::VersionInUse`] when an older one still wraps a key ([`Keyring::rewrap`] it first), [`VaultError::KekRefused`] when there is no such
    /// version, [`VaultError::Records`].
    pub fn raise_kek_minimum(&self, minimum: u32) -> Result<()> {
        let _alone = self.changing.lock();
        if minimum > self.kek.newest()? {
            return Err(VaultError::KekRefused(format!("it has no version {minimum}")));
        }
        let mut state = self.state.write();
        let by_kek = state.keys.values().filter(|record| !matches!(record.purpose, Purpose::Subject(_)));
        let lowest = by_kek.flat_map(|record| &record.versions).map(|(_, wrapped)| wrapped.version).min();
        if let Some(lowest) = lowest.filter(|lowest| *lowest < minimum) {
            return Err(VaultError::VersionInUse { minimum, lowest });
        }
        let facts = Facts { kek_minimum: state.facts.kek_minimum.max(minimum), ..state.facts };
        self.records.write(&[Item::Facts(facts)])?;
        self.records.sync()?;
        state.facts = facts;
        drop(state);
        // What the older versions wrapped is gone from the file as well.
        self.rewrite()
    }

    /// Removes the versions of a tenant's key below `minimum`.
    ///
    /// # Errors
    /// [`VaultError::VersionInUse`] when a key is wrapped, or by `data` anything is sealed, with one of them; [`VaultError::KekRefused`] when there is no such
    /// version, [`VaultError::UnknownKey`] when the tenant has no key, [`VaultError::Records`].
    pub fn raise_tenant_minimum(&self, tenant: u32, minimum: u32, data: &dyn InUse) -> Result<()> {
        let _alone = self.changing.lock();
        let id = self.state.read().find(tenant, Purpose::Tenant).ok_or(VaultError::UnknownKey)?;
        let (record, wraps) = {
            let state = self.state.read();
            let subjects = state.keys.values().filter(|record| record.tenant == tenant && matches!(record.purpose, Purpose::Subject(_)));
            let wraps = subjects.flat_map(|record| &record.versions).map(|(_, wrapped)| wrapped.version).min();
            (state.living(id)?.clone(), wraps)
        };
        if minimum > record.newest() {
            return Err(VaultError::KekRefused(format!("the tenant's key has no version {minimum}")));
        }
        let lowest = wraps.into_iter().chain(data.lowest(id)?).min();
        if let Some(lowest) = lowest.filter(|lowest| *lowest < minimum) {
            return Err(VaultError::VersionInUse { minimum, lowest });
        }
        let mut left = record;
        left.versions.retain(|(version, _)| *version >= minimum);
        self.put(left)?;
        // The old versions, and keys that they wrap, are gone from the file as well.
        self.rewrite()
    }

    /// Puts a record in the place of the one with its id, durably.
    pub(super) fn put(&self, record: Record) -> Result<()> {
        self.put_unsynced(record)?;
        self.sync()
    }

    fn put_unsynced(&self, record: Record) -> Result<()> {
        let mut state = self.state.write();
        self.records.write(&[Item::Key(record.clone())])?;
        let kept = |version: u32| record.versions.iter().any(|(number, _)| *number == version);
        let before = state.keys.get(&record.id).map(|before| before.versions.iter().map(|(version, _)| *version).collect::<Vec<_>>());
        for version in before.unwrap_or_default().into_iter().filter(|version| !kept(*version)) {
            self.unwrapped.remove(&KeyVersion { id: record.id, version });
        }
        state.take(record);
        Ok(())
    }

    /// Writes the file of keys anew, with what is in force and nothing else.
    pub(super) fn rewrite(&self) -> Result<()> {
        // Nobody makes a key meanwhile, and whoever uses one goes on.
        let state = self.state.read();
        let facts = std::iter::once(Item::Facts(state.facts));
        self.records.replace(&mut facts.chain(state.keys.values().cloned().map(Item::Key)))
    }
}

impl State {
    /// Whether one of its versions is wrapped with an older version than the newest. What is being erased is left alone.
    pub(super) fn lags(&self, record: &Record, newest: u32) -> bool {
        let by = self.wraps(record, newest);
        record.state == KeyState::Live && record.versions.iter().any(|(_, wrapped)| wrapped.version < by)
    }

    /// Which version wraps it if it is wrapped now.
    fn wraps(&self, record: &Record, newest: u32) -> u32 {
        match record.purpose {
            Purpose::Tenant | Purpose::Hashing => newest,
            Purpose::Subject(_) => self.find(record.tenant, Purpose::Tenant).and_then(|id| self.keys.get(&id)).map_or(0, Record::newest),
        }
    }
}
