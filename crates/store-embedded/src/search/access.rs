//! The ways in which the index can find what passes a filter.

use std::ops::Bound;

use fhir::definitions::ResourceType;
use store::commit::Key;
use store::encoding::key;
use store::encoding::key_passes;
use store::entry::Param;
use store::query::{AccessPath, Filter, Test};

use super::budget::Result;
use super::view::View;
use super::window::Window;
use super::written::{self, Rows};
use super::{chain, probe, reach, scan};
use crate::index::keys;

/// How many values are read side by side. Of more, some entries of each are read, and then some more of those that are wanted.
pub(crate) const MOST_SIDE_BY_SIDE: usize = 64;

/// How many resources a chain or `_has` is turned into; of more, each candidate is looked at instead.
pub(crate) const MOST_LINKED: usize = 5_000;

/// How many a `_has` is turned into at once. To look whether a candidate is referred to costs little, and most pages are full before it is many.
const FEW_LINKED: usize = 256;

/// A way to find the resources that may pass a filter.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) path: Path,
    /// Whether all that it finds pass, unless a key did not tell.
    pub(crate) is_exact: bool,
    /// What it is called when a search is explained.
    pub(crate) name: AccessPath,
}

/// Where to look.
#[derive(Debug)]
pub(crate) enum Path {
    /// At these values: keys of `entries` up to their tails. Each comes in natural order.
    Values(Vec<Vec<u8>>),
    /// In these parts of `entries`, which hold many values each.
    Ranges(Vec<Part>),
    /// At these resources.
    Keys(Vec<Key>),
    /// At the versions of a type in these rows.
    Written(Rows),
}

/// A range of keys.
pub(crate) type Range = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// A range of `entries`, and what its values have to pass.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) range: Range,
    /// Where the value begins in a key.
    pub(crate) value_at: usize,
    /// `None`: all values in the range are meant.
    pub(crate) test: Option<Test>,
}

impl Part {
    /// All keys in a range.
    pub(crate) fn all(range: Range) -> Self {
        Self { range, value_at: keys::VALUE, test: None }
    }

    /// Whether the value of this key (up to its tail) passes; `None` when the key does not tell.
    pub(crate) fn passes(&self, key: &[u8]) -> Option<bool> {
        match &self.test {
            None => Some(true),
            Some(test) => key_passes(test, key.get(self.value_at..)?),
        }
    }
}

impl Access {
    pub(crate) fn seek(path: Path) -> Self {
        Self { path, is_exact: true, name: AccessPath::Seek }
    }

    /// All values in a range.
    pub(crate) fn range(range: Range) -> Self {
        Self { path: Path::Ranges(vec![Part::all(range)]), is_exact: true, name: AccessPath::Range }
    }

    /// What passes the test in some ranges.
    pub(crate) fn sieve(ranges: Vec<Range>, test: &Test, name: AccessPath) -> Self {
        let parts = ranges.into_iter().map(|range| Part { test: Some(test.clone()), ..Part::all(range) });
        Self { path: Path::Ranges(parts.collect()), is_exact: true, name }
    }

    /// The same, of which what it finds may not pass.
    pub(crate) fn inexact(self) -> Self {
        Self { is_exact: false, ..self }
    }
}

/// The way to what passes the filter; `None` when the index has none.
pub(crate) fn access(view: &View<'_>, kind: ResourceType, filter: &Filter) -> Result<Option<Access>> {
    access_linking(view, kind, filter, FEW_LINKED)
}

/// The same; a `_has` is turned into at most so many resources.
pub(crate) fn access_linking(view: &View<'_>, kind: ResourceType, filter: &Filter, most: usize) -> Result<Option<Access>> {
    Ok(match filter {
        Filter::Id(ids) => Some(Access::seek(Path::Keys(ids.iter().map(|id| Key::new(kind, id.clone())).collect()))),
        Filter::LastUpdated(compare, asked) => written::between(view, kind, *compare, *asked)?,
        Filter::Match(param, test) => Some(reach::of_test(view, *param, test)?),
        Filter::Present(param) => Some(Access { name: AccessPath::Scan, ..Access::range(reach::all_of(view, *param)) }),
        Filter::Any(filters) => any(view, kind, filters)?,
        Filter::Chain(param, ways) if view.is_plain() => chain::chained(view, *param, ways)?,
        Filter::Has(source, param, inner) if view.is_plain() => chain::had(view, kind, (*source, *param, inner), most)?.map(Access::seek),
        Filter::Contained(inner, _) => {
            let prefix = [keys::entries_of(view.tenant, Param::contained(kind)), key::contained_prefix(*inner)].concat();
            Some(Access { name: AccessPath::Scan, ..Access::range(scan::below(&prefix)) }.inexact())
        }
        Filter::All(filters) => match filters.as_slice() {
            [only] => access(view, kind, only)?,
            [] => Some(Access { name: AccessPath::Every, ..Access::seek(Path::Values(every(view, kind))) }),
            several => all(view, kind, several)?,
        },
        Filter::Not(_) | Filter::Chain(..) | Filter::Has(..) => None,
    })
}

/// The value that all resources of a type have.
pub(crate) fn every(view: &View<'_>, kind: ResourceType) -> Vec<Vec<u8>> {
    vec![keys::entries_of(view.tenant, keys::every(kind))]
}

/// The way to what passes that one of the filters which is taken to find least: what it finds may not pass the others. `None` when none can be
/// found.
fn all(view: &View<'_>, kind: ResourceType, filters: &[Filter]) -> Result<Option<Access>> {
    let mut accesses = filters.iter().map(|filter| access(view, kind, filter)).collect::<Result<Vec<_>>>()?;
    let is_narrow = |access: &Option<Access>| access.as_ref().is_some_and(|access| access.name != AccessPath::Scan);
    let place = match probe::leader(view, &accesses, Window::default())? {
        Some(leader) => Some(leader.place),
        None => accesses.iter().position(is_narrow).or_else(|| accesses.iter().position(Option::is_some)),
    };
    Ok(place.and_then(|place| accesses.swap_remove(place)).map(Access::inexact))
}

/// The union of what the filters find; `None` when one of them cannot be found.
fn any(view: &View<'_>, kind: ResourceType, filters: &[Filter]) -> Result<Option<Access>> {
    let (mut values, mut parts, mut found) = (Vec::new(), Vec::new(), Vec::new());
    let (mut is_exact, mut name) = (true, AccessPath::Seek);
    for filter in filters {
        let Some(access) = access(view, kind, filter)? else {
            return Ok(None);
        };
        is_exact &= access.is_exact;
        match access.path {
            Path::Values(more) => values.extend(more),
            Path::Keys(more) => found.extend(more),
            Path::Ranges(more) => {
                parts.extend(more);
                name = if name == AccessPath::Scan { name } else { access.name };
            }
            Path::Written(_) => return Ok(None),
        }
    }
    let path = match (values.is_empty(), parts.is_empty(), found.is_empty()) {
        (true, true, _) => Path::Keys(found),
        (false, true, true) => Path::Values(values),
        (_, _, true) => {
            parts.extend(values.iter().map(|value| Part::all(scan::below(value))));
            Path::Ranges(parts)
        }
        _ => return Ok(None),
    };
    Ok(Some(Access { path, is_exact, name }))
}
