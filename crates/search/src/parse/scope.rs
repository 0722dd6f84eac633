//! Searches of more than one type: of the whole system, and of compartments.

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::commit::Key;
use store::query::Filter;

use super::{MAX_VALUES, Parser, Search, SearchContext, shortened};
use crate::registry::Registry;
use crate::{codes, compartment};

/// Understands the parameters of a search of the whole system: of the types that `_type` names, or of all. A parameter must be one of all of them.
///
/// # Errors
///
/// As [`parse`](super::parse); WARD-0340 for a name in `_type` that is no type.
pub fn parse_system(registry: &Registry, context: &SearchContext<'_>, params: &[(String, String)]) -> Result<Search, Vec<Issue>> {
    let (kinds, params) = chosen_types(params, ResourceType::all().collect())?;
    let mut search = Parser::new(registry, context, kinds).search(&params.criteria, &|_| None)?;
    search.self_params.splice(0..0, params.types);
    Ok(search)
}

/// Understands the parameters of a search of a compartment (<http://hl7.org/fhir/R4/search.html#compartment>): of one type, `Patient/12/Observation`,
/// or of all types that the compartment has, `Patient/12/*`, which `_type` may narrow.
///
/// # Errors
///
/// As [`parse_system`]; WARD-0342 when the owner has no compartment, or it has no resources of the type.
pub fn parse_compartment(
    registry: &Registry,
    context: &SearchContext<'_>,
    owner: &Key,
    kind: Option<ResourceType>,
    params: &[(String, String)],
) -> Result<Search, Vec<Issue>> {
    let members: Vec<ResourceType> = compartment::members(owner.kind).collect();
    let refused = |rule: String| vec![Issue::error(codes::NOT_IN_COMPARTMENT, IssueCode::NotFound, "", rule)];
    if members.is_empty() {
        return Err(refused(format!(
            "{} has no compartment: FHIR defines those of {}",
            owner.kind.name(),
            compartment::owners().join(", ")
        )));
    }
    if let Some(kind) = kind.filter(|kind| !members.contains(kind)) {
        return Err(refused(format!("the compartment of {} has no {}: search the type itself", owner.kind.name(), kind.name())));
    }
    let (kinds, params) = match kind {
        Some(kind) => (vec![kind], Chosen { criteria: params.to_vec(), types: Vec::new() }),
        None => chosen_types(params, members)?,
    };
    let of_compartment = |kind| Some(compartment::filter(registry, owner, kind).unwrap_or(Filter::Any(Vec::new())));
    let parser = Parser { scope: owner.to_string(), ..Parser::new(registry, context, kinds) };
    let mut search = parser.search(&params.criteria, &of_compartment)?;
    search.self_params.splice(0..0, params.types);
    Ok(search)
}

/// Parameters, those that choose types apart.
struct Chosen {
    criteria: Vec<(String, String)>,
    types: Vec<(String, String)>,
}

/// The types that `_type` leaves of these, each once.
fn chosen_types(params: &[(String, String)], mut kinds: Vec<ResourceType>) -> Result<(Vec<ResourceType>, Chosen), Vec<Issue>> {
    let (types, criteria): (Vec<_>, Vec<_>) = params.iter().cloned().partition(|(name, _)| name == "_type");
    let mut issues = Vec::new();
    for (_, value) in &types {
        let mut named = Vec::new();
        for name in value.split(',').take(MAX_VALUES) {
            match ResourceType::parse(name) {
                Some(kind) => named.push(kind),
                None => {
                    let near = fhir::nearest(name, ResourceType::all().map(ResourceType::name));
                    let near = near.map(|near| format!(", did you mean {near}?")).unwrap_or_default();
                    let rule = format!("`_type` names `{}`, which is no resource type{near}", shortened(name));
                    issues.push(Issue::error(codes::BAD_TYPE, IssueCode::Value, "", rule));
                }
            }
        }
        kinds.retain(|kind| named.contains(kind));
    }
    if issues.is_empty() { Ok((kinds, Chosen { criteria, types })) } else { Err(issues) }
}
