//! Values as keys and as bytes.

use fhir::definitions::ResourceType;
use fhir::primitive::Decimal;
use store::encoding::key::{Kind, SHORT_DATE_MS, TEXT_CAP_BYTES, number_prefix, put_end_key, text_prefix};
use store::encoding::{decode_entries, decode_some_entries, encode_entries, key_passes, sort_key, sort_key_of, value_key};
use store::entry::{Entry, EntryValue, Local, Param, Quantity, Range, Span, Text, Token, Uri};
use store::query::{Compare, NumberRange, Test};

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect("a decimal")
}

fn text(folded: &str, exact: &str) -> EntryValue {
    EntryValue::String(Text { folded: folded.into(), exact: exact.into() })
}

fn token(code: &str, system: &str) -> EntryValue {
    EntryValue::Token(Token { code: code.into(), system: system.into() })
}

fn number(low: Option<&str>, high: Option<&str>) -> EntryValue {
    EntryValue::Number(Range { low: low.map(decimal), high: high.map(decimal) })
}

fn quantity(at: &str, unit: &str) -> EntryValue {
    let range = Range { low: Some(decimal(at)), high: Some(decimal(at)) };
    EntryValue::Quantity(Quantity { range, system: "http://unitsofmeasure.org".into(), unit: unit.into() })
}

/// Values of every kind, in their order.
fn ordered_values() -> Vec<EntryValue> {
    let uri = |uri: &str, version: &str| EntryValue::Uri(Uri { uri: uri.into(), version: version.into() });
    let date = |first, last| EntryValue::Date(Span { first, last });
    vec![
        token("", ""),
        token("", "s"),
        token("a", ""),
        token("a", "s"),
        token("a\0", ""),
        token("a\0b", ""),
        token("a\u{1}", ""),
        token("ab", ""),
        token("b", "a"),
        text("", ""),
        text("anna", "Anna"),
        text("anna\0", "Anna"),
        text("annabel", "Annabel"),
        date(i64::MIN, -1),
        date(i64::MIN, i64::MAX),
        date(-1, 0),
        date(0, 0),
        date(0, 1),
        date(1, 1),
        number(None, Some("5")),
        number(None, None),
        number(Some("-5"), Some("-5")),
        number(Some("-4.999"), Some("-4.999")),
        number(Some("0"), Some("0")),
        number(Some("0.0001"), Some("1")),
        number(Some("9"), Some("9")),
        number(Some("10"), Some("11")),
        number(Some("10"), None),
        number(Some("1e5"), None),
        quantity("1", "g"),
        quantity("1", "mg"),
        quantity("2", "g"),
        EntryValue::Local(Local { target: "Patient/1".into() }),
        EntryValue::Local(Local { target: "Patient/10".into() }),
        uri("http://a", ""),
        uri("http://a", "1"),
        uri("http://a/b", ""),
        EntryValue::Composite(vec![]),
        EntryValue::Composite(vec![token("a", ""), quantity("1", "g")]),
        EntryValue::Composite(vec![token("a", ""), quantity("1", "mg")]),
        EntryValue::Composite(vec![token("ab", "")]),
        EntryValue::Point { lat: -900_000_000, lon: 0 },
        EntryValue::Point { lat: -1, lon: 5 },
        EntryValue::Point { lat: 0, lon: -1_800_000_000 },
        EntryValue::Point { lat: 0, lon: 1_800_000_000 },
        contained("Medication", "1", &[]),
        contained("Medication", "10", &[token("a", "s"), number(Some("1"), None)]),
        contained("Patient", "1", &[]),
    ]
}

fn contained(kind: &str, id: &str, values: &[EntryValue]) -> EntryValue {
    let entries = values.iter().map(|value| Entry { param: Param(3), value: value.clone() }).collect();
    EntryValue::Contained { kind: ResourceType::parse(kind).expect("a type"), id: id.into(), entries }
}

/// The second key of a value, if it has one.
fn end_key(value: &EntryValue) -> Option<Vec<u8>> {
    let mut key = Vec::new();
    put_end_key(&mut key, value).then_some(key)
}

#[test]
fn keys_have_the_order_of_their_values() {
    let values = ordered_values();
    for pair in values.windows(2) {
        assert!(value_key(&pair[0]) < value_key(&pair[1]), "{pair:?}");
    }
}

#[test]
fn no_key_begins_another() {
    let mut values = ordered_values();
    values.push(text(&"x".repeat(TEXT_CAP_BYTES), "x"));
    values.push(text(&"x".repeat(TEXT_CAP_BYTES + 1), "x"));
    values.push(number(Some(&"1".repeat(1000)), Some("1")));
    values.push(number(Some(&"1".repeat(1001)), Some("1")));
    let keys: Vec<_> = values.iter().map(value_key).collect();
    for (i, key) in keys.iter().enumerate() {
        let begun = keys.iter().enumerate().filter(|(j, other)| *j != i && other.starts_with(key));
        assert_eq!(begun.count(), 0, "{:?}", values[i]);
    }
}

#[test]
fn the_sort_key_begins_the_key() {
    for value in &ordered_and_long_values() {
        assert!(value_key(value).starts_with(&sort_key(value)), "{value:?}");
        assert_eq!(sort_key_of(&value_key(value)), Some(&*sort_key(value)), "{value:?}");
    }
    assert_eq!(sort_key_of(&[]), None);
    assert_eq!(sort_key_of(&[Kind::String as u8, b'a']), None);
}

fn ordered_and_long_values() -> Vec<EntryValue> {
    let mut values = ordered_values();
    for length in TEXT_CAP_BYTES - 1..TEXT_CAP_BYTES + 2 {
        values.push(text(&"x".repeat(length), "x"));
        values.push(EntryValue::Uri(Uri { uri: "x".repeat(length).into(), version: "1".into() }));
    }
    for digits in [240, 250, 260, 1_000] {
        values.push(number(Some(&"1".repeat(digits)), Some("1e2000")));
        values.push(number(Some(&format!("0.{}", "0001".repeat(digits))), None));
    }
    values
}

#[test]
fn keys_tell_what_they_pass() {
    for value in &ordered_and_long_values() {
        let tests = [
            Test::Token { system: None, code: Some("a".into()) },
            Test::Contains("nn".into()),
            Test::Date(Compare::Greater, Span { first: 0, last: 0 }),
            Test::Date(Compare::LessOrEqual, Span { first: 0, last: 0 }),
            Test::Number(Compare::GreaterOrEqual, exactly("5")),
            Test::Quantity { compare: Compare::Less, range: exactly("2"), system: None, unit: Some("g".into()) },
            Test::UriBelow("http://a".into()),
            Test::Local("Patient/1".into()),
            Test::Composite(vec![Test::Token { system: None, code: Some("a".into()) }; 2]),
            Test::Near { lat: 0, lon: 0, distance_mm: 60 },
        ];
        for test in &tests {
            for key in [Some(value_key(value)), end_key(value)].into_iter().flatten() {
                if let Some(passes) = key_passes(test, &key) {
                    assert_eq!(passes, store::matches::test(test, value), "{test:?} of {value:?}");
                }
            }
        }
        let is_told = tests.iter().filter(|test| key_passes(test, &value_key(value)).is_some()).count();
        let is_whole = value_key(value).len() < 128 && !matches!(value, EntryValue::Contained { .. });
        assert!(is_told == tests.len() || !is_whole, "a key that is not cut tells: {value:?}");
        assert_eq!(key_passes(&Test::Exactly(Text { folded: "".into(), exact: "".into() }), &value_key(value)), None);
    }
    assert_eq!(key_passes(&Test::Contains("".into()), &[Kind::String as u8, b'a', 0, 0]), None, "damaged");
}

fn exactly(number: &str) -> NumberRange {
    NumberRange { value: decimal(number), low: decimal(number), high: decimal(number) }
}

#[test]
fn intervals_have_a_second_key_by_their_end() {
    let ends: Vec<_> = ordered_and_long_values().iter().filter_map(end_key).collect();
    assert!(ends.len() > 5);
    let day = EntryValue::Date(Span { first: 0, last: SHORT_DATE_MS });
    assert_eq!(end_key(&day), None);
    let (long, open) = (EntryValue::Date(Span { first: 0, last: SHORT_DATE_MS + 1 }), EntryValue::Date(Span { first: 9, last: i64::MAX }));
    assert!(end_key(&long) < end_key(&open) && end_key(&long).is_some());
    let (narrow, wide) = (number(Some("1"), Some("5")), number(None, Some("10")));
    assert!(end_key(&narrow) < end_key(&wide) && end_key(&wide) < end_key(&number(Some("1"), None)));
    assert_eq!(end_key(&number(Some("5.0"), Some("5"))), None, "a point");
}

#[test]
fn a_prefix_is_a_range_of_keys() {
    let prefix = text_prefix("ann");
    assert!(prefix.is_exact);
    assert!(value_key(&text("anna", "Anna")).starts_with(&prefix.bytes));
    assert!(value_key(&text("ann", "Ann")).starts_with(&prefix.bytes));
    assert!(!value_key(&text("an", "An")).starts_with(&prefix.bytes));
}

#[test]
fn long_texts_are_cut_and_stay_distinct() {
    let long = "a".repeat(1_000_000);
    let (one, other) = (format!("{long}1"), format!("{long}2"));
    let (first, second) = (value_key(&text(&one, &one)), value_key(&text(&other, &other)));
    assert!(first.len() < 2 * TEXT_CAP_BYTES);
    assert_ne!(first, second);
    assert_eq!(sort_key(&text(&one, &one)), sort_key(&text(&other, &other)));
    let prefix = text_prefix(&long);
    assert!(!prefix.is_exact);
    assert!(first.starts_with(&prefix.bytes));
}

#[test]
fn prefixes_of_long_numbers_are_in_order() {
    let long = |last: &str| format!("1.{}{last}", "0".repeat(1000));
    let prefix = |text: &str| number_prefix(Kind::Number, Some(&decimal(text)));
    let (one, two) = (number(Some(&long("1")), None), number(Some(&long("2")), None));
    assert_ne!(value_key(&one), value_key(&two));
    assert_eq!(prefix(&long("1")), prefix(&long("2")));
    for value in [&one, &two] {
        assert!(value_key(value).starts_with(&prefix(&long("9"))));
        assert!(value_key(value) > prefix("1") && value_key(value) < prefix("1.01"));
    }
    assert_eq!(sort_key(&one), sort_key(&two));
}

#[test]
fn entries_come_back_as_they_went_in() {
    let mut values = ordered_values();
    values.push(number(Some(&"12".repeat(500)), Some("-0.00000012345")));
    let entries: Vec<_> = values.into_iter().enumerate().map(|(i, value)| Entry { param: Param(i as u32 * 77), value }).collect();
    assert_eq!(decode_entries(&encode_entries(&entries)), Ok(entries));
}

#[test]
fn entries_that_nobody_wants_are_passed_over() {
    let mut values = ordered_values();
    values.push(contained("Patient", "p", &ordered_values()));
    values.push(EntryValue::Composite(ordered_values()));
    let entries: Vec<_> = values.into_iter().enumerate().map(|(i, value)| Entry { param: Param(i as u32), value }).collect();
    let bytes = encode_entries(&entries);
    for entry in &entries {
        assert_eq!(decode_some_entries(&bytes, |param| param == entry.param), Ok(vec![entry.clone()]));
    }
    assert_eq!(decode_some_entries(&bytes, |_| false), Ok(Vec::new()));
    for end in 0..bytes.len() {
        assert!(decode_some_entries(&bytes[..end], |_| false).is_err(), "cut at {end}");
    }
}

#[test]
fn damaged_entries_are_an_error() {
    let entries: Vec<_> = ordered_values().into_iter().map(|value| Entry { param: Param(1), value }).collect();
    let bytes = encode_entries(&entries);
    for end in 0..bytes.len() {
        assert!(decode_entries(&bytes[..end]).is_err(), "cut at {end}");
    }
    for at in 0..bytes.len() {
        for flipped in [0x01, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flipped;
            // Another value may come out, but neither a panic nor the same entries.
            assert_ne!(decode_entries(&damaged).as_ref(), Ok(&entries), "flipped at {at}");
        }
    }
    let deep = [&[1, 0, 0, 0, 0][..], &[8, 1].repeat(1000)].concat();
    assert!(decode_entries(&deep).is_err());
}
