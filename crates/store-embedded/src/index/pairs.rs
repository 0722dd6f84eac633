//! Pairs: what two parameters say of a resource, in one key, for what is asked together most.
//!
//! A chart asks for the newest results of a patient with a code. The patient has many others, and others have many with the code; under the pair
//! of both stands what is asked for and nothing else, in the order of the answer. A pair's key is one more entry of the resource, made of those that
//! it has: it comes and goes with them.
//!
//! The value in such a key is [`MARK`], then the key of the first parameter's value, then that of the second's (of an interval also that by its end).

use std::sync::LazyLock;

use fhir::definitions::ResourceType;
use store::commit::Tenant;
use store::encoding::key::Kind;
use store::entry::{Entry, EntryValue, Param};

use super::{Snapshot, keys};
use crate::error::Result;

/// What a pair's value begins with. No other value begins so: a pair is never taken for an entry of a parameter.
const MARK: u8 = u8::MAX;

/// How many keys a resource has of one pair. One with more has none of them, and is told of by [`wide`].
const MOST: usize = 64;

/// The parameters that make pairs, on every type that has both, with the kinds of their values.
const PAIRED: [(&str, Kind, &str, Kind); 3] = [
    ("patient", Kind::Local, "code", Kind::Token),
    ("patient", Kind::Local, "category", Kind::Token),
    ("code", Kind::Token, "value-quantity", Kind::Quantity),
];

/// A pair of parameters of a type.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) first: (Param, Kind),
    pub(crate) second: (Param, Kind),
    /// Under which its keys stand.
    param: Param,
}

static PAIRS: LazyLock<Vec<Vec<Pair>>> = LazyLock::new(|| {
    let pair = |kind: ResourceType, (first, first_kind, second, second_kind): (&str, Kind, &str, Kind)| Pair {
        first: (Param::of(kind.name(), first), first_kind),
        second: (Param::of(kind.name(), second), second_kind),
        param: Param::of(kind.name(), &format!("{first}+{second}")),
    };
    ResourceType::all().map(|kind| PAIRED.map(|paired| pair(kind, paired)).to_vec()).collect()
});

/// The pairs of a type.
pub(crate) fn of(kind: ResourceType) -> &'static [Pair] {
    PAIRS.get(usize::from(keys::kind_code(kind))).map_or(&[], Vec::as_slice)
}

impl Pair {
    /// What the keys begin with in which a value of the first parameter stands, up to the second's.
    pub(crate) fn put_beginning(&self, out: &mut Vec<u8>, tenant: Tenant) {
        keys::put_entries_of(out, tenant, self.param);
        out.push(MARK);
    }

    /// The values that a resource with these entries is found by: each of the first with each of the second. `None` when they are too many.
    pub(crate) fn values<'e>(&self, entries: &'e [Entry]) -> Option<Vec<(&'e EntryValue, &'e EntryValue)>> {
        let of = |(param, kind): (Param, Kind)| {
            entries.iter().filter(move |entry| entry.param == param && is_of(&entry.value, kind)).map(|entry| &entry.value)
        };
        let (firsts, seconds) = (of(self.first).count(), of(self.second).count());
        let pairs = || of(self.first).flat_map(|first| of(self.second).map(move |second| (first, second)));
        (firsts.saturating_mul(seconds) <= MOST).then(|| pairs().collect())
    }
}

/// Whether a value's key begins with this kind.
fn is_of(value: &EntryValue, kind: Kind) -> bool {
    match value {
        EntryValue::Local(_) => kind == Kind::Local,
        EntryValue::Token(_) => kind == Kind::Token,
        EntryValue::Quantity(_) => kind == Kind::Quantity,
        _ => false,
    }
}

/// Where the index says that a resource of the type has, or once had, more values than it has pairs of: pairs do not find everything then.
pub(crate) fn wide(tenant: Tenant, kind: ResourceType) -> Vec<u8> {
    keys::meta(&[&b"wide"[..], &tenant.0.to_be_bytes(), &[keys::kind_code(kind)]].concat())
}

/// Whether all resources of the type are found by their pairs.
pub(crate) fn find_all(snapshot: &Snapshot, tenant: Tenant, kind: ResourceType) -> Result<bool> {
    Ok(!snapshot.at.has(wide(tenant, kind))?)
}
