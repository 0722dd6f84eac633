//! The audit trail of a server: its journal and its key, and who turns rows into AuditEvents ([`keeping`]) and signs what is there ([`notaries`]).

mod keeping;
mod notaries;
mod watching;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use audit::checkpoint::Signer;
use audit::journal;
use audit::notary::{Folder, Notary, Witness};
use audit::{Journal, Lookout, Materialiser, Scribe, Site};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use identity::Tenants;
use interaction::Server;
use rest::metrics::Gauge;
use store::Store;
use store::contract::Clock;

use self::keeping::Keeper;
use self::notaries::Notaries;
use self::watching::{Counted, Found};
use crate::command::Failure;
use crate::door::keys::JournalKeys;
use crate::secret_file;
use crate::settings::{SealBodies, Settings};
use crate::{clock, wiring};

/// The file with the seed of the key that signs checkpoints, in the data directory. Only its owner may read it.
const KEY_FILE: &str = "audit.key";

/// The name under which it signs.
const SIGNER: &str = "ward";

/// What a server tells of, and where.
pub struct Trail {
    /// Writes events.
    pub scribe: Arc<Scribe>,
    /// Takes what is read.
    pub journal: Arc<Journal>,
    /// Looks at what happens.
    pub lookout: Arc<Lookout>,
    folder: PathBuf,
    witnesses: Vec<PathBuf>,
    /// How often something looked suspicious.
    pub found: Arc<Found>,
}

impl Trail {
    /// The trail of a data directory. `site` is the address of the FHIR endpoint.
    ///
    /// Fails when the journal's files, or that with places, cannot be read or written, or the journal was sealed with keys that are not there.
    pub fn open(settings: &Settings, server: &Arc<Server>, site: &str) -> Result<Self, Failure> {
        let folder = wiring::data_dir(settings)?;
        let journal = Journal::open(journal::Settings {
            mode: settings.audit_reads.mode(),
            keys: Some(Arc::new(JournalKeys::new(settings, &folder))),
            is_sealed: settings.seal_bodies != SealBodies::Off,
            ..journal::Settings::new(&folder)
        });
        let journal = journal.map_err(|error| Failure::failed(format!("the journal of reads in {}: {error}", folder.display())))?;
        let new_id = {
            let server = server.clone();
            Box::new(move || server.new_id())
        };
        let site = Site { name: "Ward".into(), base_url: site.into() };
        let scribe = Scribe::new(site, server.parameters.clone(), new_id);
        let witnesses = Some(&settings.audit_witness).filter(|place| !place.is_empty()).map(PathBuf::from);
        let (journal, found) = (Arc::new(journal), Arc::<Found>::default());
        let counted = Counted::new(settings, found.clone())?;
        Ok(Self {
            scribe: Arc::new(scribe),
            lookout: Arc::new(Lookout::new(Box::new(counted), journal.clone())),
            journal,
            folder,
            witnesses: witnesses.into_iter().collect(),
            found,
        })
    }

    /// Makes AuditEvents of all rows that wait, for a command that works on the data directory alone.
    ///
    /// Fails when the journal or the store does; what was not done is done by the next one.
    pub async fn take_in(&self, store: Arc<dyn Store>) -> Result<(), Failure> {
        let failed = |error: &dyn std::fmt::Display| Failure::failed(format!("what was read was not told as AuditEvents: {error}"));
        self.journal.sync().map_err(|error| failed(&error))?;
        self.materialiser(store).run().await.map(drop).map_err(|error| failed(&error))
    }

    fn materialiser(&self, store: Arc<dyn Store>) -> Materialiser {
        let materialiser = Materialiser::new(self.journal.clone(), store, self.scribe.clone());
        materialiser.with_observer(Box::new(self.lookout.clone()))
    }

    /// Keeps it up until it is told to stop: rows become AuditEvents, and each minute what is there is signed, for each tenant by itself.
    pub fn keep(&self, store: Arc<dyn Store>, tenants: Arc<Tenants>) -> Result<Keeper, Failure> {
        let materialiser = self.materialiser(store.clone());
        let notaries = Notaries::open(&self.folder, self.witnesses.clone(), tenants)?;
        Keeper::start(materialiser, self.journal.clone(), notaries, store)
    }

    /// What the figures of a server say of it.
    pub fn gauges(journal: &Journal) -> Vec<Gauge> {
        let waiting = journal.waiting() as f64;
        vec![Gauge {
            name: "ward_audit_waiting_bytes",
            help: "Bytes of rows of the journal of reads that are no AuditEvents yet.",
            value: waiting,
        }]
    }
}

/// What signs the checkpoints of a data directory; its key is made when there is none.
pub fn signer(folder: &Path) -> Result<Signer, Failure> {
    let path = folder.join(KEY_FILE);
    let seed = secret_file::of(&path, || {
        let mut seed = [0; 32];
        SystemRandom::new().fill(&mut seed).map(|()| seed).map_err(|_| Failure::failed("the system gives no random bytes"))
    })?;
    Signer::new(SIGNER, &seed).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))
}

/// Signs that the store was restored from an older backup, for each tenant whose trail in the data directory `folder` goes on beyond it.
///
/// Fails when the store has something else than the beginning of what was signed.
pub async fn restored(settings: &Settings, folder: &Path, store: &dyn Store) -> Result<(), Failure> {
    for tenant in audit::notary::signed_for(folder).map_err(|error| unusable(folder, &error))? {
        let witness = Some(&settings.audit_witness).filter(|place| !place.is_empty());
        let witnesses = witness.map(|place| Box::new(Folder(place.into())) as Box<dyn Witness>).into_iter().collect();
        let mut notary = Notary::open(folder, tenant, signer(folder)?, witnesses).map_err(|error| unusable(folder, &error))?;
        let made = notary.restored(store, clock::of_process().now()).await.map_err(|error| unusable(folder, &error))?;
        made.not_pushed.iter().for_each(|why| eprintln!("ward: a witness did not take a checkpoint, the server tries again: {why}"));
        if let Some((checkpoint, _)) = made.checkpoint {
            let before = checkpoint.restored_from.unwrap_or_default();
            eprintln!(
                "checkpoint {} of the audit trail of tenant {} says that of {before} events the first {} are left",
                checkpoint.number, tenant.0, checkpoint.size
            );
        }
    }
    Ok(())
}

fn unusable(folder: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::failed(format!("the audit trail in {}: {error}", folder.display()))
}
