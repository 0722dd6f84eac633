//! Who signs the trails: a notary for each tenant, with files of its own, all by one key.
//!
//! The first tenant has one from the start, so that a trail that cannot be trusted keeps the server from starting. The others get theirs at the first signing
//! that finds them; what is wrong with one trail is told, and keeps no other from being signed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use audit::notary::{Folder, Notary, Witness};
use identity::Tenants;
use identity::tenants::FIRST;
use store::Store;
use store::commit::{Instant, Tenant};

use super::signer;
use crate::command::Failure;

/// The notaries of a data directory.
pub(super) struct Notaries {
    folder: PathBuf,
    witnesses: Vec<PathBuf>,
    tenants: Arc<Tenants>,
    known: BTreeMap<Tenant, Notary>,
}

impl Notaries {
    /// The notary of the first tenant, and those who come.
    ///
    /// Fails when its files cannot be used, or the last checkpoint is not by the key of the data directory.
    pub(super) fn open(folder: &Path, witnesses: Vec<PathBuf>, tenants: Arc<Tenants>) -> Result<Self, Failure> {
        let mut notaries = Self { folder: folder.to_owned(), witnesses, tenants, known: BTreeMap::new() };
        notaries.add(FIRST)?;
        Ok(notaries)
    }

    fn add(&mut self, tenant: Tenant) -> Result<(), Failure> {
        let witnesses = self.witnesses.iter().map(|place| Box::new(Folder(place.clone())) as Box<dyn Witness>).collect();
        let notary = Notary::open(&self.folder, tenant, signer(&self.folder)?, witnesses);
        let notary = notary.map_err(|error| Failure::failed(format!("the audit trail in {}: {error}", self.folder.display())))?;
        self.known.insert(tenant, notary);
        Ok(())
    }

    /// Signs what came in, tenant by tenant. What is not done is told, and tried again by the next call.
    pub(super) async fn sign(&mut self, store: &dyn Store, now: Instant) {
        let fresh = match self.tenants.table().await {
            Ok(table) => table.all().iter().map(|tenancy| tenancy.tenant()).filter(|tenant| !self.known.contains_key(tenant)).collect(),
            Err(error) => {
                tracing::warn!("which tenants there are is not known, and new ones are not signed for: {error}");
                Vec::new()
            }
        };
        for tenant in fresh {
            if let Err(failure) = self.add(tenant) {
                failure.lines.iter().for_each(|line| tracing::error!(tenant = tenant.0, "{line}"));
            }
        }
        for (Tenant(tenant), notary) in &mut self.known {
            match notary.checkpoint(store, now).await {
                Ok(made) => made.not_pushed.iter().for_each(|why| tracing::warn!(tenant, "a witness did not take a checkpoint: {why}")),
                Err(error) => tracing::error!(tenant, "the audit trail was not signed: {error}"),
            }
        }
    }
}
