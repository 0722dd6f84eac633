//! Keys, legal holds and erasures of a data directory: what an operator asks, and who keeps records when something is to be erased.
//!
//! - [`order`]: what can be asked, and what comes of it.
//! - [`control`]: how a command asks the server that holds the data directory.
//! - [`attendant`]: what a server does by itself: goes on with what was interrupted, and keeps copies.
//! - [`copies`]: the places that copies are kept at.
//! - [`telling`]: what was done, told in the audit trail.
//! - [`returned`]: what a backup that is put back must not bring back.

pub mod attendant;
pub mod control;
pub mod copies;
pub mod order;
pub mod returned;
pub mod telling;

use std::path::PathBuf;
use std::sync::Arc;

use interaction::erase::{Claim, Custodian, Withheld};
use store::commit::{Key, Tenant};
use store::contract::{Clock, Pending};
use vault::{Keyring, VaultError};

use crate::command::Failure;
use crate::door::keys;
use crate::settings::Settings;
use crate::{clock, wiring};

/// Keeps the records of a data directory: knows holds and how long things are kept, and destroys keys. The keys are opened when they are first asked for.
pub struct Keeper {
    settings: Settings,
    folder: PathBuf,
    /// Makes the store forget what it has in memory.
    forget: Box<dyn Fn() + Send + Sync>,
}

impl Keeper {
    /// The keeper of the data directory; `forget` makes its store forget the texts that it has in memory.
    ///
    /// Fails when the settings name no data directory.
    pub fn new(settings: &Settings, forget: impl Fn() + Send + Sync + 'static) -> Result<Arc<Self>, Failure> {
        Ok(Arc::new(Self { settings: settings.clone(), folder: wiring::data_dir(settings)?, forget: Box::new(forget) }))
    }

    /// Does something with the keys, on a thread that may block.
    fn with_keys<'a, T: Send + 'static>(
        &self,
        work: impl FnOnce(&Keyring) -> Result<T, VaultError> + Send + 'static,
    ) -> Pending<'a, Result<T, VaultError>> {
        let (settings, folder) = (self.settings.clone(), self.folder.clone());
        Box::pin(async move {
            let work = move || work(&*keys::of_process(&settings, &folder)?);
            let ended = |_| Err(VaultError::Records("the work ended unexpectedly".to_owned()));
            tokio::task::spawn_blocking(work).await.unwrap_or_else(ended)
        })
    }

    /// Brings the list of erasures to where copies of it are kept. What cannot be reached gets it later.
    async fn copy(&self) {
        let (settings, folder) = (self.settings.clone(), self.folder.clone());
        let problems = tokio::task::spawn_blocking(move || copies::ship(&settings, &folder)).await;
        for problem in problems.unwrap_or_default() {
            // A command has no log.
            match tracing::dispatcher::has_been_set() {
                true => tracing::error!("{problem}"),
                false => eprintln!("ward: {problem}"),
            }
        }
    }
}

impl Custodian for Keeper {
    fn may_erase<'a>(&'a self, asked: &'a Claim<'a>) -> Pending<'a, Result<(), Withheld>> {
        let (tenant, subjects) = (asked.tenant.0, asked.patients.iter().map(Key::to_string).collect::<Vec<_>>());
        let held = self.with_keys(move |ring| {
            let mut held = count(ring, tenant, None)?;
            for subject in &subjects {
                held += count(ring, tenant, Some(subject))?;
            }
            Ok(held)
        });
        let resources = asked.resources.iter().map(|(kind, at)| (kind.name(), *at));
        let kept = self.settings.retention.0.may_erase(resources, clock::of_process().now(), asked.by_law);
        Box::pin(async move {
            match held.await.map_err(|error| Withheld::Failed(error.to_string()))? {
                0 => kept.map_err(withheld),
                held => Err(Withheld::Held(held)),
            }
        })
    }

    fn begin<'a>(&'a self, tenant: Tenant, patient: &'a Key) -> Pending<'a, Result<(), Withheld>> {
        let (subject, now) = (patient.to_string(), clock::of_process().now());
        let begun = self.with_keys(move |ring| match ring.begin_erasure(tenant.0, Some(&subject), now) {
            // It was finished before, and something has come back since, or was never sealed.
            Err(VaultError::Destroyed) => Ok(()),
            begun => begun.map(drop),
        });
        Box::pin(async move {
            begun.await.map_err(withheld)?;
            self.copy().await;
            Ok(())
        })
    }

    fn finish<'a>(&'a self, tenant: Tenant, patient: &'a Key) -> Pending<'a, Result<(), Withheld>> {
        let (subject, now) = (patient.to_string(), clock::of_process().now());
        let finished = self.with_keys(move |ring| match ring.begin_erasure(tenant.0, Some(&subject), now) {
            Err(VaultError::Destroyed) => Ok(()),
            begun => begun.and_then(|id| ring.finish_erasure(id)),
        });
        Box::pin(async move {
            finished.await.map_err(withheld)?;
            (self.forget)();
            self.copy().await;
            Ok(())
        })
    }
}

/// How many holds are on a subject, or a tenant; none when its key is gone.
fn count(ring: &Keyring, tenant: u32, subject: Option<&str>) -> Result<usize, VaultError> {
    match ring.holds(tenant, subject) {
        Err(VaultError::Destroyed) => Ok(0),
        holds => holds.map(|holds| holds.len()),
    }
}

fn withheld(error: VaultError) -> Withheld {
    match error {
        VaultError::Held(count) => Withheld::Held(count),
        VaultError::Retained { until_ms } => Withheld::Retained(until_ms),
        other => Withheld::Failed(other.to_string()),
    }
}
