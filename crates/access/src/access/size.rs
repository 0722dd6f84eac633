//! How many bytes a grant takes, about.

use std::sync::Arc;

use fhir::definitions::ResourceType;
use store::query::{Filter, Test};

use crate::{ACTS, Grant, Verdict};

/// What a test takes, with what its allocations take beside their letters.
const NODE_BYTES: u64 = size_of::<Filter>() as u64 + 32;

/// About how many bytes a grant takes. A filter that several acts of a type share counts once.
pub(super) fn of(grant: &Grant) -> u64 {
    let mut bytes = (ResourceType::all().len() * ACTS.len() * size_of::<Verdict>()) as u64;
    for kind in ResourceType::all() {
        let mut seen: Vec<*const Filter> = Vec::with_capacity(ACTS.len());
        for act in ACTS {
            if let Verdict::Where(filter) = grant.verdict(kind, act)
                && !seen.contains(&Arc::as_ptr(filter))
            {
                seen.push(Arc::as_ptr(filter));
                bytes += size(filter);
            }
        }
    }
    bytes
}

fn size(filter: &Filter) -> u64 {
    let inside: u64 = match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().map(size).sum(),
        Filter::Not(filter) | Filter::Contained(_, filter) | Filter::Has(_, _, filter) => size(filter),
        Filter::Chain(_, ways) => ways.iter().map(|(_, filter)| size(filter)).sum(),
        Filter::Id(ids) => ids.iter().map(|id| id.len() as u64 + 32).sum(),
        Filter::Match(_, Test::Local(target)) => target.len() as u64,
        Filter::Match(..) | Filter::LastUpdated(..) | Filter::Present(_) => 0,
    };
    NODE_BYTES + inside
}
