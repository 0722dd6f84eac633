//! Bodies as they are kept: compressed, and then sealed when keys were given.
//!
//! A body is sealed with the key of the one it belongs to, or of its tenant, for its tenant, type, id and version: destroying a key takes all that it sealed out
//! of every copy of the database. Compressed text never begins as a sealed form does, so that a database in which some bodies are sealed needs no mark for each.

use std::borrow::Cow;
use std::sync::Arc;

use store::commit::{CommitError, Conflict, Key, Tenant};
use store::entry::Entry;
use store::owners::Owners;
use vault::{Context, KeyVersion, Keyring, Sealer, SealingKey, VaultError, sealed};

use super::dictionary::Dictionaries;
use super::log::Packed;
use crate::error::{Result, StoreError};

/// With what bodies are sealed: see [`crate::Options::body_seal`].
#[derive(Clone)]
pub struct BodySeal {
    /// The keys.
    pub keys: Arc<Keyring>,
    /// Whose key it is.
    pub owners: Arc<dyn Owners>,
}

/// Which version a body is of: it opens as that of no other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) tenant: Tenant,
    pub(crate) key: &'a Key,
    pub(crate) version: u64,
}

/// The key for a version that is to be written.
#[derive(Clone, Debug)]
pub(crate) struct KeyFor {
    key: SealingKey,
    owner: Option<Key>,
}

/// How bodies are written and read.
#[derive(Default)]
pub(crate) struct Bodies {
    pub(crate) dictionaries: Dictionaries,
    seal: Option<BodySeal>,
}

impl Bodies {
    pub(crate) fn new(dictionaries: Dictionaries, seal: Option<BodySeal>) -> Self {
        Self { dictionaries, seal }
    }

    /// Whether what is written from now on is sealed.
    pub(crate) fn are_sealed(&self) -> bool {
        self.seal.is_some()
    }

    /// The key for a version with these entries; `None` when nothing is sealed. A commit for somebody who was erased is refused.
    pub(crate) fn key_for(&self, tenant: Tenant, key: &Key, entries: &[Entry]) -> std::result::Result<Option<KeyFor>, CommitError> {
        let Some(seal) = &self.seal else { return Ok(None) };
        let owner = seal.owners.owner(key, entries);
        let subject = owner.as_ref().map(Key::to_string);
        match seal.keys.sealing_key(tenant.0, subject.as_deref()) {
            Ok(found) => Ok(Some(KeyFor { key: found, owner })),
            Err(VaultError::Destroyed) => Err(Conflict::Erased(owner.unwrap_or_else(|| key.clone())).into()),
            Err(e) => Err(StoreError::Keys(e).into()),
        }
    }

    /// The bytes of a body, ready to be unpacked: as they are, or opened.
    ///
    /// [`StoreError::Destroyed`] when its key was destroyed.
    fn opened<'b>(&self, place: Place<'_>, bytes: &'b [u8]) -> Result<Cow<'b, [u8]>> {
        if sealed::key_of(bytes).is_none() {
            return Ok(Cow::Borrowed(bytes));
        }
        let Some(seal) = &self.seal else { return Err(StoreError::Keys(VaultError::UnknownKey)) };
        match place.with(|context| seal.keys.open(context, bytes)) {
            Ok(opened) => Ok(Cow::Owned(opened.into_bytes())),
            Err(VaultError::Destroyed) => Err(StoreError::Destroyed),
            Err(e) => Err(StoreError::Keys(e)),
        }
    }

    /// Whether a body is to be sealed anew: it is in clear, or was sealed with an older version of a tenant's key. Never when nothing is sealed.
    pub(crate) fn is_outdated(&self, key: Option<KeyVersion>) -> bool {
        self.seal.as_ref().is_some_and(|seal| key.is_none_or(|key| seal.keys.is_outdated(key)))
    }

    /// The bytes of a body as they were before they were sealed.
    pub(crate) fn unsealed(&self, place: Place<'_>, bytes: &[u8]) -> Result<Vec<u8>> {
        self.opened(place, bytes).map(Cow::into_owned)
    }

    /// A body as it was before it was compressed; `None` when it is damaged, or its dictionary is not known.
    ///
    /// [`StoreError::Destroyed`] when its key was destroyed, [`StoreError::Keys`] when it does not open.
    pub(crate) fn unpack(&self, place: Place<'_>, dictionary: u32, bytes: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.dictionaries.unpack(dictionary, &self.opened(place, bytes)?))
    }

    /// Makes durable the keys that were made for what is about to be committed.
    pub(crate) fn sync_keys(&self) -> Result<()> {
        self.seal.as_ref().map_or(Ok(()), |seal| seal.keys.sync().map_err(StoreError::Keys))
    }
}

impl KeyFor {
    /// Refuses when the owner was erased since the key was found.
    pub(crate) fn judge(&self, key: &Key) -> std::result::Result<(), Conflict> {
        if self.key.is_closed() { Err(Conflict::Erased(self.owner.clone().unwrap_or_else(|| key.clone()))) } else { Ok(()) }
    }

    /// Seals a body for its place. It was judged: an erasure that has begun since comes after it, and finds it.
    pub(crate) fn seal(&self, place: Place<'_>, body: &mut Packed) -> Result<()> {
        body.bytes = place.with(|context| self.key.seal_judged(context, &body.bytes)).map_err(StoreError::Keys)?;
        Ok(())
    }
}

impl Place<'_> {
    fn with<T>(&self, then: impl FnOnce(&Context<'_>) -> T) -> T {
        then(&Context { tenant: self.tenant.0, kind: self.key.kind.name(), id: &self.key.id, path: "", version: self.version })
    }
}
