//! All entries of a resource in few bytes.
//!
//! Small numbers and lengths are [varints](varint). Entries stand in the order given.

use std::fmt;

use fhir::definitions::ResourceType;
use fhir::primitive::Decimal;

use super::key::Kind;
use super::varint;
use crate::entry::{Entry, EntryValue, Local, Param, Quantity, Range, Span, Text, Token, Uri};

/// Bytes that [`encode_entries`] did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the entries of a resource are damaged: rebuild the index")
    }
}

impl std::error::Error for Damaged {}

/// How deep values may stand in values: composites and contained resources. FHIR has two levels.
const MAX_DEPTH: u8 = 4;

/// The shapes of an interval of numbers: which of its ends follow.
const OPEN: u8 = 0;
const UP_FROM: u8 = 1;
const UP_TO: u8 = 2;
const BETWEEN: u8 = 3;
const POINT: u8 = 4;

/// The entries as bytes.
pub fn encode_entries(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.len() * 24 + 2);
    put_entries(&mut out, entries);
    out
}

/// The entries that [`encode_entries`] made these bytes of. Values nested deeper than four levels count as damage.
pub fn decode_entries(bytes: &[u8]) -> Result<Vec<Entry>, Damaged> {
    decode_some_entries(bytes, |_| true)
}

/// Those of the entries whose parameter is `wanted`, in their order; the others cost little.
pub fn decode_some_entries(bytes: &[u8], wanted: impl Fn(Param) -> bool) -> Result<Vec<Entry>, Damaged> {
    let mut reader = Reader { rest: bytes };
    let entries = reader.entries(0, &wanted)?;
    if reader.rest.is_empty() { Ok(entries) } else { Err(Damaged) }
}

fn put_entries(out: &mut Vec<u8>, entries: &[Entry]) {
    varint::put(out, entries.len() as u64);
    for entry in entries {
        out.extend_from_slice(&entry.param.0.to_le_bytes());
        put_value(out, &entry.value);
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    varint::put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn put_range(out: &mut Vec<u8>, range: &Range) {
    let (shape, ends) = match (&range.low, &range.high) {
        (None, None) => (OPEN, [None, None]),
        (Some(low), None) => (UP_FROM, [Some(low), None]),
        (None, Some(high)) => (UP_TO, [Some(high), None]),
        (Some(low), Some(high)) if low == high => (POINT, [Some(low), None]),
        (Some(low), Some(high)) => (BETWEEN, [Some(low), Some(high)]),
    };
    out.push(shape);
    ends.into_iter().flatten().for_each(|end| out.extend_from_slice(&end.ordered_bytes()));
}

fn put_value(out: &mut Vec<u8>, value: &EntryValue) {
    match value {
        EntryValue::Token(token) => {
            out.push(Kind::Token as u8);
            put_text(out, &token.code);
            put_text(out, &token.system);
        }
        EntryValue::String(text) => {
            out.push(Kind::String as u8);
            put_text(out, &text.folded);
            put_text(out, &text.exact);
        }
        EntryValue::Date(span) => {
            out.push(Kind::Date as u8);
            out.extend_from_slice(&span.first.to_le_bytes());
            out.extend_from_slice(&span.last.to_le_bytes());
        }
        EntryValue::Number(range) => {
            out.push(Kind::Number as u8);
            put_range(out, range);
        }
        EntryValue::Quantity(quantity) => {
            out.push(Kind::Quantity as u8);
            put_range(out, &quantity.range);
            put_text(out, &quantity.system);
            put_text(out, &quantity.unit);
        }
        EntryValue::Local(local) => {
            out.push(Kind::Local as u8);
            put_text(out, &local.target);
        }
        EntryValue::Uri(uri) => {
            out.push(Kind::Uri as u8);
            put_text(out, &uri.uri);
            put_text(out, &uri.version);
        }
        EntryValue::Composite(components) => {
            out.push(Kind::Composite as u8);
            varint::put(out, components.len() as u64);
            components.iter().for_each(|component| put_value(out, component));
        }
        EntryValue::Point { lat, lon } => {
            out.push(Kind::Point as u8);
            out.extend_from_slice(&lat.to_le_bytes());
            out.extend_from_slice(&lon.to_le_bytes());
        }
        EntryValue::Contained { kind, id, entries } => {
            out.push(Kind::Contained as u8);
            put_text(out, kind.name());
            put_text(out, id);
            put_entries(out, entries);
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        self.take(N)?.try_into().map_err(|_| Damaged)
    }

    fn byte(&mut self) -> Result<u8, Damaged> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    /// A count of things that each take a byte or more: never more than bytes are left, so that damage cannot ask for memory.
    fn length(&mut self) -> Result<usize, Damaged> {
        let length = usize::try_from(varint::take(&mut self.rest).ok_or(Damaged)?).map_err(|_| Damaged)?;
        if length <= self.rest.len() { Ok(length) } else { Err(Damaged) }
    }

    fn text(&mut self) -> Result<Box<str>, Damaged> {
        let length = self.length()?;
        std::str::from_utf8(self.take(length)?).map(Box::from).map_err(|_| Damaged)
    }

    fn decimal(&mut self) -> Result<Decimal, Damaged> {
        let (decimal, taken) = Decimal::from_ordered_bytes(self.rest).ok_or(Damaged)?;
        self.take(taken)?;
        Ok(decimal)
    }

    fn range(&mut self) -> Result<Range, Damaged> {
        let (low, high) = match self.byte()? {
            OPEN => (None, None),
            UP_FROM => (Some(self.decimal()?), None),
            UP_TO => (None, Some(self.decimal()?)),
            BETWEEN => (Some(self.decimal()?), Some(self.decimal()?)),
            POINT => {
                let point = self.decimal()?;
                (Some(point.clone()), Some(point))
            }
            _ => return Err(Damaged),
        };
        Ok(Range { low, high })
    }

    fn entries(&mut self, depth: u8, wanted: &dyn Fn(Param) -> bool) -> Result<Vec<Entry>, Damaged> {
        let count = self.length()?;
        let mut entries = Vec::new();
        for _ in 0..count {
            let param = Param(u32::from_le_bytes(self.array()?));
            if wanted(param) {
                entries.push(Entry { param, value: self.value(depth)? });
            } else {
                self.skip_value(depth)?;
            }
        }
        Ok(entries)
    }

    fn skip_text(&mut self) -> Result<(), Damaged> {
        let length = self.length()?;
        self.take(length).map(drop)
    }

    /// Passes over what [`Reader::value`] would read.
    fn skip_value(&mut self, depth: u8) -> Result<(), Damaged> {
        match self.byte()? {
            kind if kind == Kind::Token as u8 || kind == Kind::String as u8 || kind == Kind::Uri as u8 => {
                self.skip_text()?;
                self.skip_text()
            }
            kind if kind == Kind::Date as u8 => self.take(16).map(drop),
            kind if kind == Kind::Number as u8 => self.range().map(drop),
            kind if kind == Kind::Quantity as u8 => {
                self.range()?;
                self.skip_text()?;
                self.skip_text()
            }
            kind if kind == Kind::Local as u8 => self.skip_text(),
            kind if kind == Kind::Composite as u8 && depth < MAX_DEPTH => {
                let count = self.length()?;
                (0..count).try_for_each(|_| self.skip_value(depth + 1))
            }
            kind if kind == Kind::Point as u8 => self.take(8).map(drop),
            kind if kind == Kind::Contained as u8 && depth < MAX_DEPTH => {
                self.skip_text()?;
                self.skip_text()?;
                self.entries(depth + 1, &|_| false).map(drop)
            }
            _ => Err(Damaged),
        }
    }

    fn value(&mut self, depth: u8) -> Result<EntryValue, Damaged> {
        Ok(match self.byte()? {
            kind if kind == Kind::Token as u8 => EntryValue::Token(Token { code: self.text()?, system: self.text()? }),
            kind if kind == Kind::String as u8 => EntryValue::String(Text { folded: self.text()?, exact: self.text()? }),
            kind if kind == Kind::Date as u8 => {
                EntryValue::Date(Span { first: i64::from_le_bytes(self.array()?), last: i64::from_le_bytes(self.array()?) })
            }
            kind if kind == Kind::Number as u8 => EntryValue::Number(self.range()?),
            kind if kind == Kind::Quantity as u8 => {
                EntryValue::Quantity(Quantity { range: self.range()?, system: self.text()?, unit: self.text()? })
            }
            kind if kind == Kind::Local as u8 => EntryValue::Local(Local { target: self.text()? }),
            kind if kind == Kind::Uri as u8 => EntryValue::Uri(Uri { uri: self.text()?, version: self.text()? }),
            kind if kind == Kind::Composite as u8 && depth < MAX_DEPTH => {
                let count = self.length()?;
                EntryValue::Composite((0..count).map(|_| self.value(depth + 1)).collect::<Result<_, _>>()?)
            }
            kind if kind == Kind::Point as u8 => {
                EntryValue::Point { lat: i32::from_le_bytes(self.array()?), lon: i32::from_le_bytes(self.array()?) }
            }
            kind if kind == Kind::Contained as u8 && depth < MAX_DEPTH => {
                let kind = ResourceType::parse(&self.text()?).ok_or(Damaged)?;
                EntryValue::Contained { kind, id: self.text()?, entries: self.entries(depth + 1, &|_| true)? }
            }
            _ => return Err(Damaged),
        })
    }
}
