//! `:below` and `:above` of references: through the resources that others are part of (<http://hl7.org/fhir/R4/search.html#recursive>), and the
//! versions of what canonicals name (<http://hl7.org/fhir/R4/search.html#versions>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::entry::Param;
use store::query::{Filter, Test};

use super::value::Values;
use super::{any, value};
use crate::codes;
use crate::registry::hierarchy::parent;
use crate::registry::support::Modifier;

/// How many levels are gone through, the one that is named included.
pub(super) const MAX_LEVELS: usize = 64;

/// The filters of a value: references to the resource that it names, or to one of those that are part of it (`:below`) or that it is part of
/// (`:above`), up to [`MAX_LEVELS`].
pub(super) fn filters(values: &Values<'_>, text: &str) -> Result<Vec<Filter>, Issue> {
    let param = values.parameter.param;
    let named = value::reference(values, text)?;
    if values.parameter.has_versions() {
        return Ok(named.into_iter().map(|test| Filter::Match(param, of_version(test))).collect());
    }
    let mut filters = Vec::new();
    for test in named {
        if let Test::Local(target) = &test
            && let Some((kind, id)) = target.split_once('/')
            && let Some((kind, up)) = ResourceType::parse(kind).and_then(|kind| Some((kind, Param::of(kind.name(), parent(kind)?))))
        {
            let related = match values.asked.modifier {
                Some(Modifier::Below) => part_of(kind, up, target, MAX_LEVELS - 1),
                _ => around(kind, up, id, MAX_LEVELS - 1),
            };
            filters.push(Filter::Chain(param, vec![(kind, related)]));
        }
        filters.push(Filter::Match(param, test));
    }
    if filters.iter().all(|filter| matches!(filter, Filter::Match(..))) {
        let name = &*values.parameter.code;
        let rule = format!("a value of `{name}` with `:above` or `:below` is `Type/id` of a resource here that can be part of another one");
        return Err(Issue::error(codes::BAD_REFERENCE, IssueCode::Value, "", rule));
    }
    Ok(filters)
}

/// All versions, or those of the one that is named.
fn of_version(test: Test) -> Test {
    match test {
        Test::Uri { uri, version: Some(below) } => Test::UriOfVersion { uri, below },
        test => test,
    }
}

/// Resources that are part of the target, directly or through others.
fn part_of(kind: ResourceType, up: Param, target: &str, levels: usize) -> Filter {
    let direct = || Filter::Match(up, Test::Local(target.into()));
    (1..levels).fold(direct(), |nearer, _| any(vec![direct(), Filter::Chain(up, vec![(kind, nearer)])]))
}

/// Resources that the one of this id is part of, directly or through others.
fn around(kind: ResourceType, up: Param, id: &str, levels: usize) -> Filter {
    let itself = || Filter::Id(vec![id.into()]);
    (0..levels).fold(itself(), |nearer, _| any(vec![itself(), Filter::Has(kind, up, Box::new(nearer))]))
}
