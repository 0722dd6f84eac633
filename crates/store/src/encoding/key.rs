//! Values as keys.
//!
//! A key begins with the kind of the value and goes on with its parts. No key is the beginning of another one, so what
//! follows a key (a date, a row number) is found by its length. The order of keys is the order of [`EntryValue`],
//! but for three cases: an open high end comes after all numbers, strings of the same folded text (and contained resources of
//! the same type and id) are in the order of a hash, and so is what differs only behind a cap (below).
//!
//! | value | key |
//! |---|---|
//! | token | 1, code, system |
//! | string | 2, folded text, hash of the exact text |
//! | date | 3, first, last millisecond |
//! | number | 4, low, high end |
//! | quantity | 5, low, high end, system, unit |
//! | reference | 6, target |
//! | uri | 7, uri, version |
//! | composite | 8, the keys of its components, 0 |
//! | point | 9, latitude, longitude |
//! | contained resource | 10, type, id, hash of its entries |
//!
//! An interval has a second key, by which it is found from its end: [`put_end_key`].
//!
//! | value | second key |
//! |---|---|
//! | date longer than a day | 11, last, first millisecond |
//! | number with two ends | 12, high, low end |
//! | quantity with two ends | 13, high, low end, system, unit |
//!
//! **Long parts.** A text is kept whole up to [`TEXT_CAP_BYTES`] bytes. Of a longer one, the key has that many and a
//! 128-bit hash of the whole: equality stays exact, the order of two texts that differ only behind the cap is arbitrary,
//! and a search for a beginning that is longer than the cap looks at the entries themselves ([`KeyPrefix::is_exact`]).
//! A decimal is cut in the same way at [`DECIMAL_CAP_BYTES`].

use fhir::definitions::ResourceType;
use fhir::primitive::Decimal;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::encode_entries;
use crate::entry::{EntryValue, Range};

/// How many bytes of a text stand in a key.
pub const TEXT_CAP_BYTES: usize = 256;

/// How many bytes of a decimal stand in a key: about 250 digits.
pub const DECIMAL_CAP_BYTES: usize = 128;

/// The first byte of a value's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the value of the same name; the last three are described above")]
pub enum Kind {
    Token = 1,
    String = 2,
    Date = 3,
    Number = 4,
    Quantity = 5,
    Local = 6,
    Uri = 7,
    Composite = 8,
    Point = 9,
    Contained = 10,
    LongDate = 11,
    WideNumber = 12,
    WideQuantity = 13,
}

/// A date that is no longer than this is found by its beginning alone: one day.
pub const SHORT_DATE_MS: i64 = 86_400_000;

/// What the keys of all values that pass a test begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPrefix {
    /// The beginning.
    pub bytes: Vec<u8>,
    /// Whether all values whose keys begin so pass; otherwise each is looked at.
    pub is_exact: bool,
}

/// The key of a value.
pub fn value_key(value: &EntryValue) -> Vec<u8> {
    let mut key = Vec::with_capacity(48);
    put_value_key(&mut key, value);
    key
}

/// Appends the second key of an interval, which is in the order of its end. Says whether there is one: there is none of a value that is a
/// point, nor of a short date, for where its end lies follows from its beginning.
pub fn put_end_key(key: &mut Vec<u8>, value: &EntryValue) -> bool {
    match value {
        EntryValue::Date(span) if span.last.saturating_sub(span.first) > SHORT_DATE_MS => {
            key.extend_from_slice(&long_date_prefix(span.last));
            key.extend_from_slice(&ordered_i64(span.first));
        }
        EntryValue::Number(range) if is_wide(range) => put_wide(key, Kind::WideNumber, range),
        EntryValue::Quantity(quantity) if is_wide(&quantity.range) => {
            put_wide(key, Kind::WideQuantity, &quantity.range);
            put_text(key, &quantity.system);
            put_text(key, &quantity.unit);
        }
        _ => return false,
    }
    true
}

fn is_wide(range: &Range) -> bool {
    range.low.is_none() || range.low != range.high
}

/// What the second keys of dates begin with whose last millisecond is `last`.
pub fn long_date_prefix(last: i64) -> Vec<u8> {
    let mut bytes = vec![Kind::LongDate as u8];
    bytes.extend_from_slice(&ordered_i64(last));
    bytes
}

/// What the keys of tokens with this code begin with, whatever their system.
pub fn code_prefix(code: &str) -> KeyPrefix {
    let mut bytes = vec![Kind::Token as u8];
    put_text(&mut bytes, code);
    KeyPrefix { bytes, is_exact: true }
}

/// What the keys of strings begin with whose folded text begins with `folded`.
pub fn text_prefix(folded: &str) -> KeyPrefix {
    let mut bytes = vec![Kind::String as u8];
    let kept = folded.as_bytes().get(..TEXT_CAP_BYTES).unwrap_or(folded.as_bytes());
    put_escaped(&mut bytes, kept);
    KeyPrefix { bytes, is_exact: folded.len() <= TEXT_CAP_BYTES }
}

/// What the keys of strings begin with whose folded text is `folded`.
pub fn folded_prefix(folded: &str) -> KeyPrefix {
    let mut bytes = vec![Kind::String as u8];
    put_text(&mut bytes, folded);
    KeyPrefix { bytes, is_exact: true }
}

/// What the keys of uris begin with that are `uri`, whatever their version.
pub fn uri_prefix(uri: &str) -> KeyPrefix {
    let mut bytes = vec![Kind::Uri as u8];
    put_text(&mut bytes, uri);
    KeyPrefix { bytes, is_exact: true }
}

/// What the keys of uris begin with that begin with `start`.
pub fn uri_start(start: &str) -> KeyPrefix {
    let mut bytes = vec![Kind::Uri as u8];
    let kept = start.as_bytes().get(..TEXT_CAP_BYTES).unwrap_or(start.as_bytes());
    put_escaped(&mut bytes, kept);
    KeyPrefix { bytes, is_exact: start.len() <= TEXT_CAP_BYTES }
}

/// What the keys of references begin with that lead to a contained resource of the type.
pub fn local_contained_prefix(kind: ResourceType) -> Vec<u8> {
    let mut bytes = vec![Kind::Local as u8];
    put_escaped(&mut bytes, format!("{}/#", kind.name()).as_bytes());
    bytes
}

/// What the keys of dates begin with whose first millisecond is `first`.
pub fn date_prefix(first: i64) -> Vec<u8> {
    let mut bytes = vec![Kind::Date as u8];
    bytes.extend_from_slice(&ordered_i64(first));
    bytes
}

/// What the keys of numbers ([`Kind::Number`], [`Kind::Quantity`]) begin with whose low end is `low`, and the second keys of those
/// ([`Kind::WideNumber`], [`Kind::WideQuantity`]) whose high end it is: of a decimal that is cut
/// what is kept, without the hash. So these prefixes are in the order of the numbers, and equal for numbers that differ only behind the cut:
/// a range between two of them has, both ends included, all numbers that lie between.
pub fn number_prefix(kind: Kind, low: Option<&Decimal>) -> Vec<u8> {
    let Some(low) = low else {
        return vec![kind as u8, 0];
    };
    let mut bytes = vec![kind as u8, 1];
    bytes.extend(low.ordered_bytes().into_iter().take(DECIMAL_CAP_BYTES));
    bytes
}

/// What the keys of points begin with that have this latitude.
pub fn point_prefix(lat: i32) -> Vec<u8> {
    let mut bytes = vec![Kind::Point as u8];
    bytes.extend_from_slice(&ordered_i32(lat));
    bytes
}

/// What the keys of contained resources of a type begin with.
pub fn contained_prefix(kind: ResourceType) -> Vec<u8> {
    let mut bytes = vec![Kind::Contained as u8];
    put_text(&mut bytes, kind.name());
    bytes
}

fn ordered_i32(number: i32) -> [u8; 4] {
    (number.cast_unsigned() ^ (1 << 31)).to_be_bytes()
}

/// A number as eight bytes in the order of the numbers.
pub fn ordered_i64(number: i64) -> [u8; 8] {
    (number.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// Appends the key of a value.
pub fn put_value_key(key: &mut Vec<u8>, value: &EntryValue) {
    match value {
        EntryValue::Token(token) => {
            key.push(Kind::Token as u8);
            put_text(key, &token.code);
            put_text(key, &token.system);
        }
        EntryValue::String(text) => {
            key.extend_from_slice(&folded_prefix(&text.folded).bytes);
            key.extend_from_slice(&xxh3_64(text.exact.as_bytes()).to_be_bytes());
        }
        EntryValue::Date(span) => {
            key.extend_from_slice(&date_prefix(span.first));
            key.extend_from_slice(&ordered_i64(span.last));
        }
        EntryValue::Number(range) => put_range(key, Kind::Number, range),
        EntryValue::Quantity(quantity) => {
            put_range(key, Kind::Quantity, &quantity.range);
            put_text(key, &quantity.system);
            put_text(key, &quantity.unit);
        }
        EntryValue::Local(local) => {
            key.push(Kind::Local as u8);
            put_text(key, &local.target);
        }
        EntryValue::Uri(uri) => {
            key.push(Kind::Uri as u8);
            put_text(key, &uri.uri);
            put_text(key, &uri.version);
        }
        EntryValue::Composite(components) => {
            key.push(Kind::Composite as u8);
            components.iter().for_each(|component| put_value_key(key, component));
            key.push(0);
        }
        EntryValue::Point { lat, lon } => {
            key.extend_from_slice(&point_prefix(*lat));
            key.extend_from_slice(&ordered_i32(*lon));
        }
        EntryValue::Contained { kind, id, entries } => {
            key.extend_from_slice(&contained_prefix(*kind));
            put_text(key, id);
            key.extend_from_slice(&xxh3_64(&encode_entries(entries)).to_be_bytes());
        }
    }
}

fn put_range(key: &mut Vec<u8>, kind: Kind, range: &Range) {
    key.push(kind as u8);
    put_low(key, range.low.as_ref());
    put_high(key, range.high.as_ref());
}

fn put_wide(key: &mut Vec<u8>, kind: Kind, range: &Range) {
    key.push(kind as u8);
    put_high(key, range.high.as_ref());
    put_low(key, range.low.as_ref());
}

fn put_high(key: &mut Vec<u8>, high: Option<&Decimal>) {
    match high {
        Some(high) => {
            key.push(1);
            put_decimal(key, high);
        }
        None => key.push(2),
    }
}

fn put_low(key: &mut Vec<u8>, low: Option<&Decimal>) {
    match low {
        Some(low) => {
            key.push(1);
            put_decimal(key, low);
        }
        None => key.push(0),
    }
}

fn put_decimal(key: &mut Vec<u8>, decimal: &Decimal) {
    let bytes = decimal.ordered_bytes();
    match bytes.get(..DECIMAL_CAP_BYTES) {
        Some(kept) if bytes.len() > DECIMAL_CAP_BYTES => {
            key.extend_from_slice(kept);
            key.extend_from_slice(&xxh3_128(&bytes).to_be_bytes());
        }
        _ => key.extend_from_slice(&bytes),
    }
}

/// A text with its end: 0 0 when it is whole, 0 1 and the hash of the whole when it is cut.
fn put_text(key: &mut Vec<u8>, text: &str) {
    match text.as_bytes().get(..TEXT_CAP_BYTES) {
        Some(kept) if text.len() > TEXT_CAP_BYTES => {
            put_escaped(key, kept);
            key.extend_from_slice(&[0, 1]);
            key.extend_from_slice(&xxh3_128(text.as_bytes()).to_be_bytes());
        }
        _ => {
            put_escaped(key, text.as_bytes());
            key.extend_from_slice(&[0, 0]);
        }
    }
}

/// A zero byte is written as 0 255, so that 0 0 and 0 1 are ends that come before any text that goes on.
fn put_escaped(key: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        key.push(byte);
        if byte == 0 {
            key.push(0xff);
        }
    }
}
