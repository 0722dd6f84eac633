//! Where in the index the values are that may pass a test.

use std::ops::Bound;

use store::encoding::key::{self, KeyPrefix, Kind, SHORT_DATE_MS};
use store::entry::{EntryValue, Local, Param, Span, Token, Uri};
use store::matches::latitudes_within;
use store::query::{AccessPath, Compare, NumberRange, Test, TokenSet};

use super::access::{Access, MOST_SIDE_BY_SIDE, Path, Range};
use super::budget::Result;
use super::view::View;
use super::{scan, stream};
use crate::index::keys;

/// The entries of a parameter whose values may pass a test.
struct Entries<'v> {
    view: &'v View<'v>,
    param: Param,
}

/// The way to what passes the test.
pub(crate) fn of_test(view: &View<'_>, param: Param, test: &Test) -> Result<Access> {
    let entries = Entries { view, param };
    let whole = |value: &EntryValue| Access::seek(Path::Values(vec![entries.at(&key::value_key(value))]));
    let scan = |kind| Access::sieve(vec![entries.below(&[kind as u8])], test, AccessPath::Scan);
    Ok(match test {
        Test::Token { system: Some(system), code: Some(code) } => {
            whole(&EntryValue::Token(Token { system: system.clone(), code: code.clone() }))
        }
        Test::Token { system: None, code: Some(code) } => entries.several(key::code_prefix(code))?,
        Test::AmongTokens(set) if set.len() <= MOST_SIDE_BY_SIDE => entries.each(set),
        // Of more, as many as there are in the index are met on the way through its values: there are fewer of them than in most large sets.
        Test::Token { code: None, .. } | Test::AmongTokens(_) => scan(Kind::Token),
        Test::Local(target) => whole(&EntryValue::Local(Local { target: target.clone() })),
        Test::Uri { uri, version: Some(version) } => whole(&EntryValue::Uri(Uri { uri: uri.clone(), version: version.clone() })),
        Test::Uri { uri, version: None } => entries.several(key::uri_prefix(uri))?,
        Test::UriOfVersion { uri, .. } => Access::sieve(vec![entries.below(&key::uri_prefix(uri).bytes)], test, AccessPath::Range),
        Test::UriBelow(base) => {
            let KeyPrefix { bytes, .. } = key::uri_start(base);
            Access::sieve(vec![entries.below(&bytes)], test, AccessPath::Range)
        }
        Test::UriAbove(_) => scan(Kind::Uri),
        Test::StartsWith(start) => {
            let KeyPrefix { bytes, is_exact } = key::text_prefix(start);
            Access { is_exact, ..Access::range(entries.below(&bytes)) }
        }
        Test::Folded(text) => entries.several(key::folded_prefix(text))?,
        Test::Other(_) => Access::sieve(vec![all_of(view, param)], test, AccessPath::Scan),
        // The exact text is a hash in the key.
        Test::Exactly(text) => whole(&EntryValue::String(text.clone())).inexact(),
        Test::Contains(_) | Test::EndsWith(_) | Test::Like { .. } => scan(Kind::String),
        Test::Date(compare, asked) => entries.dates(*compare, *asked, test),
        Test::Number(compare, asked) => entries.numbers([Kind::Number, Kind::WideNumber], *compare, asked, test),
        Test::Quantity { compare, range, .. } => entries.numbers([Kind::Quantity, Kind::WideQuantity], *compare, range, test),
        Test::Near { lat, distance_mm, .. } => {
            let (lowest, highest) = latitudes_within(*lat, *distance_mm);
            let range = (entries.from(&key::point_prefix(lowest)), entries.to(&key::point_prefix(highest)));
            Access::sieve(vec![range], test, AccessPath::Range)
        }
        Test::Composite(tests) => Access::sieve(vec![entries.composites(tests)], test, AccessPath::Range),
    })
}

/// All entries of a parameter, each once.
pub(crate) fn all_of(view: &View<'_>, param: Param) -> Range {
    let entries = Entries { view, param };
    (entries.from(&[]), Bound::Excluded(entries.at(&[Kind::LongDate as u8])))
}

impl Entries<'_> {
    fn at(&self, value: &[u8]) -> Vec<u8> {
        [&keys::entries_of(self.view.tenant, self.param), value].concat()
    }

    fn below(&self, prefix: &[u8]) -> Range {
        scan::below(&self.at(prefix))
    }

    fn from(&self, prefix: &[u8]) -> Bound<Vec<u8>> {
        Bound::Included(self.at(prefix))
    }

    /// Up to all that begins so.
    fn to(&self, prefix: &[u8]) -> Bound<Vec<u8>> {
        self.below(prefix).1
    }

    /// These tokens, side by side.
    fn each(&self, tokens: &TokenSet) -> Access {
        let mut values: Vec<_> = tokens.iter().map(|token| self.at(&key::value_key(&EntryValue::Token(token)))).collect();
        values.sort_unstable();
        Access::seek(Path::Values(values))
    }

    /// The values that begin so: side by side when they are few.
    fn several(&self, prefix: KeyPrefix) -> Result<Access> {
        let prefix = self.at(&prefix.bytes);
        Ok(match stream::distinct(self.view, &prefix, MOST_SIDE_BY_SIDE)? {
            Some(values) => Access::seek(Path::Values(values)),
            None => Access::range(scan::below(&prefix)),
        })
    }

    /// Where the dates are that compare so. Keys begin with the first millisecond; what ends after a moment begins at most a day before it, or
    /// has a key that begins with its last millisecond.
    fn dates(&self, compare: Compare, asked: Span, test: &Test) -> Access {
        let (start, end) = self.below(&[Kind::Date as u8]);
        let from = |first: i64| self.from(&key::date_prefix(first));
        let to = |first: i64| self.to(&key::date_prefix(first));
        let long = |last: i64| (self.from(&key::long_date_prefix(last)), self.to(&[Kind::LongDate as u8]));
        let short = |last: i64| last.saturating_sub(SHORT_DATE_MS);
        let ranges = match compare {
            Compare::Equal => vec![(from(asked.first), to(asked.last))],
            Compare::Less | Compare::EndsBefore => vec![(start, to(asked.first))],
            Compare::LessOrEqual => vec![(start, to(asked.last))],
            Compare::StartsAfter => vec![(from(asked.last), end)],
            Compare::Greater => vec![(from(short(asked.last)), end), long(asked.last)],
            Compare::GreaterOrEqual => vec![(from(short(asked.last).min(asked.first)), end), long(asked.last)],
            Compare::Approximately => vec![(from(short(asked.first)), to(asked.last)), long(asked.first)],
            Compare::NotEqual => return Access::sieve(vec![(start, end)], test, AccessPath::Scan),
        };
        Access::sieve(ranges, test, AccessPath::Range)
    }

    /// Where the numbers are that compare so: by their low end and, those with two ends, also by the high one.
    fn numbers(&self, [kind, wide]: [Kind; 2], compare: Compare, asked: &NumberRange, test: &Test) -> Access {
        let (start, end) = self.below(&[kind as u8]);
        let from = |number| self.from(&key::number_prefix(kind, Some(number)));
        let to = |number| self.to(&key::number_prefix(kind, Some(number)));
        let reaching = |number| (self.from(&key::number_prefix(wide, Some(number))), self.to(&[wide as u8]));
        let ranges = match compare {
            Compare::Equal => vec![(from(&asked.low), to(&asked.high))],
            Compare::Less | Compare::LessOrEqual | Compare::EndsBefore => vec![(start, to(&asked.value))],
            Compare::StartsAfter => vec![(from(&asked.value), end)],
            Compare::Greater | Compare::GreaterOrEqual => vec![(from(&asked.value), end), reaching(&asked.value)],
            Compare::Approximately => vec![(from(&asked.low), to(&asked.high)), reaching(&asked.low)],
            Compare::NotEqual => return Access::sieve(vec![(start, end)], test, AccessPath::Scan),
        };
        Access::sieve(ranges, test, AccessPath::Range)
    }

    /// Where the composites are whose first components are these tokens, and whose next one is a number within bounds.
    fn composites(&self, tests: &[Test]) -> Range {
        let mut prefix = vec![Kind::Composite as u8];
        for test in tests {
            match test {
                Test::Token { system: Some(system), code: Some(code) } => {
                    prefix.extend(key::value_key(&EntryValue::Token(Token { system: system.clone(), code: code.clone() })));
                }
                Test::Token { system: None, code: Some(code) } => {
                    prefix.extend(key::code_prefix(code).bytes);
                    break;
                }
                Test::Quantity { compare: Compare::Equal, range, .. } => {
                    let number = |number| [&prefix[..], &key::number_prefix(Kind::Quantity, Some(number))].concat();
                    return (self.from(&number(&range.low)), self.to(&number(&range.high)));
                }
                _ => break,
            }
        }
        self.below(&prefix)
    }
}
