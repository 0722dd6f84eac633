//! Conditions: search criteria that choose a resource, as in `If-None-Exist` and in references within a transaction.

use fhir::definitions::ResourceType;
use store::query::{Filter, Query, Version};

use crate::table::Interaction;
use crate::{Context, Error};

/// What a condition chooses.
#[derive(Clone, Debug)]
pub enum Choice {
    /// No resource.
    None,
    /// One.
    One(Box<Version>),
    /// More than one.
    Many,
}

/// Reads criteria such as `identifier=http://hospital/mrn|12`.
///
/// [`Error::EmptyCondition`] when there are none, [`Error::BadRequest`] when one is unknown or malformed: criteria are never
/// passed over, as the condition would then choose too much. Value sets that they name are taken as they are now.
pub async fn parse(ctx: &Context, kind: ResourceType, criteria: &str, expression: &str) -> Result<Filter, Error> {
    ctx.permit(Interaction::SearchType, Some(kind))?;
    let empty = || Error::EmptyCondition { expression: expression.to_owned() };
    let criteria = criteria.strip_prefix('?').unwrap_or(criteria);
    let pairs = search::url::query_pairs(criteria).map_err(Error::BadRequest)?;
    if pairs.is_empty() {
        return Err(empty());
    }
    let filter = ctx.understood(false, |registry, context| search::parse_filter(registry, context, kind, &pairs)).await?;
    if filter == Filter::everything() { Err(empty()) } else { Ok(filter) }
}

/// The resource that `filter` chooses now.
pub async fn choose(ctx: &Context, kind: ResourceType, filter: &Filter) -> Result<Choice, Error> {
    let filter = filter.clone();
    let query = Query { count: 2, ..Query::new(ctx.tenant, kind, filter) };
    let mut matches = ctx.store().search(&query).await?.matches;
    Ok(match (matches.pop(), matches.is_empty()) {
        (None, _) => Choice::None,
        (Some(version), true) => Choice::One(Box::new(version)),
        (Some(_), false) => Choice::Many,
    })
}
