//! What the index knows of date parameters: whether one of them is the date by which its type is ordered.
//!
//! It is, as long as every resource has at most one entry of the parameter, which begins at the resource's date. A search
//! for a range of such dates is then a part of the natural order. The longest entry tells how far an entry may reach
//! beyond its beginning. Both are kept for all versions ever indexed, so that they hold for each of them.

use std::collections::HashMap;

use store::commit::{Instant, Tenant};
use store::entry::{Entry, EntryValue, Param};

use super::{Index, Snapshot, keys};
use crate::error::{Result, StoreError};

/// What is known of a date parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateUse {
    /// Whether each resource has one entry at most, which begins at the resource's date.
    pub(crate) is_natural: bool,
    /// The longest time from an entry's first millisecond to its last.
    pub(crate) longest: i64,
}

impl DateUse {
    fn and(self, other: Self) -> Self {
        Self { is_natural: self.is_natural && other.is_natural, longest: self.longest.max(other.longest) }
    }

    fn encode(self) -> [u8; 9] {
        let mut out = [0; 9];
        out[0] = u8::from(self.is_natural);
        out[1..].copy_from_slice(&self.longest.to_be_bytes());
        out
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        match bytes.split_first() {
            Some((flag, rest)) if rest.len() == 8 => Ok(Self { is_natural: *flag == 1, longest: super::head::number(rest)?.cast_signed() }),
            _ => Err(StoreError::Damaged("what the index knows of a date cannot be read".to_owned())),
        }
    }
}

/// The date parameters of a resource, and how it uses them.
pub(crate) fn uses(date: Instant, entries: &[Entry]) -> Vec<(Param, DateUse)> {
    let mut uses: Vec<(Param, DateUse)> = Vec::new();
    for entry in entries {
        let EntryValue::Date(span) = entry.value else { continue };
        let found = DateUse { is_natural: span.first == date, longest: span.last.saturating_sub(span.first) };
        match uses.iter_mut().find(|(param, _)| *param == entry.param) {
            Some((_, known)) => *known = DateUse { is_natural: false, ..known.and(found) },
            None => uses.push((entry.param, found)),
        }
    }
    uses
}

fn key(tenant: Tenant, param: Param) -> Vec<u8> {
    keys::meta(&[&b"date"[..], &tenant.0.to_be_bytes(), &param.0.to_be_bytes()].concat())
}

/// What is known of a parameter in a snapshot; `None` when it has no entry.
pub(crate) fn known(snapshot: &Snapshot, tenant: Tenant, param: Param) -> Result<Option<DateUse>> {
    let found = snapshot.at.get(key(tenant, param))?;
    found.map(|bytes| DateUse::decode(&bytes)).transpose()
}

/// What is known, while it grows.
#[derive(Default)]
pub(crate) struct DateUses {
    known: HashMap<(Tenant, Param), DateUse>,
}

impl DateUses {
    /// Takes one more use into account. Gives the key and the value to be written when that changes something.
    pub(crate) fn add(&mut self, index: &Index, tenant: Tenant, param: Param, found: DateUse) -> Result<Option<(Vec<u8>, [u8; 9])>> {
        let before = match self.known.get(&(tenant, param)) {
            Some(known) => Some(*known),
            None => index.tree.snapshot().get(key(tenant, param))?.map(|bytes| DateUse::decode(&bytes)).transpose()?,
        };
        let after = before.map_or(found, |before| before.and(found));
        self.known.insert((tenant, param), after);
        Ok((before != Some(after)).then(|| (key(tenant, param), after.encode())))
    }
}
