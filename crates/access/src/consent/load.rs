//! The consents in force for a tenant, out of the store.

use std::collections::BTreeMap;

use fhir::definitions::ResourceType;
use fhir::json;
use search::Registry;
use store::commit::Tenant;
use store::query::{Page, Query};
use store::{ReadError, Store};

use super::{Directive, read};
use crate::criteria::{all, written};

/// How many active privacy consents a tenant has at most; those of a patient who says too much are one.
pub const MAX_CONSENTS: usize = 200_000;
/// How much the active privacy consents of one patient say at most: provisions, and codes, types, labels, references, periods, actors and purposes in them. A patient
/// whose consents say more is taken to deny everything. All that they say is in the grants of everybody else, for every type of resources.
pub const MAX_SAID: usize = 1000;
const PAGE: u32 = 1000;

/// What all active privacy consents say.
///
/// # Errors
/// When the store cannot be read, and when there are more than [`MAX_CONSENTS`]: whoever asks is refused then, for one that is not known might deny.
pub(crate) async fn load(store: &dyn Store, registry: &Registry, tenant: Tenant) -> Result<Vec<Directive>, ReadError> {
    let Some(kind) = ResourceType::parse("Consent") else { return Ok(Vec::new()) };
    let filter = all([written(registry, kind, "status", "active"), written(registry, kind, "scope", "patient-privacy")]);
    let mut query = Query { count: PAGE, ..Query::new(tenant, kind, filter) };
    let mut patients: BTreeMap<Box<str>, OfPatient> = BTreeMap::new();
    let mut count = 0;
    loop {
        let answer = store.search(&query).await?;
        let texts = answer.matches.iter().filter_map(|version| version.text());
        for directive in texts.filter_map(|text| read(&json::parse(text).ok()?)) {
            let of = patients.entry(directive.patient.clone()).or_default();
            count -= of.directives.len();
            of.add(directive);
            count += of.directives.len();
        }
        if count > MAX_CONSENTS {
            return Err(ReadError::TooCostly(format!("there are more than {MAX_CONSENTS} active consents about privacy")));
        }
        match answer.next {
            Some(place) => query.page = Page::After(place),
            None => return Ok(patients.into_values().flat_map(|of| of.directives).collect()),
        }
    }
}

/// The consents of one patient.
#[derive(Default)]
struct OfPatient {
    directives: Vec<Directive>,
    said: usize,
}

impl OfPatient {
    fn add(&mut self, directive: Directive) {
        if self.said > MAX_SAID {
            return;
        }
        self.said += directive.size();
        match self.said > MAX_SAID {
            true => self.directives = vec![directive.denying_everything()],
            false => self.directives.push(directive),
        }
    }
}
