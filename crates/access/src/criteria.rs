//! Criteria of rules and scopes as filters, and filters put together.

use fhir::Issue;
use fhir::definitions::ResourceType;
use search::{NoCodeSets, Registry, SearchContext};
use store::commit::{Instant, Tenant};
use store::query::Filter;

/// The filter of criteria on resources of a type; everything when there are none.
///
/// # Errors
/// What is wrong with them, as [`search::parse_filter`] says it. Value sets are asked of nobody: a criterion that names one is refused.
pub(crate) fn filter(registry: &Registry, kind: ResourceType, params: &[(String, String)], now: Instant) -> Result<Filter, Vec<Issue>> {
    if params.is_empty() {
        return Ok(Filter::everything());
    }
    let context = SearchContext {
        // Nothing in a condition depends on the tenant: whoever runs the filter says in whose data.
        tenant: Tenant(0),
        base_url: "",
        default_count: 1,
        max_count: 1,
        lenient: false,
        now,
        code_sets: &NoCodeSets,
        seal: &search::page::Checked,
    };
    search::parse_filter(registry, &context, kind, params)
}

/// The resources of a type that match a criterion written here, in the program; nothing when the type has no such parameter.
pub(crate) fn written(registry: &Registry, kind: ResourceType, name: &str, value: &str) -> Filter {
    filter(registry, kind, &[(name.to_owned(), value.to_owned())], 0).unwrap_or_else(|_| nothing())
}

/// No resource.
pub(crate) fn nothing() -> Filter {
    Filter::Any(Vec::new())
}

pub(crate) fn is_everything(filter: &Filter) -> bool {
    matches!(filter, Filter::All(all) if all.is_empty())
}

pub(crate) fn is_nothing(filter: &Filter) -> bool {
    matches!(filter, Filter::Any(any) if any.is_empty())
}

/// All of these.
pub(crate) fn all(filters: impl IntoIterator<Item = Filter>) -> Filter {
    let mut kept: Vec<Filter> = Vec::new();
    for filter in filters {
        match filter {
            Filter::All(inner) => inner.into_iter().for_each(|each| add(&mut kept, each)),
            other if is_nothing(&other) => return nothing(),
            other => add(&mut kept, other),
        }
    }
    if kept.len() == 1 { kept.remove(0) } else { Filter::All(kept) }
}

/// One of these.
pub(crate) fn any(filters: impl IntoIterator<Item = Filter>) -> Filter {
    let mut kept: Vec<Filter> = Vec::new();
    for filter in filters {
        match filter {
            other if is_everything(&other) => return Filter::everything(),
            Filter::Any(inner) => inner.into_iter().for_each(|each| add(&mut kept, each)),
            other => add(&mut kept, other),
        }
    }
    if kept.len() == 1 { kept.remove(0) } else { Filter::Any(kept) }
}

/// Whatever this is not.
pub(crate) fn not(filter: Filter) -> Filter {
    match filter {
        Filter::Not(inner) => *inner,
        other if is_everything(&other) => nothing(),
        other if is_nothing(&other) => Filter::everything(),
        other => Filter::Not(Box::new(other)),
    }
}

fn add(kept: &mut Vec<Filter>, filter: Filter) {
    if !kept.contains(&filter) {
        kept.push(filter);
    }
}
