//! The keys of the index. All numbers are big-endian, so that the order of the bytes is the order of the numbers; those
//! that are wanted newest first are inverted.
//!
//! | space | key | value |
//! |---|---|---|
//! | [`Space::Current`] | tenant, type, id | [`Head`](super::head::Head) |
//! | [`Space::Resources`] | tenant, resource | [`Head`](super::head::Head), type, id |
//! | [`Space::Entries`] | tenant, parameter, value (an interval also by its end; two of a [pair](super::pairs)), date inverted, resource inverted | |
//! | [`Space::Lists`] | tenant, resource | date, all entries |
//! | [`Space::Versions`] | tenant, resource, version inverted | row, time, state |
//! | [`Space::History`] | tenant, type (255: all), row inverted | [`Written`](super::head::Written): its place in that history, time, resource |
//! | [`Space::Erased`] | as in the history, for the versions in it that were erased: their places stay | |
//! | [`Space::Meta`] | name | number |
//! | [`Space::Meta`] | `custom` | [`Custom`](super::custom::Custom) |
//! | [`Space::Meta`] | `wide`, tenant, type: [`pairs::wide`](super::pairs::wide) | |
//! | [`Space::Meta`] | `date`, tenant, parameter | [`DateUse`](super::dates::DateUse) |
//!
//! Every key begins with the byte of its space. An entry names the *resource* (the row of its first version), not the
//! version: an update touches the entries that changed and no others, and pages by key hold while resources are updated.

use std::sync::LazyLock;

use fhir::definitions::ResourceType;
use store::commit::{Instant, Key, NO_DATE, Tenant};
use store::entry::Param;

use super::head;
use crate::error::{Result, StoreError};

/// What keys are for: the first byte of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Meta = 1,
    Current = 2,
    Resources = 3,
    Lists = 4,
    Versions = 5,
    History = 6,
    Erased = 7,
    Entries = 8,
}

/// The type code that stands for all types in a history.
pub(crate) const ALL_KINDS: u8 = u8::MAX;

/// How many bytes of date and resource end an entry's key: seven and five.
pub(crate) const TAIL: usize = 12;

/// The first and the last millisecond that a tail can tell: a million years about 1970. [`NO_DATE`] comes before the first.
const TAIL_DATES: (Instant, Instant) = (-(1 << 55) + 1, (1 << 55) - 1);

/// The last resource that a tail can name: a million millions.
const LAST_RESOURCE: u64 = (1 << 40) - 1;

/// Where the value begins in an entry's key: behind space, tenant and parameter.
pub(crate) const VALUE: usize = 9;

/// Where the tenant ends in a key.
const TENANT_END: usize = 5;

/// Where the number of the resource ends in a key of [`Space::Resources`], [`Space::Lists`] and [`Space::Versions`].
pub(crate) const NUMBER_END: usize = TENANT_END + 8;

/// Where the row begins in a key of a history: behind space, tenant and type.
const HISTORY_ROW: usize = 6;

/// Where the id begins in a key of [`Space::Current`]: behind space, tenant and type.
pub(crate) const CURRENT_ID: usize = 6;

/// How long a logical id may be. FHIR allows 64.
pub(crate) const MOST_ID_BYTES: usize = 1024;

static KINDS: LazyLock<Vec<ResourceType>> = LazyLock::new(|| ResourceType::all().collect());

/// The code of a type: its place among all types. It is in the index only, whose fingerprint covers the list of types.
pub(crate) fn kind_code(kind: ResourceType) -> u8 {
    KINDS.binary_search(&kind).map_or(ALL_KINDS, |place| place as u8)
}

/// The type of a code.
pub(crate) fn kind_of(code: u8) -> Result<ResourceType> {
    KINDS.get(usize::from(code)).copied().ok_or_else(|| StoreError::Damaged(format!("the index has the unknown type code {code}")))
}

fn begin(space: Space, tenant: Tenant, capacity: usize) -> Vec<u8> {
    let mut key = Vec::with_capacity(TENANT_END + capacity);
    key.push(space as u8);
    key.extend_from_slice(&tenant.0.to_be_bytes());
    key
}

/// In [`Space::Meta`].
pub(crate) fn meta(name: &[u8]) -> Vec<u8> {
    [&[Space::Meta as u8], name].concat()
}

/// In [`Space::Current`].
pub(crate) fn current(tenant: Tenant, key: &Key) -> Vec<u8> {
    let mut out = begin(Space::Current, tenant, 1 + key.id.len());
    out.push(kind_code(key.kind));
    out.extend_from_slice(key.id.as_bytes());
    out
}

fn by_number(space: Space, tenant: Tenant, resource: u64) -> Vec<u8> {
    let mut out = begin(space, tenant, 16);
    out.extend_from_slice(&resource.to_be_bytes());
    out
}

/// In [`Space::Resources`].
pub(crate) fn resource(tenant: Tenant, resource: u64) -> Vec<u8> {
    by_number(Space::Resources, tenant, resource)
}

/// What all keys of [`Space::Resources`] come before.
pub(crate) fn resources_end() -> Vec<u8> {
    vec![Space::Resources as u8 + 1]
}

/// In [`Space::Lists`].
pub(crate) fn list(tenant: Tenant, resource: u64) -> Vec<u8> {
    by_number(Space::Lists, tenant, resource)
}

/// The tenant that a key begins with.
pub(crate) fn tenant_of(key: &[u8]) -> Result<Tenant> {
    let tenant = key.get(1..TENANT_END).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
    let tenant = tenant.ok_or_else(|| StoreError::Damaged("a key of the index is too short".to_owned()))?;
    Ok(Tenant(u32::from_be_bytes(tenant)))
}

/// What all keys of a resource in [`Space::Versions`] begin with.
pub(crate) fn versions_of(tenant: Tenant, resource: u64) -> Vec<u8> {
    by_number(Space::Versions, tenant, resource)
}

/// In [`Space::Versions`].
pub(crate) fn version(tenant: Tenant, resource: u64, version: u64) -> Vec<u8> {
    let mut out = versions_of(tenant, resource);
    out.extend_from_slice(&(!version).to_be_bytes());
    out
}

/// The version in a key of [`Space::Versions`].
pub(crate) fn version_of(key: &[u8]) -> Result<u64> {
    Ok(!key.get(TENANT_END + 8..).map(head::number).transpose()?.unwrap_or_default())
}

/// What all keys of a history begin with; the code is [`ALL_KINDS`] for that of all types.
pub(crate) fn history_of(tenant: Tenant, code: u8) -> Vec<u8> {
    let mut out = begin(Space::History, tenant, 9);
    out.push(code);
    out
}

/// In [`Space::History`].
pub(crate) fn history(tenant: Tenant, code: u8, row: u64) -> Vec<u8> {
    let mut out = history_of(tenant, code);
    out.extend_from_slice(&(!row).to_be_bytes());
    out
}

/// In [`Space::Erased`].
pub(crate) fn erased(tenant: Tenant, code: u8, row: u64) -> Vec<u8> {
    let mut out = begin(Space::Erased, tenant, 9);
    out.push(code);
    out.extend_from_slice(&(!row).to_be_bytes());
    out
}

/// The row in a key of a history.
pub(crate) fn history_row(key: &[u8]) -> Result<u64> {
    Ok(!key.get(HISTORY_ROW..).map(head::number).transpose()?.unwrap_or_default())
}

/// The parameter under which every resource of a type that is not deleted has one entry: a search without clauses reads it.
pub(crate) fn every(kind: ResourceType) -> Param {
    Param::of(kind.name(), "")
}

/// What all entries of a parameter begin with.
pub(crate) fn entries_of(tenant: Tenant, param: Param) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    put_entries_of(&mut out, tenant, param);
    out
}

/// Appends it.
pub(crate) fn put_entries_of(out: &mut Vec<u8>, tenant: Tenant, param: Param) {
    out.push(Space::Entries as u8);
    out.extend_from_slice(&tenant.0.to_be_bytes());
    out.extend_from_slice(&param.0.to_be_bytes());
}

/// The end of an entry's key: its place in the order by date, newest first, and then by age, youngest first.
pub(crate) fn tail(date: Instant, resource: u64) -> [u8; TAIL] {
    let (first, last) = TAIL_DATES;
    let date = if date == NO_DATE { first - 1 } else { date.clamp(first, last) };
    let place = (date.cast_unsigned() as u128 & ((1 << 56) - 1)) ^ (1 << 55);
    let both = !((place << 40) | u128::from(resource.min(LAST_RESOURCE)));
    let mut out = [0; TAIL];
    out.copy_from_slice(&both.to_be_bytes()[4..]);
    out
}

/// The date and the resource that a tail names.
pub(crate) fn tail_parts(tail: [u8; TAIL]) -> (Instant, u64) {
    let mut bytes = [0; 16];
    bytes[4..].copy_from_slice(&tail);
    let both = !u128::from_be_bytes(bytes);
    // The sign of the date, spread over the bits above its own.
    let date = (((both >> 40) as u64) << 8 ^ (1 << 63)).cast_signed() >> 8;
    let (first, last) = TAIL_DATES;
    let date = match date {
        // What has no beginning is dated just behind what has no date, and is told as the first: no real date comes near it.
        _ if date == first => NO_DATE + 1,
        _ if date == last => Instant::MAX,
        _ if date < first => NO_DATE,
        _ => date,
    };
    (date, both as u64 & LAST_RESOURCE)
}

/// The place before this one; `None` before the first.
pub(crate) fn before(mut tail: [u8; TAIL]) -> Option<[u8; TAIL]> {
    for byte in tail.iter_mut().rev() {
        *byte = byte.wrapping_sub(1);
        if *byte != u8::MAX {
            return Some(tail);
        }
    }
    None
}

/// Splits an entry's key into what comes before its tail, and the tail.
pub(crate) fn split_tail(key: &[u8]) -> Result<(&[u8], [u8; TAIL])> {
    key.split_last_chunk::<TAIL>()
        .map(|(head, tail)| (head, *tail))
        .ok_or_else(|| StoreError::Damaged("an entry of the index is too short".to_owned()))
}

/// Puts the resource's number into the key of an entry.
pub(crate) fn set_resource(key: &mut [u8], resource: u64) {
    if let Some(place) = key.last_chunk_mut::<5>() {
        place.copy_from_slice(&(!resource.min(LAST_RESOURCE)).to_be_bytes()[3..]);
    }
}

#[cfg(test)]
mod tests;
