//! Chains and `_has` turned into values and keys, when few resources stand on their other side.

use std::collections::HashSet;

use fhir::definitions::ResourceType;
use store::commit::Key;
use store::encoding::key;
use store::entry::{EntryValue, Local, Param};
use store::matches::filter::local_key;
use store::query::Filter;

use super::access::{Access, MOST_LINKED, Part, Path};
use super::budget::Result;
use super::passing::Passing;
use super::scan;
use super::stream::Tail;
use super::view::View;
use super::window::Window;
use crate::index::keys;

/// Where the resources are that refer by `param` to one for which a way's filter is true; `None` when there are many of these. Those that refer
/// to one that they contain themselves may pass: each is looked at.
pub(crate) fn chained(view: &View<'_>, param: Param, ways: &[(ResourceType, Filter)]) -> Result<Option<Access>> {
    let mut values = Vec::new();
    for (kind, filter) in ways {
        let Some(tails) = few(view, *kind, filter, MOST_LINKED)? else {
            return Ok(None);
        };
        for tail in tails {
            let (_, key) = view.by_number(keys::tail_parts(tail).1)?;
            let target = EntryValue::Local(Local { target: key.to_string().into() });
            values.push([keys::entries_of(view.tenant, param), store::encoding::value_key(&target)].concat());
        }
    }
    values.sort_unstable();
    values.dedup();
    let inside = inside(view, param, ways)?;
    let is_exact = inside.is_empty();
    let path = if !is_exact {
        let values = values.iter().map(|value| Part::all(scan::below(value)));
        Path::Ranges(values.chain(inside).collect())
    } else {
        Path::Values(values)
    };
    Ok(Some(Access { is_exact, ..Access::seek(path) }))
}

/// Where the resources are that refer by `param` to one of a way's type that they contain, as far as there are any.
fn inside(view: &View<'_>, param: Param, ways: &[(ResourceType, Filter)]) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for (kind, _) in ways {
        let prefix = [keys::entries_of(view.tenant, param), key::local_contained_prefix(*kind)].concat();
        let range = scan::below(&prefix);
        view.budget.read()?;
        if view.snapshot.at.range(range.clone()).next().is_some() {
            parts.push(Part::all(range));
        }
    }
    Ok(parts)
}

/// The resources of `kind` to which one of `source`, for which the filter is true, refers by `param`; `None` when there are more than `most` of these.
pub(crate) fn had(
    view: &View<'_>,
    kind: ResourceType,
    (source, param, filter): (ResourceType, Param, &Filter),
    most: usize,
) -> Result<Option<Path>> {
    let Some(tails) = few(view, source, filter, most)? else {
        return Ok(None);
    };
    let mut found: HashSet<Key> = HashSet::new();
    for tail in tails {
        let entries = view.some_entries(keys::tail_parts(tail).1, |each| each == param)?;
        let values = entries.iter().filter(|entry| entry.param == param).map(|entry| &entry.value);
        found.extend(values.filter_map(local_key).filter(|key| key.kind == kind));
    }
    Ok(Some(Path::Keys(found.into_iter().collect())))
}

/// The resources that pass; `None` when there are more than `most`.
fn few(view: &View<'_>, kind: ResourceType, filter: &Filter, most: usize) -> Result<Option<Vec<Tail>>> {
    let mut found = Passing::new(view, kind, filter, Window::default())?;
    let mut tails = Vec::new();
    while let Some(tail) = found.next()? {
        if tails.len() == most {
            return Ok(None);
        }
        tails.push(tail);
    }
    Ok(Some(tails))
}
