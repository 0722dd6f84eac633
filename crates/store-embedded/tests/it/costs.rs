//! What searches cost, in entries read and resources looked at: no more than the most selective clause and the page need.

use std::sync::Arc;
use std::time::Duration;

use store::Store;
use store::commit::{Key, Put};
use store::contract::ReadError;
use store::entry::{Entry, EntryValue, Local, Param, Span, Text, Token};
use store::query::{
    AccessPath, Compare, Direction, Explanation, Filter, Include, Page, Query, Sort, SortBy, Subject, Test, TokenSet, Work,
};
use store::suite::ManualClock;
use store_embedded::Embedded;

use crate::fixture::{NOW, TENANT, body_of, key, open, open_at, options, writes};

/// How many observations there are.
const COUNT: u64 = 3_000;

const DAY: i64 = 86_400_000;

fn param(code: &str) -> Param {
    Param::of("Observation", code)
}

/// The observation of a number, on the day of that number: an hour long, and every hundredth without an end.
fn observation(number: u64) -> Put {
    let first = number as i64 * DAY;
    let last = if number.is_multiple_of(100) { i64::MAX } else { first + DAY / 24 };
    let entry = |code: &str, value| Entry { param: param(code), value };
    let text = format!("Note {number:05}");
    let entries = vec![
        entry("code", EntryValue::Token(Token { code: "all".into(), system: "urn:codes".into() })),
        entry("period", EntryValue::Date(Span { first, last })),
        entry("text", EntryValue::String(Text { folded: text.to_lowercase().into(), exact: text.into() })),
        entry("patient", EntryValue::Local(Local { target: format!("Patient/p{}", number % 5).into() })),
    ];
    let key = key(&format!("o{number}"));
    Put { body: body_of(&key, &entries, first), key, entries, date: first, extractor: 0 }
}

async fn fill(store: &Embedded) {
    let patient = |number: u64| {
        let key = Key::new(fhir::definitions::ResourceType::parse("Patient").expect("a type"), format!("p{number}"));
        Put { body: body_of(&key, &[], 0), key, entries: Vec::new(), date: 0, extractor: 0 }
    };
    let all: Vec<Put> = (0..COUNT).map(observation).chain((0..5).map(patient)).collect();
    for some in all.chunks(500) {
        store.commit(writes(some.to_vec())).await.expect("a commit");
    }
}

fn everything() -> Query {
    Query { count: 10, explain: true, ..Query::new(TENANT, key("").kind, Filter::everything()) }
}

fn matching(code: &str, test: Test) -> Query {
    Query { count: 10, explain: true, ..Query::new(TENANT, key("").kind, Filter::Match(param(code), test)) }
}

fn ordered(by: SortBy, descending: bool) -> Query {
    Query { sort: vec![Sort { by, descending }], ..everything() }
}

/// Five thousand codes that none has, and these.
fn among_many(codes: &[&str]) -> Test {
    let absent = (0..5_000).map(|number| format!("absent {number}"));
    let codes = codes.iter().map(|code| (*code).to_owned()).chain(absent);
    Test::AmongTokens(codes.map(|code| Token { code: code.into(), system: "urn:codes".into() }).collect::<TokenSet>())
}

fn exactly(number: u64) -> Test {
    Test::Exactly(Text { folded: format!("note {number:05}").into(), exact: format!("Note {number:05}").into() })
}

/// How many were found, how many entries were read, and how many resources looked at.
async fn cost(store: &Embedded, query: &Query) -> (usize, u64, u64, Explanation) {
    let answer = store.search(query).await.expect("a search");
    let explanation = answer.explanation.expect("an explanation");
    let (read, checked) = explanation.steps.iter().fold((0, 0), |(read, checked), step| (read + step.read, checked + step.checked));
    (answer.matches.len(), read, checked, explanation)
}

#[tokio::test]
async fn pages_cost_what_they_bring() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill(&store).await;
    let token = |code: &str| Test::Token { system: Some("urn:codes".into()), code: Some(code.into()) };
    let late = |compare| Test::Date(compare, Span { first: (COUNT as i64 - 20) * DAY, last: (COUNT as i64 - 20) * DAY + DAY - 1 });
    let both = Filter::All(vec![Filter::Match(param("code"), token("all")), Filter::Match(param("text"), exactly(7))]);
    let phrase = |number: u64| {
        let part = Test::Contains(format!("{number:05}").into());
        let parts =
            [Filter::Match(param("text"), part), Filter::Match(param("code"), token("all")), Filter::Match(param("text"), exactly(number))];
        Filter::All(parts.to_vec())
    };
    let phrases = Query::new(TENANT, key("").kind, Filter::Any(vec![phrase(7), phrase(2_000), phrase(90_000)]));
    let middle = Query { page: store.search(&everything()).await.expect("a search").next.map_or(Page::First, Page::After), ..everything() };
    let back = Query { page: store.search(&middle).await.expect("a search").prev.map_or(Page::First, Page::Before), ..everything() };
    let everybody = Subject { kind: fhir::definitions::ResourceType::parse("Patient").expect("a type"), filter: Filter::everything() };
    let types = Query { subjects: vec![everything().subjects.remove(0), everybody], ..everything() };
    let cases = [
        ("all", everything(), 10, 12),
        ("the next page", middle, 10, 12),
        ("the page before", back, 10, 12),
        ("two types", types, 10, 14),
        ("a code that all have", matching("code", token("all")), 10, 12),
        ("a code that none has", matching("code", token("none")), 0, 0),
        ("codes of a large set, of which all have one", matching("code", among_many(&["all"])), 10, 300),
        // After a thousand that have none, a deeper look counts the entries of the parameter; then its values are sieved.
        ("codes of a large set that none has", matching("code", among_many(&[])), 0, 5_400),
        ("an exact text", matching("text", exactly(77)), 1, 3),
        (
            "a code that all have and an exact text",
            Query { subjects: Query::new(TENANT, key("").kind, both).subjects, ..everything() },
            1,
            80,
        ),
        ("one of several, each of several parts", Query { subjects: phrases.subjects, ..everything() }, 2, 1_200),
        // Those that begin in the last twenty days, and those without an end.
        ("the last days", matching("period", late(Compare::Greater)), 10, 160),
        ("the last days and more", matching("period", late(Compare::GreaterOrEqual)), 10, 160),
        ("about a day", matching("period", late(Compare::Approximately)), 10, 160),
        ("by id", ordered(SortBy::Id, true), 10, 40),
        ("by date", ordered(SortBy::Date, false), 10, 40),
        ("by a parameter", ordered(SortBy::Params(vec![param("text")]), false), 10, 40),
        ("by a parameter, the last first", ordered(SortBy::Params(vec![param("text")]), true), 10, 40),
    ];
    for (name, query, expected, most) in cases {
        let (found, read, checked, explanation) = cost(&store, &query).await;
        assert_eq!(found, expected, "{name}");
        assert!(read + checked <= most, "{name}: {read} read, {checked} looked at: {explanation:#?}");
    }
}

#[tokio::test]
async fn keys_are_asked_before_resources() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill(&store).await;
    for (name, test, expected) in [
        ("a part", Test::Contains("0077".into()), 10),
        ("an ending", Test::EndsWith("0077".into()), 1),
        ("alike", Test::Like { text: "note 00077".into(), least: 1000 }, 1),
    ] {
        let (found, read, checked, explanation) = cost(&store, &matching("text", test)).await;
        assert_eq!(found, expected, "{name}");
        assert!(read >= COUNT && checked <= 1_001, "{name}: {read} read, {checked} looked at");
        assert!(explanation.steps.iter().any(|step| matches!(step.work, Work::Find { access: AccessPath::Scan | AccessPath::Every, .. })));
    }
}

#[tokio::test]
async fn the_time_of_writing_is_a_range() {
    let place = tempfile::tempdir().expect("a folder");
    let clock = std::sync::Arc::new(store::suite::ManualClock::new(5));
    let store = crate::fixture::open_at(place.path(), clock.clone());
    fill(&store).await;
    clock.set(9);
    store.commit(writes((0..7).map(observation).collect())).await.expect("a commit");
    let query = Query::new(TENANT, key("").kind, Filter::LastUpdated(Compare::Greater, Span { first: 6, last: 6 }));
    let (found, read, checked, explanation) = cost(&store, &Query { explain: true, ..query }).await;
    assert_eq!(found, 7);
    assert!(read + checked < 40, "{explanation:#?}");
    let (found, read, checked, explanation) = cost(&store, &Query { count: 5, ..ordered(SortBy::LastUpdated, true) }).await;
    assert_eq!(found, 5);
    assert!(read + checked < 40, "{explanation:#?}");
}

#[tokio::test]
async fn time_is_over_on_every_way() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill(&store).await;
    store.close().await;
    drop(store);
    let mut short = options(place.path());
    short.search_time = Duration::ZERO;
    let store = Embedded::open(short).expect("a store that opens");
    let counted = |query: Query| Query { total: true, ..query };
    let patient = fhir::definitions::ResourceType::parse("Patient").expect("a type");
    let had = Filter::Has(key("").kind, param("patient"), Box::new(Filter::Not(Box::new(Filter::everything()))));
    let reverse =
        Include { direction: Direction::Reverse, source: key("").kind, params: vec![param("patient")], target: None, iterate: false };
    let cases = [
        ("counting", counted(everything())),
        ("counting a code", counted(matching("code", Test::Token { system: None, code: Some("all".into()) }))),
        ("a part of a text", matching("text", Test::Contains("x".into()))),
        ("likeness", matching("text", Test::Like { text: "y".into(), least: 1000 })),
        ("a range", matching("period", Test::Date(Compare::NotEqual, Span { first: 5, last: 5 }))),
        ("not", Query { subjects: Query::new(TENANT, key("").kind, Filter::Not(Box::new(Filter::everything()))).subjects, ..everything() }),
        ("an order", counted(ordered(SortBy::Params(vec![param("text")]), true))),
        ("an order of scores", ordered(SortBy::Score, true)),
        ("an order by what all have", ordered(SortBy::Params(vec![param("code")]), true)),
        ("an order by time", ordered(SortBy::LastUpdated, true)),
        ("what refers to it", Query { explain: true, ..Query::new(TENANT, patient, had) }),
        ("what comes along", Query { include: vec![reverse], ..Query::new(TENANT, patient, Filter::everything()) }),
        ("the time before everything", Query { as_of: Some(NOW - 1), ..everything() }),
    ];
    for (name, query) in cases {
        match store.search(&query).await {
            Err(ReadError::TooCostly(what)) => assert!(what.contains("add a parameter"), "{name}: {what}"),
            other => panic!("{name} ended with {:?}", other.map(|answer| answer.matches.len())),
        }
    }
}

/// The past costs what was written since: the page, and beside it a look at each resource that was changed.
#[tokio::test]
async fn the_past_costs_what_was_written_since() {
    let place = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(ManualClock::new(NOW));
    let store = open_at(place.path(), clock.clone());
    fill(&store).await;
    clock.set(NOW + 1000);
    let changed: Vec<Put> = (COUNT - 30..COUNT).map(observation).collect();
    store.commit(writes(changed)).await.expect("a commit");
    let new = (COUNT..COUNT + 50).map(observation).collect();
    store.commit(writes(new)).await.expect("a commit");
    let now = everything();
    let then = |query: Query| Query { as_of: Some(NOW), ..query };
    // What was changed, and what is new, comes first in it.
    let by_text = ordered(SortBy::Params(vec![param("text")]), true);
    // Of each changed resource: an entry of the history, a version, and the derivation of its entries, which is a look at it.
    for (name, query, most) in [
        ("at the end", Query { as_of: Some(NOW + 1000), ..now.clone() }, 12),
        ("a page", then(now.clone()), 12 + 80 + 30 * 3 + 80),
        (
            "few ids",
            then(Query { subjects: Query::new(TENANT, key("").kind, Filter::Id(vec!["o5".into()])).subjects, ..now }),
            12 + 80 + 30 * 3,
        ),
        ("an order", then(by_text), 40 + 80 + 30 * 6 + 2 * 80),
    ] {
        let (found, read, checked, explanation) = cost(&store, &query).await;
        assert!(read + checked <= most, "{name} read {read} and checked {checked}: {explanation:#?}");
        assert_eq!(found, if name == "few ids" { 1 } else { 10 }, "{name}");
        assert!(explanation.steps.iter().any(|step| matches!(step.work, Work::Rewind { .. })), "{name}");
        println!("{name}: read {read}, checked {checked}");
    }
}

#[tokio::test]
async fn an_estimate_reads_keys_and_no_resources() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill(&store).await;
    let token = Filter::Match(param("code"), Test::Token { system: None, code: Some("all".into()) });
    let some = Filter::Not(Box::new(Filter::Match(param("patient"), Test::Local("Patient/p3".into()))));
    let both = Query { total: true, explain: true, ..Query::new(TENANT, key("").kind, Filter::All(vec![token, some])) };
    let total = async |query: &Query| store.search(query).await.expect("a search").total.expect("a total");
    for query in [both.clone(), Query { count: 0, ..both.clone() }, Query { sort: ordered(SortBy::Id, true).sort, ..both }] {
        let guessed = Query { estimate: true, ..query.clone() };
        let (exact, estimate) = (total(&query).await, total(&guessed).await);
        assert_eq!(exact, COUNT * 4 / 5);
        assert!(estimate.abs_diff(exact) < 20, "{estimate}");
        let ((_, _, dear, _), (_, _, cheap, _)) = (cost(&store, &query).await, cost(&store, &guessed).await);
        assert!(cheap + 400 < dear, "{cheap} looked at, and {dear} for the exact number");
    }
}

/// More values than are counted before a clause is chosen: their keys are read, not the resources.
#[tokio::test]
async fn many_keys_cost_less_than_few_resources() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    let wordy = |number: u64| {
        let word = |nth: u64| {
            let text = if [100, 1_200, 1_300].contains(&number) && nth == 7 { "needle".to_owned() } else { format!("w{nth} {number}") };
            Entry { param: param("text"), value: EntryValue::String(Text { folded: text.as_str().into(), exact: text.into() }) }
        };
        let (key, entries) = (key(&format!("o{number}")), (0..50).map(word).collect::<Vec<_>>());
        Put { body: body_of(&key, &entries, -(number as i64)), key, entries, date: -(number as i64), extractor: 0 }
    };
    for some in (0..1_400).map(wordy).collect::<Vec<_>>().chunks(200) {
        store.commit(writes(some.to_vec())).await.expect("a commit");
    }
    let needle = matching("text", Test::Contains("needle".into()));
    for query in [needle.clone(), Query { total: true, ..needle }] {
        // The first is met before the keys are read, and not again when they are.
        let found = store.search(&query).await.expect("a search");
        let ids: Vec<&str> = found.matches.iter().map(|version| &*version.key.id).collect();
        assert_eq!((ids, found.total.unwrap_or(3)), (vec!["o100", "o1200", "o1300"], 3));
        let (_, read, checked, explanation) = cost(&store, &query).await;
        assert!(read >= 70_000 && checked <= 1_001, "{read} read, {checked} looked at: {explanation:#?}");
    }
}

/// Two thousand observations of each of five patients, a tenth of them with each code; of each code hardly any has a large value.
async fn fill_charts(store: &Embedded) {
    let kind = |name| fhir::definitions::ResourceType::parse(name).expect("a type");
    let entry = |code: &str, value| Entry { param: param(code), value };
    let number = |number: u64| fhir::primitive::Decimal::parse(&number.to_string());
    let quantity = |value: u64| {
        let range = store::entry::Range { low: number(value), high: number(value) };
        EntryValue::Quantity(store::entry::Quantity { range, system: "".into(), unit: "mg".into() })
    };
    let observation = |at: u64| {
        let code = Token { code: format!("c{}", at / 5 % 10).into(), system: "urn:codes".into() };
        // Large values are those of the other codes, but for two.
        let value = if at / 5 % 10 != 3 || at < 5_000 && at % 2_500 == 15 { 1_000 } else { at % 100 };
        let entries = vec![
            entry("code", EntryValue::Token(code)),
            entry("patient", EntryValue::Local(Local { target: format!("Patient/p{}", at % 5).into() })),
            entry("value-quantity", quantity(value)),
        ];
        let key = key(&format!("o{at}"));
        Put { body: body_of(&key, &entries, at as i64), key, entries, date: at as i64, extractor: 0 }
    };
    let patient = |at: u64| {
        let key = Key::new(kind("Patient"), format!("p{at}"));
        Put { body: body_of(&key, &[], 0), key, entries: Vec::new(), date: 0, extractor: 0 }
    };
    let all: Vec<Put> = (0..10_000).map(observation).chain((0..300).rev().map(patient)).collect();
    for some in all.chunks(500) {
        store.commit(writes(some.to_vec())).await.expect("a commit");
    }
}

/// What is asked together costs what both bring, however many either has; who is referred to is asked of each until the page is full.
#[tokio::test]
async fn pairs_cost_what_they_bring() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill_charts(&store).await;
    let code = |code: &str| Filter::Match(param("code"), Test::Token { system: Some("urn:codes".into()), code: Some(code.into()) });
    let patient = Filter::Match(param("patient"), Test::Local("Patient/p2".into()));
    let large = {
        let value = fhir::primitive::Decimal::parse("500").expect("a decimal");
        let range = store::query::NumberRange { low: value.clone(), high: value.clone(), value };
        Filter::Match(param("value-quantity"), Test::Quantity { compare: Compare::Greater, range, system: None, unit: None })
    };
    let all = |filters: Vec<Filter>| Query { count: 10, explain: true, ..Query::new(TENANT, key("").kind, Filter::All(filters)) };
    let patients = fhir::definitions::ResourceType::parse("Patient").expect("a type");
    let has = Filter::Has(key("").kind, param("patient"), Box::new(code("c1")));
    let had = Query { count: 3, explain: true, ..Query::new(TENANT, patients, has) };
    let all_had = Query { count: 10, ..had.clone() };
    let sorted = Query { sort: vec![Sort { by: SortBy::LastUpdated, descending: true }], ..all(vec![patient.clone(), code("c3")]) };
    for (name, query, expected, most) in [
        ("a patient and a code", all(vec![patient.clone(), code("c3")]), 10, 13),
        ("a patient and a code that nobody has", all(vec![patient.clone(), code("none")]), 0, 2),
        ("a code and a patient, in another order", sorted, 10, 700),
        ("a code and a value that hardly any exceed", all(vec![code("c3"), large]), 2, 30),
        // The five patients come first in the order of the answer: some are asked about. Of the others nobody has the code.
        ("patients with a code", had, 3, 257 + 60),
        ("patients with a code, all there are", all_had, 5, 257 + 2 * 128 * 3 + 1_100),
    ] {
        let (found, read, checked, explanation) = cost(&store, &query).await;
        assert_eq!(found, expected, "{name}");
        assert!(read + checked <= most, "{name}: {read} read, {checked} looked at: {explanation:#?}");
        println!("{name}: {read} read, {checked} looked at");
    }
}
