//! What a sort by a parameter compares.

use fhir::primitive::Decimal;

use super::key::{self, Kind};
use crate::entry::EntryValue;

/// The bytes by which a sort orders a value: a beginning of its [`key::value_key`], so that whoever walks keys in order
/// walks in the order of the sort.
///
/// Strings are compared by their folded text as far as the key has it, dates by their first millisecond, numbers and
/// quantities by their low end as far as the key has it (a quantity's unit does not count), uris without their version; tokens (code, then
/// system), references and all others by the whole key.
pub fn sort_key(value: &EntryValue) -> Vec<u8> {
    match value {
        EntryValue::String(text) => {
            let mut bytes = key::folded_prefix(&text.folded).bytes;
            // What comes after the cap and its mark is a hash, which orders nothing.
            if text.folded.len() > key::TEXT_CAP_BYTES {
                bytes.truncate(bytes.len() - size_of::<u128>());
            }
            bytes
        }
        EntryValue::Date(span) => key::date_prefix(span.first),
        EntryValue::Number(range) => key::number_prefix(Kind::Number, range.low.as_ref()),
        EntryValue::Quantity(quantity) => key::number_prefix(Kind::Quantity, quantity.range.low.as_ref()),
        EntryValue::Uri(uri) => key::uri_prefix(&uri.uri).bytes,
        EntryValue::Token(_)
        | EntryValue::Local(_)
        | EntryValue::Composite(_)
        | EntryValue::Point { .. }
        | EntryValue::Contained { .. } => key::value_key(value),
    }
}

/// The [`sort_key`] of the value whose [`key::value_key`] this is; `None` when it is the key of no value.
pub fn sort_key_of(key: &[u8]) -> Option<&[u8]> {
    let (kind, rest) = key.split_first()?;
    let is = |each: Kind| *kind == each as u8;
    let length = if is(Kind::String) {
        end_of_text(rest)?.0
    } else if is(Kind::Uri) {
        let (end, is_cut) = end_of_text(rest)?;
        if is_cut { end + size_of::<u128>() } else { end }
    } else if is(Kind::Date) {
        size_of::<i64>()
    } else if is(Kind::Number) || is(Kind::Quantity) {
        let (shape, decimal) = rest.split_first()?;
        // A decimal that is cut is followed by a hash, as which more than the cap would be read.
        let whole = || Decimal::from_ordered_bytes(decimal).map_or(usize::MAX, |(_, length)| length);
        if *shape == 0 { 1 } else { 1 + whole().min(key::DECIMAL_CAP_BYTES) }
    } else {
        rest.len()
    };
    key.get(..1 + length)
}

/// Where a text ends, its mark included, and whether it is cut.
fn end_of_text(bytes: &[u8]) -> Option<(usize, bool)> {
    let mut place = 0;
    loop {
        match (bytes.get(place)?, bytes.get(place + 1)) {
            (0, Some(0xff)) => place += 2,
            (0, mark) => return Some((place + 2, *mark? != 0)),
            _ => place += 1,
        }
    }
}
