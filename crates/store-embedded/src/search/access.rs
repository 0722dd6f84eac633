//! The ways in which the index can find what passes a filter.

use std::ops::Bound;

use fhir::definitions::ResourceType;
use store::commit::Key;
use store::encoding::key::{self, KeyPrefix, Kind};
use store::entry::{EntryValue, Local, Param, Span, Token, Uri};
use store::matches::latitudes_within;
use store::query::{Compare, Filter, NumberRange, Test};

use super::budget::Result;
use super::stream;
use super::view::View;
use super::{chain, scan};
use crate::index::keys;

/// How many values are read side by side, in order. More are collected and sorted.
pub(crate) const MOST_SIDE_BY_SIDE: usize = 64;

/// How many resources a chain or `_has` is turned into; of more, each candidate is looked at instead.
pub(crate) const MOST_LINKED: usize = 5_000;

/// A way to find the resources that may pass a filter.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) path: Path,
    /// Whether all that it finds pass.
    pub(crate) is_exact: bool,
}

/// Where to look.
#[derive(Debug)]
pub(crate) enum Path {
    /// At these values: keys of `entries` up to their tails. Each comes in natural order.
    Values(Vec<Vec<u8>>),
    /// In these ranges of keys of `entries`, which hold many values each.
    Ranges(Vec<Range>),
    /// At these resources.
    Keys(Vec<Key>),
}

/// A range of keys.
pub(crate) type Range = (Bound<Vec<u8>>, Bound<Vec<u8>>);

impl Access {
    fn exact(path: Path) -> Option<Self> {
        Some(Self { path, is_exact: true })
    }

    fn inexact(path: Path) -> Option<Self> {
        Some(Self { path, is_exact: false })
    }
}

/// The way to what passes the filter; `None` when the index has none.
pub(crate) fn access(view: &View<'_>, kind: ResourceType, filter: &Filter) -> Result<Option<Access>> {
    Ok(match filter {
        Filter::Id(ids) => Access::exact(Path::Keys(ids.iter().map(|id| Key::new(kind, id.clone())).collect())),
        Filter::Match(param, test) => of_test(view, *param, test)?,
        Filter::Present(param) => Access::exact(Path::Ranges(vec![all_of(view, *param)])),
        Filter::Any(filters) => any(view, kind, filters)?,
        Filter::Chain(param, ways) if view.is_plain() => chain::chained(view, *param, ways)?.and_then(Access::exact),
        Filter::Has(source, param, inner) if view.is_plain() => chain::had(view, kind, *source, *param, inner)?.and_then(Access::exact),
        Filter::All(filters) => match filters.as_slice() {
            [only] => access(view, kind, only)?,
            [] => Access::exact(Path::Values(every(view, kind))),
            _ => None,
        },
        Filter::Contained(inner, _) => {
            let prefix = [keys::entries_of(view.tenant, Param::contained(kind)), key::contained_prefix(*inner)].concat();
            Access::inexact(Path::Ranges(vec![scan::below(&prefix)]))
        }
        Filter::Not(_) | Filter::LastUpdated(..) | Filter::Chain(..) | Filter::Has(..) => None,
    })
}

/// The value that all resources of a type have.
pub(crate) fn every(view: &View<'_>, kind: ResourceType) -> Vec<Vec<u8>> {
    vec![keys::entries_of(view.tenant, keys::every(kind))]
}

/// The union of what the filters find; `None` when one of them cannot be found.
fn any(view: &View<'_>, kind: ResourceType, filters: &[Filter]) -> Result<Option<Access>> {
    let (mut values, mut ranges, mut found, mut is_exact) = (Vec::new(), Vec::new(), Vec::new(), true);
    for filter in filters {
        let Some(access) = access(view, kind, filter)? else {
            return Ok(None);
        };
        is_exact &= access.is_exact;
        match access.path {
            Path::Values(more) => values.extend(more),
            Path::Ranges(more) => ranges.extend(more),
            Path::Keys(more) => found.extend(more),
        }
    }
    let path = match (values.is_empty(), ranges.is_empty(), found.is_empty()) {
        (true, true, _) => Path::Keys(found),
        (false, true, true) => Path::Values(values),
        (_, _, true) => {
            ranges.extend(values.iter().map(|value| scan::below(value)));
            Path::Ranges(ranges)
        }
        _ => return Ok(None),
    };
    Ok(Some(Access { path, is_exact }))
}

fn of_test(view: &View<'_>, param: Param, test: &Test) -> Result<Option<Access>> {
    let at = |value: &[u8]| [&keys::entries_of(view.tenant, param), value].concat();
    let whole = |value: &EntryValue| Access::exact(Path::Values(vec![at(&key::value_key(value))]));
    Ok(match test {
        Test::Token { system: Some(system), code: Some(code) } => {
            whole(&EntryValue::Token(Token { system: system.clone(), code: code.clone() }))
        }
        Test::Token { system: None, code: Some(code) } => several(view, at(&key::code_prefix(code).bytes))?,
        Test::Local(target) => whole(&EntryValue::Local(Local { target: target.clone() })),
        Test::Uri { uri, version: Some(version) } => whole(&EntryValue::Uri(Uri { uri: uri.clone(), version: version.clone() })),
        Test::Uri { uri, version: None } => several(view, at(&key::uri_prefix(uri).bytes))?,
        Test::StartsWith(start) => {
            let KeyPrefix { bytes, is_exact } = key::text_prefix(start);
            Some(Access { path: Path::Ranges(vec![scan::below(&at(&bytes))]), is_exact })
        }
        Test::Date(compare, span) => Access::inexact(Path::Ranges(vec![dates(*compare, *span, at)])),
        Test::Number(compare, range) => Access::inexact(Path::Ranges(vec![numbers(Kind::Number, *compare, range, at)])),
        Test::Quantity { compare, range, .. } => Access::inexact(Path::Ranges(vec![numbers(Kind::Quantity, *compare, range, at)])),
        Test::Composite(tests) => composite(tests, at),
        Test::Token { code: None, .. } => Access::inexact(Path::Ranges(vec![scan::below(&at(&[Kind::Token as u8]))])),
        Test::Exactly(text) => Access::inexact(Path::Values(vec![at(&key::value_key(&EntryValue::String(text.clone())))])),
        Test::Folded(text) => Access::inexact(Path::Ranges(vec![scan::below(&at(&key::text_prefix(text).bytes))])),
        Test::Other(_) => Access::inexact(Path::Ranges(vec![all_of(view, param)])),
        Test::Contains(_) | Test::EndsWith(_) | Test::Like { .. } => {
            Access::inexact(Path::Ranges(vec![scan::below(&at(&[Kind::String as u8]))]))
        }
        Test::Near { lat, distance_mm, .. } => {
            let (lowest, highest) = latitudes_within(*lat, *distance_mm);
            let (from, to) = (at(&key::point_prefix(lowest)), at(&key::point_prefix(highest)));
            Access::inexact(Path::Ranges(vec![(Bound::Included(from), scan::below(&to).1)]))
        }
        Test::UriBelow(_) | Test::UriAbove(_) => Access::inexact(Path::Ranges(vec![scan::below(&at(&[Kind::Uri as u8]))])),
    })
}

/// All entries of a parameter.
fn all_of(view: &View<'_>, param: Param) -> Range {
    scan::below(&keys::entries_of(view.tenant, param))
}

/// The values that begin so: side by side when they are few.
fn several(view: &View<'_>, prefix: Vec<u8>) -> Result<Option<Access>> {
    let path = match stream::distinct(view, &prefix, MOST_SIDE_BY_SIDE)? {
        Some(values) => Path::Values(values),
        None => Path::Ranges(vec![scan::below(&prefix)]),
    };
    Ok(Access::exact(path))
}

/// Where the dates are that may compare so: keys begin with the first millisecond, which most prefixes bound.
fn dates(compare: Compare, asked: Span, at: impl Fn(&[u8]) -> Vec<u8>) -> Range {
    let from = |first: i64| Bound::Included(at(&key::date_prefix(first)));
    let to = |last: i64| scan::below(&at(&key::date_prefix(last))).1;
    let (start, end) = scan::below(&at(&[Kind::Date as u8]));
    match compare {
        Compare::Equal => (from(asked.first), to(asked.last)),
        Compare::Less | Compare::EndsBefore => (start, to(asked.first)),
        Compare::LessOrEqual | Compare::Approximately => (start, to(asked.last)),
        Compare::StartsAfter => (from(asked.last), end),
        Compare::NotEqual | Compare::Greater | Compare::GreaterOrEqual => (start, end),
    }
}

/// Where the numbers are that may compare so: keys begin with the low end.
fn numbers(kind: Kind, compare: Compare, asked: &NumberRange, at: impl Fn(&[u8]) -> Vec<u8>) -> Range {
    let place = |number| at(&key::number_prefix(kind, Some(number)));
    let (start, end) = scan::below(&at(&[kind as u8]));
    match compare {
        Compare::Equal => (Bound::Included(place(&asked.low)), scan::below(&place(&asked.high)).1),
        Compare::Less | Compare::LessOrEqual | Compare::EndsBefore => (start, scan::below(&place(&asked.value)).1),
        Compare::StartsAfter => (Bound::Included(place(&asked.value)), end),
        Compare::Approximately => (start, scan::below(&place(&asked.high)).1),
        Compare::NotEqual | Compare::Greater | Compare::GreaterOrEqual => (start, end),
    }
}

/// Where the composites are whose first components are these tokens.
fn composite(tests: &[Test], at: impl Fn(&[u8]) -> Vec<u8>) -> Option<Access> {
    let mut prefix = vec![Kind::Composite as u8];
    for test in tests {
        match test {
            Test::Token { system: Some(system), code: Some(code) } => {
                prefix.extend(key::value_key(&EntryValue::Token(Token { system: system.clone(), code: code.clone() })));
            }
            Test::Token { system: None, code: Some(code) } => {
                prefix.extend(key::code_prefix(code).bytes);
                break;
            }
            _ => break,
        }
    }
    Access::inexact(Path::Ranges(vec![scan::below(&at(&prefix))]))
}
