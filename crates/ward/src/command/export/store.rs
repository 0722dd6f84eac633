//! The resources of a data directory that no server holds.

use fhir::definitions::ResourceType;
use store::Store;
use store::commit::Tenant;
use store::query::{Filter, Page, Query};

use super::{PAGE, Take};
use crate::command::Failure;

/// Hands out the current resources of a tenant and type that pass.
pub async fn each(engine: &dyn Store, tenant: Tenant, (kind, filter): (ResourceType, Filter), take: Take<'_>) -> Result<(), Failure> {
    let mut query = Query { count: PAGE, ..Query::new(tenant, kind, filter) };
    loop {
        let answer = engine.search(&query).await.map_err(|error| Failure::failed(error.to_string()))?;
        for text in answer.matches.iter().filter_map(|version| version.text()) {
            take(text)?;
        }
        match answer.next {
            Some(place) => query.page = Page::After(place),
            None => return Ok(()),
        }
    }
}
