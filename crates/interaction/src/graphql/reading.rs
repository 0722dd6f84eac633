//! What references lead to: those of one type by one search for their ids.

use std::collections::BTreeMap;

use fhir::Value;
use fhir::definitions::ResourceType;
use store::query::{Filter, Query};

use super::resource;
use crate::references::{Target, target};
use crate::{Context, Error};

/// What they lead to, in their order; `None` for one that leads elsewhere, to nothing, or to a resource that was deleted.
pub(super) async fn read(ctx: &Context, references: &[String]) -> Result<Vec<Option<Value>>, Error> {
    let mut ids: BTreeMap<ResourceType, Vec<Box<str>>> = BTreeMap::new();
    let mut wanted = Vec::with_capacity(references.len());
    let mut read = BTreeMap::new();
    for reference in references {
        let Target::Local(key) = target(reference, &ctx.base_url) else {
            wanted.push(None);
            continue;
        };
        let version = reference.split_once("/_history/").map(|(_, version)| version.parse::<u64>().unwrap_or(0));
        match version {
            None => ids.entry(key.kind).or_default().push(key.id.clone()),
            // A reference to a version means that one, and there are few of them.
            Some(version) => {
                let found = ctx.store().vread(ctx.tenant, &key, version).await?.filter(|found| found.text().is_some());
                if let Some(found) = found {
                    read.insert((key.clone(), Some(version)), resource(&found)?);
                }
            }
        }
        wanted.push(Some((key, version)));
    }
    for (kind, mut ids) in ids {
        ids.sort_unstable();
        ids.dedup();
        let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let answer = ctx.store().search(&Query { count, ..Query::new(ctx.tenant, kind, Filter::Id(ids)) }).await?;
        for version in &answer.matches {
            read.insert((version.key.clone(), None), resource(version)?);
        }
    }
    // The same resource may be wanted under several addresses.
    Ok(wanted.into_iter().map(|wanted| wanted.and_then(|wanted| read.get(&wanted).cloned())).collect())
}
