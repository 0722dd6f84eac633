//! The resources of a data directory that no server holds.

use fhir::definitions::ResourceType;
use store::Store;
use store::query::{Filter, Query};

use super::{PAGE, Take};
use crate::command::Failure;
use crate::wiring;

/// Hands out the current resources of a type.
pub async fn each(engine: &dyn Store, kind: ResourceType, take: Take<'_>) -> Result<(), Failure> {
    let mut query = Query {
        tenant: wiring::TENANT,
        kind,
        filter: Filter::everything(),
        sort: Vec::new(),
        count: PAGE,
        after: None,
        total: false,
        include: Vec::new(),
    };
    loop {
        let answer = engine.search(&query).await.map_err(|error| Failure::failed(error.to_string()))?;
        for text in answer.matches.iter().filter_map(|version| version.text()) {
            take(text)?;
        }
        match answer.next {
            Some(place) => query.after = Some(place),
            None => return Ok(()),
        }
    }
}
