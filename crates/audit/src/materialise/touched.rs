//! Whose records a row is about, as the versions say that were read. What was found once is kept.

use std::collections::HashMap;
use std::sync::Arc;

use store::commit::{Key, Tenant};
use store::contract::{ReadError, Store};

use crate::event::Scribe;
use crate::happening::{Entity, Happening};
use crate::patients;

/// For so many versions it is kept whose record they are in, and of so many patients their names.
const MOST_KEPT: usize = 65_536;

/// What is known of versions and of patients.
pub(super) struct Records {
    store: Arc<dyn Store>,
    scribe: Arc<Scribe>,
    kept: HashMap<(Tenant, Entity), Vec<Box<str>>>,
    /// The family names of patients, as they were when they were first asked for.
    names: HashMap<(Tenant, Box<str>), Vec<Box<str>>>,
}

impl Records {
    /// Nothing is known yet.
    pub(super) fn new(store: Arc<dyn Store>, scribe: Arc<Scribe>) -> Self {
        Self { store, scribe, kept: HashMap::new(), names: HashMap::new() }
    }

    /// The patients in whose records a version is; those of the current one when the row names none. None when it was erased.
    pub(super) async fn patients(&mut self, tenant: Tenant, entity: &Entity) -> Result<Vec<Box<str>>, ReadError> {
        if !patients::may_touch(entity.key.kind) {
            return Ok(Vec::new());
        }
        if entity.key.kind == patients::patient() {
            return Ok(vec![entity.key.id.clone()]);
        }
        let name = (tenant, entity.clone());
        if let Some(kept) = self.kept.get(&name).filter(|_| entity.version > 0) {
            return Ok(kept.clone());
        }
        let version = match entity.version {
            0 => self.store.read(tenant, &entity.key).await?,
            version => self.store.vread(tenant, &entity.key, version).await?,
        };
        let found = version.map_or_else(Vec::new, |version| patients::of_version(&self.scribe.registry(), &version));
        if entity.version > 0 {
            if self.kept.len() >= MOST_KEPT {
                self.kept.clear();
            }
            self.kept.insert(name, found.clone());
        }
        Ok(found)
    }

    /// The family names of all patients that a happening touched.
    pub(super) async fn families(
        &mut self,
        happening: &Happening,
        touched: &[Vec<Box<str>>],
    ) -> Result<Vec<(Box<str>, Vec<Box<str>>)>, ReadError> {
        let mut ids: Vec<&Box<str>> = happening.patients.iter().chain(touched.iter().flatten()).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut families = Vec::with_capacity(ids.len());
        for id in ids {
            let name = (happening.tenant, id.clone());
            if !self.names.contains_key(&name) {
                let key = Key { kind: patients::patient(), id: id.clone() };
                let version = self.store.read(happening.tenant, &key).await?;
                let found = version.map_or_else(Vec::new, |version| patients::families(&self.scribe.registry(), &version));
                if self.names.len() >= MOST_KEPT {
                    self.names.clear();
                }
                self.names.insert(name.clone(), found);
            }
            families.push((id.clone(), self.names.get(&name).cloned().unwrap_or_default()));
        }
        Ok(families)
    }
}
