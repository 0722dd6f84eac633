//! Random values, and random tests for them: both from few choices, so that they meet.

use crate::encoding::key::TEXT_CAP_BYTES;
use crate::entry::{Entry, EntryValue, Local, Param, Quantity, Range, Span, Text, Token, Uri};
use crate::query::{Compare, NumberRange, Test, TokenSet};
use crate::suite::prng::Prng;
use crate::suite::sample::{around, decimal, exactly, kind};

/// The types of the resources.
pub(super) const KINDS: [&str; 3] = ["Encounter", "Observation", "Patient"];

/// The parameters that each type has, one for each kind of value. Some have names under which an engine may keep them together.
pub(super) const CODES: [&str; 9] = ["code", "note", "on", "score", "value-quantity", "patient", "url", "pair", "place"];

/// The ids of the resources of a type.
pub(super) const IDS: [&str; 20] =
    ["1", "10", "2", "20", "3", "30", "4", "40", "5", "50", "a", "A", "b-1", "b", "c", "d", "e", "f", "g", "z.z"];

/// The ids of contained resources, as they stand in references; the empty one is that of the resource around.
const INSIDE: [&str; 3] = ["1", "a", ""];

pub(super) fn param(kind: &str, code: &str) -> Param {
    Param::of(kind, code)
}

/// A value of the parameter `code`.
pub(super) fn value(prng: &mut Prng, code: &str) -> EntryValue {
    match code {
        "code" => EntryValue::Token(Token { code: code_text(prng).into(), system: system(prng).into() }),
        "note" => {
            let exact = words(prng);
            EntryValue::String(Text { folded: exact.to_lowercase().into(), exact: exact.into() })
        }
        "on" => EntryValue::Date(span(prng)),
        "score" => EntryValue::Number(range(prng)),
        "value-quantity" => EntryValue::Quantity(Quantity { range: range(prng), system: system(prng).into(), unit: unit(prng).into() }),
        "patient" if prng.chance(85) => EntryValue::Local(Local { target: reference(prng).into() }),
        "pair" => EntryValue::Composite(vec![value(prng, "code"), value(prng, "value-quantity")]),
        "place" => EntryValue::Point { lat: latitude(prng), lon: longitude(prng) },
        _ => EntryValue::Uri(Uri { uri: uri(prng).into(), version: version(prng).into() }),
    }
}

/// A test of the parameter `code`.
pub(super) fn test(prng: &mut Prng, code: &str) -> Test {
    if prng.chance(5) {
        return Test::Other(Box::new(test(prng, code)));
    }
    match code {
        "code" if prng.chance(25) => Test::AmongTokens(tokens(prng)),
        "code" => Test::Token { system: maybe(prng, system), code: maybe(prng, code_text) },
        "note" => match prng.below(6) {
            5 => Test::Folded(words(prng).to_lowercase().into()),
            3 => Test::EndsWith(ending(prng).into()),
            4 => Test::Like { text: beginning(prng).into(), least: prng.between(0, 1000) as u16 },
            0 => Test::StartsWith(beginning(prng).into()),
            1 => Test::Contains(beginning(prng).into()),
            _ => exactly(&words(prng)),
        },
        "on" => Test::Date(compare(prng), span(prng)),
        "score" => Test::Number(compare(prng), number_range(prng)),
        "value-quantity" => {
            Test::Quantity { compare: compare(prng), range: number_range(prng), system: maybe(prng, system), unit: maybe(prng, unit) }
        }
        "patient" if prng.chance(85) => Test::Local(target(prng).into()),
        "pair" => Test::Composite(vec![test(prng, "code"), test(prng, "value-quantity")]),
        "place" => Test::Near { lat: latitude(prng), lon: longitude(prng), distance_mm: distance(prng) },
        _ => match prng.below(4) {
            0 => Test::UriBelow(uri(prng).into()),
            2 => Test::UriOfVersion { uri: uri(prng).into(), below: version(prng).into() },
            1 => Test::UriAbove(uri(prng).into()),
            _ => Test::Uri { uri: uri(prng).into(), version: maybe(prng, version) },
        },
    }
}

pub(super) fn compare(prng: &mut Prng) -> Compare {
    use Compare::*;
    let all = [&Equal, &NotEqual, &Greater, &Less, &GreaterOrEqual, &LessOrEqual, &StartsAfter, &EndsBefore, &Approximately];
    *prng.pick(&all)
}

fn maybe(prng: &mut Prng, make: fn(&mut Prng) -> &'static str) -> Option<Box<str>> {
    prng.chance(60).then(|| make(prng).into())
}

fn code_text(prng: &mut Prng) -> &'static str {
    prng.pick(&["", "a", "ab", "b", "a\0", "ä"])
}

fn system(prng: &mut Prng) -> &'static str {
    prng.pick(&["", "s", "st"])
}

/// Few tokens, or more of them than an engine may want to look up one by one; most of these are of no resource.
fn tokens(prng: &mut Prng) -> TokenSet {
    let absent = if prng.chance(50) { 0 } else { prng.below(200) };
    let absent = (0..absent).map(|number| Token { code: format!("a{number}").into(), system: "s".into() });
    let present = prng.several(5, |prng| Token { code: code_text(prng).into(), system: system(prng).into() });
    present.into_iter().chain(absent).collect()
}

fn unit(prng: &mut Prng) -> &'static str {
    prng.pick(&["", "g", "mg"])
}

fn version(prng: &mut Prng) -> &'static str {
    prng.pick(&["", "1", "1.2", "12", "2"])
}

fn uri(prng: &mut Prng) -> &'static str {
    prng.pick(&["http://a", "http://a/", "http://a/b", "http://a/b/c", "http://ab", "urn:a"])
}

fn words(prng: &mut Prng) -> String {
    match prng.below(8) {
        0 => format!("{}{}", "long".repeat(TEXT_CAP_BYTES / 4), prng.pick(&["", "a", "B", "ab"])),
        1 => "x".repeat(TEXT_CAP_BYTES - 1 + prng.below(3) as usize),
        _ => (*prng.pick(&["Anna", "ANNA", "ann", "Bo", "", "Änne"])).to_owned(),
    }
}

/// What a text may begin with, or have in it.
fn beginning(prng: &mut Prng) -> String {
    let folded = words(prng).to_lowercase();
    let length = prng.below(folded.chars().count() as u64 + 1) as usize;
    folded.chars().take(if prng.chance(50) { length } else { usize::MAX }).collect()
}

/// What a text may end with.
fn ending(prng: &mut Prng) -> String {
    let folded = words(prng).to_lowercase();
    let skipped = prng.below(folded.chars().count() as u64 + 1) as usize;
    folded.chars().skip(if prng.chance(50) { skipped } else { 0 }).collect()
}

/// A text to rank by.
pub(super) fn asked(prng: &mut Prng) -> Box<str> {
    (*prng.pick(&["anna", "anne", "bo", "", "x y"])).into()
}

fn latitude(prng: &mut Prng) -> i32 {
    *prng.pick(&[&-900_000_000, &-1, &0, &1, &525_200_000, &525_300_000, &900_000_000])
}

fn longitude(prng: &mut Prng) -> i32 {
    *prng.pick(&[&-1_800_000_000, &-1, &0, &134_050_000, &1_799_999_999, &1_800_000_000])
}

fn distance(prng: &mut Prng) -> u64 {
    *prng.pick(&[&0, &11, &12, &1_200_000, &5_000_000_000, &30_000_000_000_000, &u64::MAX])
}

/// A contained resource of a type.
pub(super) fn contained(prng: &mut Prng) -> EntryValue {
    let of = prng.pick(&KINDS);
    let entries = prng.several(3, |prng| {
        let code = prng.pick(&CODES);
        Entry { param: param(of, code), value: value(prng, code) }
    });
    EntryValue::Contained { kind: kind(of), id: prng.pick(&INSIDE).into(), entries }
}

/// Where a reference leads: some into the resource itself.
fn reference(prng: &mut Prng) -> String {
    if prng.chance(15) { format!("{}/#{}", prng.pick(&KINDS), prng.pick(&INSIDE)) } else { target(prng) }
}

pub(super) fn target(prng: &mut Prng) -> String {
    format!("{}/{}", prng.pick(&KINDS), prng.pick(&IDS))
}

fn span(prng: &mut Prng) -> Span {
    let first = prng.between(-8, 8);
    let last = first + prng.between(0, 5);
    match prng.below(10) {
        0 => Span { first: i64::MIN, last },
        1 => Span { first, last: i64::MAX },
        _ => Span { first, last },
    }
}

/// A number; some agree with another one to 300 digits.
fn number(prng: &mut Prng) -> String {
    match prng.below(20) {
        0 => format!("1.{}{}", "0".repeat(300), prng.below(3)),
        _ => prng.pick(&["-10", "-1.5", "-1", "0", "0.001", "1", "1.05", "1.1", "2", "9.99", "10", "1e30"]).to_owned(),
    }
}

fn range(prng: &mut Prng) -> Range {
    let (one, other) = (decimal(&number(prng)), decimal(&number(prng)));
    let (low, high) = (one.clone().min(other.clone()), one.clone().max(other));
    match prng.below(10) {
        0 => Range { low: None, high: Some(high) },
        1 => Range { low: Some(low), high: None },
        2 | 3 => Range { low: Some(low), high: Some(high) },
        _ => Range { low: Some(one.clone()), high: Some(one) },
    }
}

fn number_range(prng: &mut Prng) -> NumberRange {
    around(&number(prng), prng.pick(&["0", "0.05", "0.5", "5"]))
}
