//! Legal holds, and keys that are destroyed: what they sealed is erased, wherever copies of it are.
//!
//! An erasure has two steps. [`Keyring::begin_erasure`] writes it into the list, durably, and closes the key: nothing more is sealed with it, and what is there can still
//! be read, so that whoever keeps it can find and remove it. [`Keyring::finish_erasure`] destroys the key. What is interrupted between the two is finished when
//! the ring is opened.

use super::Keyring;
use crate::error::{Result, VaultError};
use crate::record::{Facts, KeyState, MOST_CASE_BYTES, MOST_HOLDS, Purpose};
use crate::records::Erasure;
use crate::sealed::{KeyId, KeyVersion};

impl Keyring {
    /// Keeps the key of a subject, or of the whole tenant, from being destroyed until [`Keyring::release`]: `case` names the legal hold (at most 64 bytes), never a person. The same case twice is one hold.
    ///
    /// # Errors
    /// [`VaultError::Destroyed`] when it is too late, [`VaultError::TooLong`] when the name is too long or there are 64 holds, [`VaultError::Records`].
    pub fn hold(&self, tenant: u32, subject: Option<&str>, case: &str) -> Result<()> {
        if case.len() > MOST_CASE_BYTES {
            return Err(VaultError::TooLong("the name of a hold's case"));
        }
        let id = self.id_of(tenant, subject)?;
        let _alone = self.changing.lock();
        let mut record = self.state.read().living(id)?.clone();
        if record.state != KeyState::Live {
            return Err(VaultError::Destroyed);
        }
        if record.holds.iter().any(|held| **held == *case) {
            return Ok(());
        }
        if record.holds.len() == MOST_HOLDS {
            return Err(VaultError::TooLong("the list of a key's holds"));
        }
        record.holds.push(case.into());
        self.put(record)
    }

    /// Ends a hold. Says whether there was one.
    ///
    /// # Errors
    /// [`VaultError::Destroyed`], [`VaultError::Records`].
    pub fn release(&self, tenant: u32, subject: Option<&str>, case: &str) -> Result<bool> {
        let id = self.id_of(tenant, subject)?;
        let _alone = self.changing.lock();
        let mut record = self.state.read().living(id)?.clone();
        let before = record.holds.len();
        record.holds.retain(|held| **held != *case);
        let was_there = record.holds.len() < before;
        if was_there {
            self.put(record)?;
        }
        Ok(was_there)
    }

    /// The cases that hold a subject, or the whole tenant; empty when none does. A hold on the tenant holds its subjects, too, and is not listed with them.
    ///
    /// # Errors
    /// As for [`Keyring::sealing_key`].
    pub fn holds(&self, tenant: u32, subject: Option<&str>) -> Result<Vec<Box<str>>> {
        let id = self.id_of(tenant, subject)?;
        Ok(self.state.read().living(id)?.holds.clone())
    }

    /// Begins to erase a subject, or a whole tenant: the erasure is in the list when this comes back, and nothing more is sealed with the key. A subject that has
    /// no key gets a destroyed one, so that none is made later. An erasure that was begun before goes on.
    ///
    /// # Errors
    /// [`VaultError::Held`] when a hold is on the subject, on the tenant, or, for a tenant, on one of its subjects; [`VaultError::Destroyed`] when it was erased
    /// before; [`VaultError::Records`], after which nothing or all of it was done.
    pub fn begin_erasure(&self, tenant: u32, subject: Option<&str>, at_ms: i64) -> Result<KeyId> {
        let id = self.id_of(tenant, subject)?;
        let _alone = self.changing.lock();
        // Only who may write the keys writes the list.
        self.records.write(&[])?;
        self.sync()?;
        let record = self.state.read().living(id)?.clone();
        if record.state == KeyState::Closing {
            return Ok(id);
        }
        let held = self.held(tenant, id);
        if held > 0 {
            return Err(VaultError::Held(held));
        }
        let subject = match record.purpose {
            Purpose::Subject(subject) => Some(subject),
            Purpose::Tenant | Purpose::Hashing => None,
        };
        let erasure = Erasure { key: id, tenant, subject, at_ms };
        self.erasures.append(&erasure)?;
        let mut state = self.state.write();
        state.erasures.push(erasure);
        state.facts = Facts { erasures: state.erasures.len() as u64, ..state.facts };
        for id in state.with_subjects(id) {
            let Some(record) = state.keys.get_mut(&id).filter(|record| record.state == KeyState::Live) else { continue };
            record.state = KeyState::Closing;
            let cached = record.versions.iter().filter_map(|(version, _)| self.unwrapped.get(&KeyVersion { id, version: *version }));
            cached.for_each(|ready| ready.close());
        }
        drop(state);
        self.rewrite()?;
        Ok(id)
    }

    /// Destroys a key whose erasure was begun: nobody can open what it sealed after this.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`] when its erasure was not begun, [`VaultError::Records`]: then it is destroyed in memory, and in the file when the ring is
    /// opened the next time.
    pub fn finish_erasure(&self, id: KeyId) -> Result<()> {
        let _alone = self.changing.lock();
        if !self.state.read().erasures.iter().any(|erasure| erasure.key == id) {
            return Err(VaultError::UnknownKey);
        }
        self.destroy(&[id])
    }

    /// How many erasures there were, those that were begun included.
    pub fn erasures(&self) -> u64 {
        self.state.read().erasures.len() as u64
    }

    /// The keys that were erased, from the `after`-th erasure on, in their order; the keys of its subjects with a tenant's.
    pub fn erased_after(&self, after: u64) -> Vec<KeyId> {
        let state = self.state.read();
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        state.erasures.iter().skip(after).flat_map(|erasure| state.with_subjects(erasure.key)).collect()
    }

    /// Whether what this key sealed can no longer be opened.
    pub fn is_destroyed(&self, id: KeyId) -> bool {
        self.state.read().keys.get(&id).is_some_and(|record| record.state == KeyState::Destroyed)
    }

    /// Destroys what the list of erasures names.
    pub(super) fn apply(&self, list: &[Erasure]) -> Result<()> {
        let mut state = self.state.write();
        for erasure in list {
            state.erasures.push(*erasure);
            // An older copy of the keys may lack a key that was made and erased after it: none is to be made for its subject.
            let purpose = erasure.subject.map_or(Purpose::Tenant, Purpose::Subject);
            let known = state.keys.contains_key(&erasure.key) || state.find(erasure.tenant, purpose).is_some();
            if !known {
                state.take(super::erased_record(erasure.key, erasure.tenant, purpose));
            }
        }
        let lives = |id: &KeyId| state.keys.get(id).is_some_and(|record| record.state != KeyState::Destroyed);
        let left: Vec<KeyId> = state.erasures.iter().flat_map(|erasure| state.with_subjects(erasure.key)).filter(lives).collect();
        let is_behind = state.facts.erasures < list.len() as u64;
        state.facts.erasures = list.len() as u64;
        drop(state);
        if left.is_empty() && !is_behind { Ok(()) } else { self.destroy(&left) }
    }

    fn destroy(&self, ids: &[KeyId]) -> Result<()> {
        let mut state = self.state.write();
        let all: Vec<KeyId> = ids.iter().flat_map(|id| state.with_subjects(*id)).collect();
        for id in all {
            let Some(record) = state.keys.get_mut(&id) else { continue };
            for (version, _) in std::mem::take(&mut record.versions) {
                if let Some((_, ready)) = self.unwrapped.remove(&KeyVersion { id, version }) {
                    ready.close();
                }
            }
            record.state = KeyState::Destroyed;
            record.holds.clear();
            if record.purpose == Purpose::Hashing {
                self.hashing.lock().remove(&record.tenant);
            }
        }
        drop(state);
        self.rewrite()
    }

    fn id_of(&self, tenant: u32, subject: Option<&str>) -> Result<KeyId> {
        match subject {
            None => self.key(tenant, Purpose::Tenant),
            Some(subject) => self.key(tenant, Purpose::Subject(self.subject(tenant, subject)?)),
        }
    }

    /// How many holds keep a key, its tenant's among them, and for a tenant its subjects'.
    fn held(&self, tenant: u32, id: KeyId) -> usize {
        let state = self.state.read();
        let mut ids = state.with_subjects(id);
        ids.extend(state.find(tenant, Purpose::Tenant).filter(|whole| *whole != id));
        ids.iter().filter_map(|id| state.keys.get(id)).map(|record| record.holds.len()).sum()
    }
}
