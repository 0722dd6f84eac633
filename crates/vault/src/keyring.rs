//! All keys of an installation: made when they are first needed, unwrapped when they are first used.
//!
//! - [`mod@indexing`]: keys for an index of what is sealed.
//! - [`mod@making`]: keys that are new, and keys that are unwrapped.
//! - [`mod@sealing`]: what is sealed with them.
//! - [`mod@rotating`]: new versions, keys wrapped again, old versions retired.
//! - [`mod@erasing`]: legal holds, and keys that are destroyed.
//! - [`mod@overview`]: what there is.

mod erasing;
mod indexing;
mod making;
mod overview;
mod rotating;
mod sealing;

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use quick_cache::sync::Cache;

pub use indexing::{INDEX_HASH_BYTES, IndexKey};
pub use overview::{Overview, TenantKeys};
pub use rotating::{InUse, Rewrapped};
pub use sealing::SealingKey;

use crate::error::{Result, VaultError};
use crate::kek::Kek;
use crate::record::{Facts, Item, KeyState, Purpose, Record, Subject};
use crate::records::{Erasure, Erasures, Records};
use crate::sealed::{KeyId, KeyVersion, OpenKey};
use crate::secret::Secret;

/// How many keys are kept unwrapped; a kilobyte each. The others are unwrapped with their tenant's key each time, which takes about a microsecond.
const UNWRAPPED: usize = 16_384;

/// The keys of an installation: the key-encryption key wraps those of tenants, and these wrap those of subjects, such as patients.
///
/// Each subject's wrapped key takes some 250 bytes of memory. Whoever uses keys takes turns only with whoever changes them.
pub struct Keyring {
    kek: Arc<dyn Kek>,
    records: Arc<dyn Records>,
    erasures: Arc<dyn Erasures>,
    state: RwLock<State>,
    /// Keys that are unwrapped. Filled while `state` is read, and emptied while it is written, so that no destroyed key comes back.
    unwrapped: Cache<KeyVersion, Arc<OpenKey>>,
    /// The keys of keyed hashes, by tenant.
    hashing: Mutex<HashMap<u32, Secret>>,
    /// Held by whoever wraps again, retires or erases: one at a time.
    changing: Mutex<()>,
}

#[derive(Default)]
struct State {
    facts: Facts,
    keys: HashMap<KeyId, Record>,
    tenants: HashMap<u32, KeyId>,
    hashing: HashMap<u32, KeyId>,
    subjects: HashMap<(u32, Subject), KeyId>,
    /// The list of erasures.
    erasures: Vec<Erasure>,
}

impl Keyring {
    /// Opens the ring, and destroys what the list of erasures names and what is still there: a copy that was put back, or an erasure that was interrupted.
    ///
    /// # Errors
    /// [`VaultError::Records`] when something cannot be read or is damaged, [`VaultError::ErasuresBehind`] when the list has fewer lines than the keys
    /// have seen, [`VaultError::KekRefused`] when the key-encryption key lacks every version from the lowest that is allowed on.
    pub fn open(kek: Arc<dyn Kek>, records: Arc<dyn Records>, erasures: Arc<dyn Erasures>) -> Result<Self> {
        let mut state = State::default();
        for item in records.load()? {
            match item {
                Item::Facts(facts) => state.facts = facts,
                Item::Key(record) => state.take(record),
            }
        }
        let list = erasures.load()?;
        let (found, known) = (list.len() as u64, state.facts.erasures);
        if found < known {
            return Err(VaultError::ErasuresBehind { found, known });
        }
        let (newest, minimum) = (kek.newest()?, state.facts.kek_minimum);
        if newest < minimum {
            return Err(VaultError::KekRefused(format!("its newest version is {newest}, and the keys want {minimum} at least")));
        }
        let ring = Self {
            kek,
            records,
            erasures,
            state: RwLock::new(state),
            unwrapped: Cache::new(UNWRAPPED),
            hashing: Mutex::new(HashMap::new()),
            changing: Mutex::new(()),
        };
        ring.apply(&list)?;
        Ok(ring)
    }

    /// Makes durable the keys that were made: whoever keeps what was sealed does this first.
    ///
    /// # Errors
    /// [`VaultError::Records`].
    pub fn sync(&self) -> Result<()> {
        self.records.sync()
    }

    /// How many keys there are, destroyed ones included.
    pub fn len(&self) -> usize {
        self.state.read().keys.len()
    }

    /// Whether there is no key yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl State {
    /// Takes a record in, in the place of the one with its id.
    fn take(&mut self, record: Record) {
        let (id, tenant) = (record.id, record.tenant);
        match record.purpose {
            Purpose::Tenant => drop(self.tenants.insert(tenant, id)),
            Purpose::Hashing => drop(self.hashing.insert(tenant, id)),
            Purpose::Subject(subject) => drop(self.subjects.insert((tenant, subject), id)),
        }
        self.keys.insert(id, record);
    }

    /// The id of the key for a purpose, when there is one.
    fn find(&self, tenant: u32, purpose: Purpose) -> Option<KeyId> {
        match purpose {
            Purpose::Tenant => self.tenants.get(&tenant),
            Purpose::Hashing => self.hashing.get(&tenant),
            Purpose::Subject(subject) => self.subjects.get(&(tenant, subject)),
        }
        .copied()
    }

    /// The record of a key that opens.
    fn living(&self, id: KeyId) -> Result<&Record> {
        match self.keys.get(&id) {
            None => Err(VaultError::UnknownKey),
            Some(record) if record.state == KeyState::Destroyed => Err(VaultError::Destroyed),
            Some(record) => Ok(record),
        }
    }

    /// A key, and when it is a tenant's, those of its subjects and its hashes: what goes with it.
    fn with_subjects(&self, id: KeyId) -> Vec<KeyId> {
        let mut ids = vec![id];
        if let Some(whole) = self.keys.get(&id).filter(|record| record.purpose == Purpose::Tenant) {
            ids.extend(self.keys.values().filter(|record| record.tenant == whole.tenant && record.id != id).map(|record| record.id));
        }
        ids
    }
}

/// The record of a key that was destroyed.
fn erased_record(id: KeyId, tenant: u32, purpose: Purpose) -> Record {
    Record { id, tenant, purpose, state: KeyState::Destroyed, holds: Vec::new(), versions: Vec::new() }
}
