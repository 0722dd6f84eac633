//! What an operator did with records and keys, told in the audit trail.

use std::sync::Arc;

use audit::happening::Entity;
use audit::{Happening, Outcome, Scribe, Site, What};
use interaction::Server;
use store::commit::{Commit, CommitError, Key, Tenant};

use crate::door::operator::Said;
use crate::settings::Settings;
use crate::wiring;

/// Tells.
pub struct Telling {
    server: Arc<Server>,
    scribe: Scribe,
}

impl Telling {
    /// Tells in the store of a server.
    pub fn new(settings: &Settings, server: Arc<Server>) -> Self {
        let new_id = {
            let server = server.clone();
            Box::new(move || server.new_id())
        };
        let site = Site { name: "Ward".into(), base_url: format!("{}/fhir", wiring::site(settings)).into() };
        Self { scribe: Scribe::new(site, server.parameters.clone(), new_id), server }
    }

    /// Tells that something was done to the keys, or to the record of a patient, and what came of it.
    pub async fn configured(&self, tenant: Tenant, patient: Option<&str>, (what, outcome): (String, Outcome)) -> Result<(), CommitError> {
        let patients = patient.map(Into::into).into_iter().collect();
        self.tell(tenant, Happening { patients, outcome, ..self.happening(tenant, What::Configuration(what.into())) }).await
    }

    /// Tells that a resource was removed for good, or with `record` all that belongs to a patient: what is left of it is this, and its address.
    pub async fn erased(&self, tenant: Tenant, key: &Key, record: bool) -> Result<(), CommitError> {
        let patients = if record { vec![key.id.clone()] } else { Vec::new() };
        let entities = vec![Entity { key: key.clone(), version: 0 }];
        let what = What::Operation(if record { "purge" } else { "expunge" }.into());
        self.tell(tenant, Happening { patients, entities, ..self.happening(tenant, what) }).await
    }

    /// Tells that everything was handed out in bulk, or the record of a patient.
    pub async fn exported(&self, tenant: Tenant, patient: Option<&str>) -> Result<(), CommitError> {
        let patients = patient.map(Into::into).into_iter().collect();
        self.tell(tenant, Happening { patients, ..self.happening(tenant, What::Export) }).await
    }

    fn happening(&self, tenant: Tenant, what: What) -> Happening {
        let who =
            Said { tenant: tenant.0, scope: "system/*.cruds".to_owned(), patient: None, tenant_name: None, administers: false, until: 0 }
                .principal(tenant)
                .map(Arc::new);
        Happening { who, ..Happening::new(self.server.clock.now(), tenant, what) }
    }

    async fn tell(&self, tenant: Tenant, happening: Happening) -> Result<(), CommitError> {
        let mut commit = Commit::new(tenant, "operator", "tell");
        commit.audit = self.scribe.puts(&happening, &[]);
        self.server.store.commit(commit).await.map(drop)
    }
}
