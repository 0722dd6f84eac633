//! search: the resources that match, of a type, of the whole system or of a compartment, a page at a time
//! (<http://hl7.org/fhir/R4/http.html#search>).

mod contained;
mod explanation;
mod searchset;

use ::search::{Search, parse, parse_compartment, parse_system};
use bytes::Bytes;
use fhir::Issue;
use fhir::definitions::ResourceType;
use store::commit::Key;

use crate::{Context, Error};

/// Where is looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchScope {
    /// Among the resources of all types, or of those that `_type` names.
    System,
    /// Among those of one type.
    Type(ResourceType),
    /// Among those in the compartment of a resource, of one type or of all that it has.
    Compartment(Key, Option<ResourceType>),
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// Where.
    pub scope: SearchScope,
    /// The parameters, decoded, in their order.
    pub params: Vec<(String, String)>,
    /// Whether unknown parameters are passed over and reported, and not refused: `Prefer: handling=lenient`.
    pub lenient: bool,
}

/// The JSON text of a Bundle of type searchset: what matches, then what was included, then what is to be said of the search: parameters that
/// were passed over, and how the answer was found when `_explain` asks for it.
///
/// [`Error::BadRequest`] names every parameter that is unknown or malformed, [`Error::Missing`] is for a compartment that there is not,
/// [`Error::TooCostly`] when the search would touch too much, or a failure of the store.
pub async fn search(ctx: &Context, request: SearchRequest) -> Result<Bytes, Error> {
    let search = understand(ctx, &request)?;
    let answer = ctx.store().search(&search.query).await?;
    Ok(searchset::searchset(ctx, &request.scope, &search, &answer))
}

/// The search as a plan; the errors are those of [`search`].
pub(crate) fn understand(ctx: &Context, request: &SearchRequest) -> Result<Search, Error> {
    let SearchRequest { scope, params, lenient } = request;
    let (registry, context) = (&ctx.server.registry, ctx.search_context(*lenient));
    let understood = match scope {
        SearchScope::System => parse_system(registry, &context, params),
        SearchScope::Type(kind) => parse(registry, &context, *kind, params),
        SearchScope::Compartment(owner, kind) => parse_compartment(registry, &context, owner, *kind, params),
    };
    let is_place = |issue: &Issue| issue.number == ::search::codes::NOT_IN_COMPARTMENT;
    understood.map_err(|issues| if issues.iter().all(is_place) { Error::Missing(issues) } else { Error::BadRequest(issues) })
}
