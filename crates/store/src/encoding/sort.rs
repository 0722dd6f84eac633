//! What a sort by a parameter compares.

use super::key::{self, Kind};
use crate::entry::EntryValue;

/// The bytes by which a sort orders a value: a beginning of its [`key::value_key`], so that whoever walks keys in order
/// walks in the order of the sort.
///
/// Strings are compared by their folded text as far as the key has it, dates by their first millisecond, numbers and
/// quantities by their low end as far as the key has it (a quantity's unit does not count), uris without their version; tokens (code, then
/// system), references and all others by the whole key.
pub fn sort_key(value: &EntryValue) -> Vec<u8> {
    let mut bytes = Vec::new();
    match value {
        EntryValue::String(text) => {
            key::put_folded(&mut bytes, text);
            // What comes after the cap and its mark is a hash, which orders nothing.
            if text.folded.len() > key::TEXT_CAP_BYTES {
                bytes.truncate(bytes.len() - size_of::<u128>());
            }
        }
        EntryValue::Date(span) => bytes = key::date_prefix(span.first),
        EntryValue::Number(range) => bytes = key::number_prefix(Kind::Number, range.low.as_ref()),
        EntryValue::Quantity(quantity) => bytes = key::number_prefix(Kind::Quantity, quantity.range.low.as_ref()),
        EntryValue::Uri(uri) => bytes = key::uri_prefix(&uri.uri).bytes,
        EntryValue::Token(_)
        | EntryValue::Local(_)
        | EntryValue::Composite(_)
        | EntryValue::Point { .. }
        | EntryValue::Contained { .. } => bytes = key::value_key(value),
    }
    bytes
}
