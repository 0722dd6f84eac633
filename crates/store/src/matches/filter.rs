//! Whether a resource passes a filter.

use std::borrow::Cow;

use fhir::definitions::ResourceType;

use super::{compare_dates, test};
use crate::commit::{Instant, Key};
use crate::entry::{Entry, EntryValue, Param, Span};
use crate::query::Filter;

/// What the id of a contained resource begins with, as a candidate: so no reference of the store leads to it.
const CONTAINED: char = '#';

/// A resource that is not deleted, in its current version, as a filter sees it.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// Which one.
    pub key: Cow<'a, Key>,
    /// When its current version was written.
    pub last_updated: Instant,
    /// Its index entries.
    pub entries: Cow<'a, [Entry]>,
}

/// The other resources of the tenant, which chains and `_has` ask about.
pub trait Others {
    /// Why an answer failed.
    type Error;

    /// The resource of this key; `None` when it does not exist, or is deleted.
    fn resource(&self, key: &Key) -> Result<Option<Candidate<'_>>, Self::Error>;

    /// The resources of a type that refer by `param` to `target` (`Patient/123`): those with a local entry of it.
    fn referring(&self, kind: ResourceType, param: Param, target: &str) -> Result<Vec<Candidate<'_>>, Self::Error>;
}

/// Whether the resource passes the filter.
///
/// - A **parameter with several values** matches when one of its entries passes, also for `ne` and `ap`: a resource without an
///   entry matches none of them.
/// - **Not** turns the answer for the resource round: `:not` matches a resource without any entry of the parameter, and one with
///   several entries only when none of them passes (<http://hl7.org/fhir/R4/search.html#modifiers>).
/// - **`_lastUpdated`** is compared as a date of one millisecond.
/// - A **chain** looks at current versions only; a reference to a resource that is not there, is deleted or has a type that the
///   chain does not name leads nowhere. **`_has`** likewise.
/// - A **contained** resource passes by its own entries. It was written when the resource around it was.
///
/// It recurs as deep as the filter is nested: whoever builds filters from a request bounds that.
pub fn passes<O: Others>(filter: &Filter, candidate: &Candidate<'_>, others: &O) -> Result<bool, O::Error> {
    Ok(match filter {
        Filter::All(filters) => {
            for each in filters {
                if !passes(each, candidate, others)? {
                    return Ok(false);
                }
            }
            true
        }
        Filter::Any(filters) => any_passes(filters.iter().map(|filter| (filter, candidate)), others)?,
        Filter::Not(filter) => !passes(filter, candidate, others)?,
        Filter::Id(ids) => {
            let id = candidate.key.id.strip_prefix(CONTAINED).unwrap_or(&candidate.key.id);
            ids.iter().any(|asked| **asked == *id)
        }
        Filter::LastUpdated(compare, asked) => {
            compare_dates(*compare, *asked, Span { first: candidate.last_updated, last: candidate.last_updated })
        }
        Filter::Match(param, asked) => values(candidate, *param).any(|value| test(asked, value)),
        Filter::Present(param) => values(candidate, *param).next().is_some(),
        Filter::Chain(param, ways) => chain_passes(*param, ways, candidate, others)?,
        Filter::Has(kind, param, filter) => {
            let referring = others.referring(*kind, *param, &candidate.key.to_string())?;
            any_passes(referring.iter().map(|other| (&**filter, other)), others)?
        }
        Filter::Contained(kind, filter) => contained_passes(*kind, filter, candidate, others)?,
    })
}

fn contained_passes<O: Others>(asked: ResourceType, filter: &Filter, around: &Candidate<'_>, others: &O) -> Result<bool, O::Error> {
    for value in values(around, Param::contained(around.key.kind)) {
        let EntryValue::Contained { kind, id, entries } = value else { continue };
        if *kind != asked {
            continue;
        }
        let key = Key::new(*kind, format!("{CONTAINED}{id}"));
        let inner = Candidate { key: Cow::Owned(key), last_updated: around.last_updated, entries: Cow::Borrowed(entries) };
        if passes(filter, &inner, others)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn values<'a>(candidate: &'a Candidate<'_>, param: Param) -> impl Iterator<Item = &'a EntryValue> {
    candidate.entries.iter().filter(move |entry| entry.param == param).map(|entry| &entry.value)
}

fn any_passes<'a, 'c: 'a, O: Others>(pairs: impl Iterator<Item = (&'a Filter, &'a Candidate<'c>)>, others: &O) -> Result<bool, O::Error> {
    for (filter, candidate) in pairs {
        if passes(filter, candidate, others)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn chain_passes<O: Others>(param: Param, ways: &[(ResourceType, Filter)], candidate: &Candidate<'_>, others: &O) -> Result<bool, O::Error> {
    for target in values(candidate, param).filter_map(local_key) {
        let filters = ways.iter().filter(|(kind, _)| *kind == target.kind).map(|(_, filter)| filter);
        if let Some(other) = others.resource(&target)?
            && any_passes(filters.map(|filter| (filter, &other)), others)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The key that a local reference names; `None` for another value.
pub fn local_key(value: &EntryValue) -> Option<Key> {
    let EntryValue::Local(local) = value else {
        return None;
    };
    let (kind, id) = local.target.split_once('/')?;
    Some(Key::new(ResourceType::parse(kind)?, id))
}
