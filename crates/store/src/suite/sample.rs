//! Resources, entries and filters of the cases, in few words.

use fhir::definitions::ResourceType;
use fhir::primitive::Decimal;

use crate::commit::{Commit, Instant, Key, NO_DATE, Put, Tenant};
use crate::entry::{Entry, EntryValue, Local, Param, Quantity, Range, Span, Text, Token, Uri};
use crate::query::{Compare, Filter, NumberRange, Query, Test};

use super::synthetic;

/// Whose data most cases use.
pub(super) const TENANT: Tenant = Tenant(7);

pub(super) fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).expect("a resource type")
}

/// `Patient/1`.
pub(super) fn key(reference: &str) -> Key {
    let (kind_name, id) = reference.split_once('/').expect("a type and an id");
    Key::new(kind(kind_name), id)
}

/// An empty commit.
pub(super) fn act() -> Commit {
    Commit::new(TENANT, "Practitioner/1", "test")
}

/// The parameter `code` of Observation, which most cases search.
pub(super) fn param(code: &str) -> Param {
    Param::of("Observation", code)
}

/// A resource in the making.
pub(super) struct Sample {
    key: Key,
    entries: Vec<Entry>,
    date: Instant,
    mark: u64,
}

/// The resource `Observation/1` without entries.
pub(super) fn sample(reference: &str) -> Sample {
    Sample { key: key(reference), entries: Vec::new(), date: NO_DATE, mark: 0 }
}

impl Sample {
    /// With this value of the parameter `code` of its type.
    pub(super) fn with(mut self, code: &str, value: EntryValue) -> Self {
        self.entries.push(Entry { param: Param::of(self.key.kind.name(), code), value });
        self
    }

    pub(super) fn dated(mut self, date: Instant) -> Self {
        self.date = date;
        self
    }

    pub(super) fn marked(mut self, mark: u64) -> Self {
        self.mark = mark;
        self
    }

    pub(super) fn put(self) -> Put {
        synthetic::put(self.key, self.entries, self.date, self.mark)
    }
}

pub(super) fn token(system: &str, code: &str) -> EntryValue {
    EntryValue::Token(Token { code: code.into(), system: system.into() })
}

/// A text, folded by making it lower case.
pub(super) fn text(exact: &str) -> EntryValue {
    EntryValue::String(Text { folded: exact.to_lowercase().into(), exact: exact.into() })
}

/// The test for exactly this text.
pub(super) fn exactly(exact: &str) -> Test {
    Test::Exactly(Text { folded: exact.to_lowercase().into(), exact: exact.into() })
}

pub(super) fn date(first: i64, last: i64) -> EntryValue {
    EntryValue::Date(Span { first, last })
}

pub(super) fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect("a decimal")
}

pub(super) fn range(low: Option<&str>, high: Option<&str>) -> Range {
    Range { low: low.map(decimal), high: high.map(decimal) }
}

pub(super) fn number(value: &str) -> EntryValue {
    EntryValue::Number(range(Some(value), Some(value)))
}

pub(super) fn quantity(value: &str, system: &str, unit: &str) -> EntryValue {
    EntryValue::Quantity(Quantity { range: range(Some(value), Some(value)), system: system.into(), unit: unit.into() })
}

pub(super) fn local(target: &str) -> EntryValue {
    EntryValue::Local(Local { target: target.into() })
}

pub(super) fn uri(uri: &str, version: &str) -> EntryValue {
    EntryValue::Uri(Uri { uri: uri.into(), version: version.into() })
}

/// What is asked for with `value`, which stands for what lies within `tolerance` of it.
pub(super) fn around(value: &str, tolerance: &str) -> NumberRange {
    let (value, tolerance) = (decimal(value), decimal(tolerance));
    NumberRange { low: value.plus(&tolerance.negated()), high: value.plus(&tolerance), value }
}

/// Observations with a value of the parameter `code` that passes.
pub(super) fn has(code: &str, test: Test) -> Filter {
    Filter::Match(param(code), test)
}

/// A token's test: `|a`, `s|a`, `a`, `s|` as FHIR writes them.
pub(super) fn coded(asked: &str) -> Test {
    let known = |text: &str| (!text.is_empty()).then(|| Box::from(text));
    match asked.split_once('|') {
        Some((system, code)) => Test::Token { system: Some(system.into()), code: known(code) },
        None => Test::Token { system: None, code: known(asked) },
    }
}

pub(super) fn dated(compare: Compare, first: i64, last: i64) -> Test {
    Test::Date(compare, Span { first, last })
}

/// A search of Observations.
pub(super) fn query(filter: Filter) -> Query {
    query_of("Observation", filter)
}

/// A search of a type.
pub(super) fn query_of(of: &str, filter: Filter) -> Query {
    Query { count: 1000, ..Query::new(TENANT, kind(of), filter) }
}
