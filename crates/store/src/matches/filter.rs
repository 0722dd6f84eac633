//! Whether a resource passes a filter.

use std::borrow::Cow;

use fhir::definitions::ResourceType;

use super::{compare_dates, test};
use crate::commit::{Instant, Key};
use crate::entry::{Entry, EntryValue, Param, Span};
use crate::query::{Filter, Subject};

/// What the id of a contained resource begins with, as a candidate and in a reference: so it is that of no resource of the store.
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

    /// Whether one of them passes the filter: [`any_referring`], or a shorter way to the same.
    fn has_referring(&self, kind: ResourceType, param: Param, target: &str, filter: &Filter) -> Result<bool, Self::Error>
    where
        Self: Sized,
    {
        any_referring(self, kind, param, target, filter)
    }
}

/// Whether one of the resources of a type that refer by `param` to `target` passes the filter. Each is looked at until one does.
pub fn any_referring<O: Others>(others: &O, kind: ResourceType, param: Param, target: &str, filter: &Filter) -> Result<bool, O::Error> {
    for other in &others.referring(kind, param, target)? {
        if passes(filter, other, others)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the resource passes the filter.
///
/// - A **parameter with several values** matches when one of its entries passes, also for `ne` and `ap`: a resource without an
///   entry matches none of them.
/// - **Not** turns the answer for the resource round: `:not` matches a resource without any entry of the parameter, and one with
///   several entries only when none of them passes (<http://hl7.org/fhir/R4/search.html#modifiers>).
/// - **`_lastUpdated`** is compared as a date of one millisecond.
/// - A **chain** looks at current versions only; a reference to a resource that is not there, is deleted or has a type that the
///   chain does not name leads nowhere. **`_has`** likewise. A reference to a contained resource leads into the resource around it,
///   from wherever in it; `_has` asks nothing of a contained resource, for nothing refers to it from outside.
/// - A **contained** resource passes by its own entries. It was written when the resource around it was.
///
/// It recurs as deep as the filter is nested: whoever builds filters from a request bounds that.
pub fn passes<O: Others>(filter: &Filter, candidate: &Candidate<'_>, others: &O) -> Result<bool, O::Error> {
    Looking { around: candidate, others }.passes(filter, candidate)
}

/// Which of a resource and those that it contains pass the filter of their type: its own key, and theirs, with ids that begin with `#`.
pub fn passing_inside<O: Others>(subjects: &[Subject], around: &Candidate<'_>, others: &O) -> Result<Vec<Key>, O::Error> {
    let looking = Looking { around, others };
    let mut found = Vec::new();
    for Subject { kind, filter } in subjects {
        if *kind == around.key.kind && looking.passes(filter, around)? {
            found.push(around.key.clone().into_owned());
        }
        for (_, inner) in looking.contained(*kind) {
            if looking.passes(filter, &inner)? {
                found.push(inner.key.into_owned());
            }
        }
    }
    Ok(found)
}

/// A look at one resource that stands alone, and at those inside it.
struct Looking<'l, 'c, O> {
    around: &'l Candidate<'c>,
    others: &'l O,
}

impl<'l, O: Others> Looking<'l, '_, O> {
    /// `candidate` is the resource itself, or one that it contains.
    fn passes(&self, filter: &Filter, candidate: &Candidate<'_>) -> Result<bool, O::Error> {
        Ok(match filter {
            Filter::All(filters) => {
                for each in filters {
                    if !self.passes(each, candidate)? {
                        return Ok(false);
                    }
                }
                true
            }
            Filter::Any(filters) => self.any_passes(filters.iter(), candidate)?,
            Filter::Not(filter) => !self.passes(filter, candidate)?,
            Filter::Id(ids) => {
                let id = candidate.key.id.strip_prefix(CONTAINED).unwrap_or(&candidate.key.id);
                ids.iter().any(|asked| **asked == *id)
            }
            Filter::LastUpdated(compare, asked) => {
                compare_dates(*compare, *asked, Span { first: candidate.last_updated, last: candidate.last_updated })
            }
            Filter::Match(param, asked) => values(candidate, *param).any(|value| test(asked, value)),
            Filter::Present(param) => values(candidate, *param).next().is_some(),
            Filter::Chain(param, ways) => self.chain_passes(*param, ways, candidate)?,
            Filter::Has(..) if candidate.key.id.starts_with(CONTAINED) => false,
            Filter::Has(kind, param, filter) => self.others.has_referring(*kind, *param, &candidate.key.to_string(), filter)?,
            Filter::Contained(kind, filter) => {
                for (_, inner) in self.contained(*kind) {
                    if self.passes(filter, &inner)? {
                        return Ok(true);
                    }
                }
                false
            }
        })
    }

    fn any_passes<'f>(&self, mut filters: impl Iterator<Item = &'f Filter>, candidate: &Candidate<'_>) -> Result<bool, O::Error> {
        filters.try_fold(false, |found, filter| Ok(found || self.passes(filter, candidate)?))
    }

    fn chain_passes(&self, param: Param, ways: &[(ResourceType, Filter)], candidate: &Candidate<'_>) -> Result<bool, O::Error> {
        for target in values(candidate, param).filter_map(local_key) {
            let filters = || ways.iter().filter(|(kind, _)| *kind == target.kind).map(|(_, filter)| filter);
            if let Some(id) = target.id.strip_prefix(CONTAINED) {
                // `#` alone is the resource around.
                if id.is_empty() && target.kind == self.around.key.kind && self.any_passes(filters(), self.around)? {
                    return Ok(true);
                }
                for (_, inner) in self.contained(target.kind).filter(|(known, _)| *known == id) {
                    if self.any_passes(filters(), &inner)? {
                        return Ok(true);
                    }
                }
            } else if let Some(other) = self.others.resource(&target)?
                && (Looking { around: &other, others: self.others }).any_passes(filters(), &other)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The resources of a type that stand inside, with their ids.
    fn contained(&self, asked: ResourceType) -> impl Iterator<Item = (&'l str, Candidate<'l>)> + use<'l, O> {
        let (around, last_updated) = (self.around, self.around.last_updated);
        values(around, Param::contained(around.key.kind)).filter_map(move |value| match value {
            EntryValue::Contained { kind, id, entries } if *kind == asked => {
                let key = Cow::Owned(Key::new(*kind, format!("{CONTAINED}{id}")));
                Some((&**id, Candidate { key, last_updated, entries: Cow::Borrowed(entries) }))
            }
            _ => None,
        })
    }
}

fn values<'a>(candidate: &'a Candidate<'_>, param: Param) -> impl Iterator<Item = &'a EntryValue> {
    candidate.entries.iter().filter(move |entry| entry.param == param).map(|entry| &entry.value)
}

/// The key that a local reference names; `None` for another value. That of a contained resource has an id that no resource of the store has.
pub fn local_key(value: &EntryValue) -> Option<Key> {
    let EntryValue::Local(local) = value else {
        return None;
    };
    let (kind, id) = local.target.split_once('/')?;
    Some(Key::new(ResourceType::parse(kind)?, id))
}
