//! The consents in force for a tenant, out of the store.

use fhir::definitions::ResourceType;
use fhir::json;
use search::Registry;
use store::commit::Tenant;
use store::query::{Page, Query};
use store::{ReadError, Store};

use super::{Directive, read};
use crate::criteria::{all, written};

/// How many active privacy consents a tenant has at most.
pub const MAX_CONSENTS: usize = 200_000;
const PAGE: u32 = 1000;

/// What all active privacy consents say.
///
/// # Errors
/// When the store cannot be read, and when there are more than [`MAX_CONSENTS`]: whoever asks is refused then, for one that is not known might deny.
pub(crate) async fn load(store: &dyn Store, registry: &Registry, tenant: Tenant) -> Result<Vec<Directive>, ReadError> {
    let Some(kind) = ResourceType::parse("Consent") else { return Ok(Vec::new()) };
    let filter = all([written(registry, kind, "status", "active"), written(registry, kind, "scope", "patient-privacy")]);
    let mut query = Query { count: PAGE, ..Query::new(tenant, kind, filter) };
    let mut directives = Vec::new();
    loop {
        let answer = store.search(&query).await?;
        let texts = answer.matches.iter().filter_map(|version| version.text());
        directives.extend(texts.filter_map(|text| read(&json::parse(text).ok()?)));
        if directives.len() > MAX_CONSENTS {
            return Err(ReadError::TooCostly(format!("there are more than {MAX_CONSENTS} active consents about privacy")));
        }
        match answer.next {
            Some(place) => query.page = Page::After(place),
            None => return Ok(directives),
        }
    }
}
