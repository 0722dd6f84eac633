//! What a key tells of its value: so that an engine which reads keys need not look at the entry itself.

use fhir::primitive::Decimal;

use super::key::{DECIMAL_CAP_BYTES, Kind};
use crate::entry::{EntryValue, Local, Quantity, Range, Span, Text, Token, Uri};
use crate::matches;
use crate::query::Test;

/// How deep composites are read.
const MAX_DEPTH: u8 = 4;

/// Whether the value of this key ([`value_key`](super::value_key) or [`put_end_key`](super::key::put_end_key)) passes the test; `None` when the
/// key does not tell, because a long part of it is cut, or the test is about what no key has.
pub fn key_passes(test: &Test, key: &[u8]) -> Option<bool> {
    if !is_told(test) {
        return None;
    }
    let mut reader = Reader { rest: key };
    let value = reader.value(0)?;
    reader.rest.is_empty().then(|| matches::test(test, &value))
}

/// Whether the test is about what keys have. An exact text is a hash in them.
fn is_told(test: &Test) -> bool {
    match test {
        Test::Exactly(_) => false,
        Test::Composite(tests) => tests.iter().all(is_told),
        Test::Other(inner) => is_told(inner),
        _ => true,
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn i64(&mut self) -> Option<i64> {
        let bytes = self.take(8)?.try_into().ok()?;
        Some((u64::from_be_bytes(bytes) ^ (1 << 63)).cast_signed())
    }

    fn i32(&mut self) -> Option<i32> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some((u32::from_be_bytes(bytes) ^ (1 << 31)).cast_signed())
    }

    /// A text that is whole.
    fn text(&mut self) -> Option<Box<str>> {
        let mut text = Vec::new();
        loop {
            match (self.byte()?, self.rest.first()) {
                (0, Some(0xff)) => text.push(0),
                (0, Some(0)) => break,
                (0, _) => return None,
                (byte, _) => {
                    text.push(byte);
                    continue;
                }
            }
            self.take(1)?;
        }
        self.take(1)?;
        Some(String::from_utf8(text).ok()?.into())
    }

    /// A decimal that is whole: of one that is cut more than the cap would be read.
    fn decimal(&mut self) -> Option<Decimal> {
        let (decimal, taken) = Decimal::from_ordered_bytes(self.rest)?;
        self.take(taken)?;
        (taken <= DECIMAL_CAP_BYTES).then_some(decimal)
    }

    fn end(&mut self) -> Option<Option<Decimal>> {
        if self.byte()? == 1 { self.decimal().map(Some) } else { Some(None) }
    }

    fn quantity(&mut self, range: Range) -> Option<EntryValue> {
        Some(EntryValue::Quantity(Quantity { range, system: self.text()?, unit: self.text()? }))
    }

    fn value(&mut self, depth: u8) -> Option<EntryValue> {
        let kind = self.byte()?;
        let is = |each: Kind| kind == each as u8;
        Some(if is(Kind::Token) {
            EntryValue::Token(Token { code: self.text()?, system: self.text()? })
        } else if is(Kind::String) {
            let folded = self.text()?;
            self.take(8)?;
            EntryValue::String(Text { folded, exact: Box::default() })
        } else if is(Kind::Date) {
            EntryValue::Date(Span { first: self.i64()?, last: self.i64()? })
        } else if is(Kind::LongDate) {
            let last = self.i64()?;
            EntryValue::Date(Span { first: self.i64()?, last })
        } else if is(Kind::Number) {
            EntryValue::Number(Range { low: self.end()?, high: self.end()? })
        } else if is(Kind::WideNumber) {
            let high = self.end()?;
            EntryValue::Number(Range { low: self.end()?, high })
        } else if is(Kind::Quantity) {
            let range = Range { low: self.end()?, high: self.end()? };
            self.quantity(range)?
        } else if is(Kind::WideQuantity) {
            let high = self.end()?;
            let range = Range { low: self.end()?, high };
            self.quantity(range)?
        } else if is(Kind::Local) {
            EntryValue::Local(Local { target: self.text()? })
        } else if is(Kind::Uri) {
            EntryValue::Uri(Uri { uri: self.text()?, version: self.text()? })
        } else if is(Kind::Point) {
            EntryValue::Point { lat: self.i32()?, lon: self.i32()? }
        } else if is(Kind::Composite) && depth < MAX_DEPTH {
            let mut components = Vec::new();
            while *self.rest.first()? != 0 {
                components.push(self.value(depth + 1)?);
            }
            self.take(1)?;
            EntryValue::Composite(components)
        } else {
            return None;
        })
    }
}
