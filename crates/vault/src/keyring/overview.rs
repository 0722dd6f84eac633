//! What there is, for whoever looks after it: how many keys, which versions wrap them, who holds them. Never a key, and nobody's name.

use std::collections::{BTreeMap, BTreeSet};

use super::Keyring;
use crate::error::Result;
use crate::record::{KeyState, Purpose, Record};

/// All keys of a ring, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The newest version of the key-encryption key.
    pub kek_newest: u32,
    /// The lowest version of it that may wrap a key; 0 until one was retired.
    pub kek_minimum: u32,
    /// How many keys an older version wraps than the newest of what wraps them: [`Keyring::rewrap`] has so much to do.
    pub lagging: usize,
    /// How many erasures there were, those that were begun included.
    pub erasures: u64,
    /// The tenants that have keys, by their numbers.
    pub tenants: Vec<TenantKeys>,
}

/// The keys of a tenant, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TenantKeys {
    /// The tenant.
    pub tenant: u32,
    /// The versions that its key has, the oldest first. None when it was erased.
    pub versions: Vec<u32>,
    /// The versions of the key-encryption key that wrap them.
    pub wrapped_by: Vec<u32>,
    /// How many subjects have a key that opens.
    pub subjects: usize,
    /// How many subjects were erased.
    pub erased: usize,
    /// The cases that hold the whole tenant.
    pub holds: Vec<Box<str>>,
    /// The cases that hold a subject, each with the number of subjects.
    pub cases: BTreeMap<Box<str>, usize>,
}

impl Keyring {
    /// Counts what there is. It goes through all keys.
    ///
    /// # Errors
    /// [`crate::VaultError::KekRefused`] and [`crate::VaultError::BadKek`] when the key-encryption key cannot be asked.
    pub fn overview(&self) -> Result<Overview> {
        let kek_newest = self.kek.newest()?;
        let state = self.state.read();
        let mut tenants: BTreeMap<u32, TenantKeys> = BTreeMap::new();
        for record in state.keys.values() {
            let of = tenants.entry(record.tenant).or_insert_with(|| TenantKeys { tenant: record.tenant, ..TenantKeys::default() });
            of.count(record);
        }
        let lagging = state.keys.values().filter(|record| state.lags(record, kek_newest)).count();
        let facts = state.facts;
        Ok(Overview {
            kek_newest,
            kek_minimum: facts.kek_minimum,
            lagging,
            erasures: facts.erasures,
            tenants: tenants.into_values().collect(),
        })
    }

    /// The tenants that have a key which opens, in the order of their numbers.
    pub fn tenants(&self) -> Vec<u32> {
        let state = self.state.read();
        let living = state.tenants.iter().filter(|(_, id)| state.living(**id).is_ok());
        living.map(|(tenant, _)| *tenant).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// When the erasure of a subject was begun, in milliseconds since 1970; `None` when it was not.
    ///
    /// # Errors
    /// As for [`Keyring::sealing_key`], that the tenant was erased among them.
    pub fn erased_at(&self, tenant: u32, subject: &str) -> Result<Option<i64>> {
        let subject = self.subject(tenant, subject)?;
        let state = self.state.read();
        let id = state.find(tenant, Purpose::Subject(subject));
        Ok(state
            .erasures
            .iter()
            .find(|erasure| erasure.tenant == tenant && (Some(erasure.key) == id || erasure.subject == Some(subject)))
            .map(|erasure| erasure.at_ms))
    }
}

impl TenantKeys {
    fn count(&mut self, record: &Record) {
        match record.purpose {
            Purpose::Hashing => {}
            Purpose::Tenant => {
                self.versions = record.versions.iter().map(|(version, _)| *version).collect();
                self.wrapped_by = record.versions.iter().map(|(_, wrapped)| wrapped.version).collect();
                self.holds.clone_from(&record.holds);
            }
            Purpose::Subject(_) if record.state == KeyState::Live => {
                self.subjects += 1;
                for case in &record.holds {
                    *self.cases.entry(case.clone()).or_default() += 1;
                }
            }
            Purpose::Subject(_) => self.erased += 1,
        }
    }
}
