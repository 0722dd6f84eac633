//! What tests and filters mean.

use std::borrow::Cow;
use std::convert::Infallible;

use fhir::definitions::ResourceType;
use fhir::primitive::{Decimal, Temporal};
use store::commit::Key;
use store::entry::{Entry, EntryValue, Local, Param, Range, Span, Text, Token, Uri};
use store::matches::{Candidate, Others, compare_dates, compare_numbers, passes, test};
use store::query::Compare::{self, *};
use store::query::{Filter, NumberRange, Test, TokenSet};

fn span(text: &str) -> Span {
    let end = |text| Temporal::parse(text).expect("a date");
    match text.split_once("..") {
        Some(("", last)) => Span { first: i64::MIN, last: end(last).last_ms() },
        Some((first, "")) => Span { first: end(first).first_ms(), last: i64::MAX },
        Some((first, last)) => Span { first: end(first).first_ms(), last: end(last).last_ms() },
        None => Span { first: end(text).first_ms(), last: end(text).last_ms() },
    }
}

const ALL: [Compare; 9] = [Equal, NotEqual, Greater, Less, GreaterOrEqual, LessOrEqual, StartsAfter, EndsBefore, Approximately];

#[test]
fn dates() {
    let cases: [(&str, &str, &[Compare]); 9] = [
        ("2024-03-10", "2024-03-10", &[Equal, GreaterOrEqual, LessOrEqual, Approximately]),
        ("2024-03-10", "2024-03-10T10:00:00Z", &[Equal, GreaterOrEqual, LessOrEqual, Approximately]),
        ("2024-03-10", "2024-03", &[NotEqual, Greater, Less, GreaterOrEqual, LessOrEqual, Approximately]),
        ("2024-03-10", "2024-03-11", &[NotEqual, Greater, GreaterOrEqual, StartsAfter]),
        ("2024-03-10", "2024-03-09", &[NotEqual, Less, LessOrEqual, EndsBefore]),
        ("2024-03-10", "2024-03-10..2024-03-11", &[NotEqual, Greater, GreaterOrEqual, Approximately]),
        ("2024-03-10", "2024-03-01..", &[NotEqual, Greater, Less, GreaterOrEqual, LessOrEqual, Approximately]),
        ("2024-03-10", "..2024-03-01", &[NotEqual, Less, LessOrEqual, EndsBefore]),
        ("2024", "2024-02-29", &[Equal, GreaterOrEqual, LessOrEqual, Approximately]),
    ];
    for (asked, entry, expected) in cases {
        let found: Vec<_> = ALL.into_iter().filter(|&compare| compare_dates(compare, span(asked), span(entry))).collect();
        assert_eq!(found, expected, "{asked} against {entry}");
    }
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect("a decimal")
}

#[test]
fn numbers() {
    let hundred = NumberRange { value: decimal("100"), low: decimal("99.5"), high: decimal("100.5") };
    let cases: [(Option<&str>, Option<&str>, &[Compare]); 8] = [
        (Some("100"), Some("100"), &[Equal, GreaterOrEqual, LessOrEqual, Approximately]),
        (Some("99.5"), Some("99.5"), &[Equal, Less, LessOrEqual, EndsBefore, Approximately]),
        (Some("99.49"), Some("99.49"), &[NotEqual, Less, LessOrEqual, EndsBefore]),
        (Some("100.49"), Some("100.49"), &[Equal, Greater, GreaterOrEqual, StartsAfter, Approximately]),
        (Some("100.5"), Some("100.5"), &[NotEqual, Greater, GreaterOrEqual, StartsAfter]),
        (Some("50"), Some("150"), &[NotEqual, Greater, Less, GreaterOrEqual, LessOrEqual, Approximately]),
        (Some("101"), None, &[NotEqual, Greater, GreaterOrEqual, StartsAfter]),
        (None, Some("99"), &[NotEqual, Less, LessOrEqual, EndsBefore]),
    ];
    for (low, high, expected) in cases {
        let entry = Range { low: low.map(decimal), high: high.map(decimal) };
        let found: Vec<_> = ALL.into_iter().filter(|&compare| compare_numbers(compare, &hundred, &entry)).collect();
        assert_eq!(found, expected, "100 against {entry:?}");
    }
}

#[test]
fn a_number_without_tolerance_equals_itself() {
    let exact = NumberRange { value: decimal("3"), low: decimal("3"), high: decimal("3") };
    let three = Range { low: Some(decimal("3.0")), high: Some(decimal("3")) };
    assert!(compare_numbers(Equal, &exact, &three));
    assert!(compare_numbers(Approximately, &exact, &three));
    assert!(!compare_numbers(NotEqual, &exact, &three));
}

fn token(code: &str, system: &str) -> EntryValue {
    EntryValue::Token(Token { code: code.into(), system: system.into() })
}

fn token_test(system: Option<&str>, code: Option<&str>) -> Test {
    Test::Token { system: system.map(Box::from), code: code.map(Box::from) }
}

#[test]
fn tokens() {
    let (loinc, bare) = (token("8480-6", "http://loinc.org"), token("8480-6", ""));
    let asked = [(None, true, true), (Some(""), false, true), (Some("http://loinc.org"), true, false), (Some("http://x"), false, false)];
    for (system, in_loinc, in_none) in asked {
        assert_eq!(test(&token_test(system, Some("8480-6")), &loinc), in_loinc, "{system:?}");
        assert_eq!(test(&token_test(system, Some("8480-6")), &bare), in_none, "{system:?}");
        assert!(!test(&token_test(system, Some("8480")), &loinc), "{system:?}");
    }
    assert!(test(&token_test(Some("http://loinc.org"), None), &loinc));
    assert!(!test(&Test::StartsWith("8480".into()), &loinc));
}

fn exactly(exact: &str) -> Test {
    Test::Exactly(Text { folded: exact.to_lowercase().into(), exact: exact.into() })
}

#[test]
fn strings_and_uris() {
    let anna = EntryValue::String(Text { folded: "anna".into(), exact: "Änna".into() });
    assert!(test(&Test::StartsWith("ann".into()), &anna));
    assert!(!test(&Test::StartsWith("nna".into()), &anna));
    assert!(test(&Test::Contains("nn".into()), &anna));
    assert!(test(&exactly("Änna"), &anna));
    assert!(!test(&exactly("anna"), &anna));

    let uri = EntryValue::Uri(Uri { uri: "http://a/b".into(), version: "2".into() });
    let asked = |version: Option<&str>| Test::Uri { uri: "http://a/b".into(), version: version.map(Box::from) };
    assert!(test(&asked(None), &uri) && test(&asked(Some("2")), &uri));
    assert!(!test(&asked(Some("1")), &uri) && !test(&asked(Some("")), &uri));
    for (base, below) in
        [("http://a", true), ("http://a/", true), ("http://a/b", true), ("http://a/b/c", false), ("http", false), ("", false)]
    {
        assert_eq!(test(&Test::UriBelow(base.into()), &uri), below, "below {base}");
    }
    for (asked, above) in [("http://a/b/c", true), ("http://a/b", true), ("http://a/bc", false), ("http://a", false)] {
        assert_eq!(test(&Test::UriAbove(asked.into()), &uri), above, "above {asked}");
    }
}

#[test]
fn composites_pass_component_by_component() {
    let value = EntryValue::Composite(vec![token("a", ""), token("b", "")]);
    let both = |first, second| Test::Composite(vec![token_test(None, Some(first)), token_test(None, Some(second))]);
    assert!(test(&both("a", "b"), &value));
    assert!(!test(&both("b", "a"), &value));
    assert!(!test(&Test::Composite(vec![token_test(None, Some("a"))]), &value));
}

/// Resources in a list.
struct Few(Vec<(Key, Vec<Entry>)>);

impl Few {
    fn candidate<'a>((key, entries): &'a (Key, Vec<Entry>)) -> Candidate<'a> {
        Candidate { key: Cow::Borrowed(key), last_updated: 5, entries: Cow::Borrowed(entries) }
    }

    fn matching(&self, filter: &Filter) -> Vec<String> {
        let passing = self.0.iter().filter(|one| passes(filter, &Self::candidate(one), self) == Ok(true));
        passing.map(|(key, _)| key.to_string()).collect()
    }
}

impl Others for Few {
    type Error = Infallible;

    fn resource(&self, key: &Key) -> Result<Option<Candidate<'_>>, Infallible> {
        Ok(self.0.iter().find(|(one, _)| one == key).map(Self::candidate))
    }

    fn referring(&self, kind: ResourceType, param: Param, target: &str) -> Result<Vec<Candidate<'_>>, Infallible> {
        let refers = |entry: &Entry| entry.param == param && test(&Test::Local(target.into()), &entry.value);
        Ok(self.0.iter().filter(|(key, entries)| key.kind == kind && entries.iter().any(refers)).map(Self::candidate).collect())
    }
}

const NAME: Param = Param(1);
const SUBJECT: Param = Param(2);

fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).expect("a resource type")
}

fn few() -> Few {
    let name = |name| Entry { param: NAME, value: token(name, "") };
    let subject = |target: &str| Entry { param: SUBJECT, value: EntryValue::Local(Local { target: target.into() }) };
    Few(vec![
        (Key::new(kind("Patient"), "1"), vec![name("a"), name("b")]),
        (Key::new(kind("Patient"), "2"), vec![name("b")]),
        (Key::new(kind("Patient"), "3"), vec![]),
        (Key::new(kind("Observation"), "1"), vec![subject("Patient/1"), subject("Patient/9"), name("x")]),
        (Key::new(kind("Observation"), "2"), vec![subject("Group/1")]),
    ])
}

fn named(name: &str) -> Filter {
    Filter::Match(NAME, token_test(None, Some(name)))
}

#[test]
fn not_is_about_the_whole_resource() {
    let not_a = Filter::Not(Box::new(named("a")));
    assert_eq!(few().matching(&not_a), ["Patient/2", "Patient/3", "Observation/1", "Observation/2"]);
    let two_not_a = Filter::All(vec![Filter::Id(vec!["1".into(), "2".into()]), not_a]);
    assert_eq!(few().matching(&two_not_a), ["Patient/2", "Observation/1", "Observation/2"]);
}

#[test]
fn nothing_of_any_and_everything_of_all() {
    assert_eq!(few().matching(&Filter::everything()).len(), 5);
    assert!(few().matching(&Filter::Any(vec![])).is_empty());
    assert_eq!(few().matching(&Filter::Any(vec![named("a"), named("x")])), ["Patient/1", "Observation/1"]);
    assert_eq!(few().matching(&Filter::Present(SUBJECT)), ["Observation/1", "Observation/2"]);
}

#[test]
fn chains_and_has() {
    let chain = |name| Filter::Chain(SUBJECT, vec![(kind("Patient"), named(name))]);
    assert_eq!(few().matching(&chain("b")), ["Observation/1"]);
    assert!(few().matching(&chain("x")).is_empty());
    let other_type = Filter::Chain(SUBJECT, vec![(kind("Group"), Filter::everything())]);
    assert!(few().matching(&other_type).is_empty(), "a reference to nothing leads nowhere");
    let has = |name| Filter::Has(kind("Observation"), SUBJECT, Box::new(named(name)));
    assert_eq!(few().matching(&has("x")), ["Patient/1"]);
    assert!(few().matching(&has("y")).is_empty());
}

#[test]
fn last_updated_is_a_moment() {
    let at = |compare, first, last| few().matching(&Filter::LastUpdated(compare, Span { first, last })).len();
    assert_eq!(at(Equal, 5, 5), 5);
    assert_eq!(at(Greater, 4, 4), 5);
    assert_eq!(at(Greater, 5, 5), 0);
    assert_eq!(at(LessOrEqual, 0, 5), 5);
}

/// A set of tokens `system|code`.
fn set_of(tokens: &[&str]) -> TokenSet {
    let token = |text: &&str| text.split_once('|').map(|(system, code)| Token { code: code.into(), system: system.into() });
    tokens.iter().filter_map(token).collect()
}

#[test]
fn sets_of_tokens_are_what_is_in_them() {
    let set = set_of(&["s|a", "t|a", "s|b", "s|a"]);
    assert_eq!((set.len(), set.is_empty(), set_of(&[]).is_empty()), (3, false, true));
    let token = |system: &str, code: &str| Token { code: code.into(), system: system.into() };
    for (system, code, is_in) in
        [("s", "a", true), ("t", "a", true), ("s", "b", true), ("t", "b", false), ("", "a", false), ("s", "", false)]
    {
        assert_eq!(set.contains(&token(system, code)), is_in, "{system}|{code}");
        assert_eq!(test(&Test::AmongTokens(set.clone()), &EntryValue::Token(token(system, code))), is_in, "{system}|{code}");
    }
    assert!(!test(&Test::AmongTokens(set.clone()), &EntryValue::Local(Local { target: "a".into() })));
    let mut tokens: Vec<Token> = set.iter().collect();
    tokens.sort_unstable();
    assert_eq!(tokens, [token("s", "a"), token("t", "a"), token("s", "b")]);
    // Two are equal by what is in them, in whatever order it came; the same letters parted otherwise are other tokens.
    let hash =
        |set: &TokenSet| std::hash::BuildHasher::hash_one(&std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default(), set);
    for (one, other, are_equal) in [
        (set.clone(), set_of(&["s|b", "t|a", "s|a"]), true),
        (set.clone(), set_of(&["s|b", "t|a"]), false),
        (set_of(&["s|ab"]), set_of(&["sa|b"]), false),
        (set_of(&["s|a", "t|b"]), set_of(&["s|b", "t|a"]), false),
    ] {
        assert_eq!((one == other, hash(&one) == hash(&other)), (are_equal, are_equal), "{one:?} {other:?}");
    }
    assert!(set_of(&["s|a"]).bytes() < set.bytes());
}
