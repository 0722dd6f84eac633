//! Searches among thousands of resources, where the ways to an answer differ: each is compared with the reference engine.

use std::path::Path;
use std::sync::Arc;

use fhir::primitive::Decimal;
use store::Store;
use store::commit::{Commit, Key, Put};
use store::entry::{Entry, EntryValue, Local, Param, Quantity, Range, Span, Text, Token};
use store::memory::MemoryStore;
use store::query::{Answer, Compare, Direction, Filter, Include, NumberRange, Page, Query, Sort, SortBy, Subject, Test};
use store::suite::ManualClock;
use store_embedded::Embedded;

use crate::fixture::{TENANT, body_of, key, open_at, writes};

/// How many observations there are: more than a clause of unknown size may bring before another one is looked for.
const COUNT: u64 = 2_600;

fn param(code: &str) -> Param {
    Param::of("Observation", code)
}

fn token(code: &str) -> EntryValue {
    EntryValue::Token(Token { code: code.into(), system: "urn:codes".into() })
}

/// Most take hours, some days, some months; some have no end.
fn period(number: u64, first: i64) -> Span {
    let last = match number % 10 {
        0 => i64::MAX,
        1 => first + 100 * 86_400_000,
        2 => first + 86_400_000,
        3 => first + 86_400_001,
        _ => first + 3_600_000,
    };
    Span { first, last }
}

/// Most are one number; some have two ends, or one.
fn range(number: u64) -> Range {
    let decimal = |number: u64| Decimal::parse(&number.to_string());
    match number % 20 {
        0 => Range { low: decimal(number), high: decimal(number + 900) },
        1 => Range { low: None, high: decimal(number) },
        2 => Range { low: decimal(number), high: None },
        _ => Range { low: decimal(number), high: decimal(number) },
    }
}

/// The observation of a number: its values repeat with different periods.
fn observation(number: u64) -> Put {
    let day = (number * 7919 % 2_003) as i64 * 86_400_000;
    let entry = |code: &str, value| Entry { param: param(code), value };
    let mut entries = vec![
        entry("code", token(&format!("c{}", number % 3))),
        entry("status", token(if number > COUNT - 40 { "rare" } else { "final" })),
        entry("category", EntryValue::Token(Token { code: "lab".into(), system: format!("urn:{}", number % 100).into() })),
        entry("patient", EntryValue::Local(Local { target: format!("Patient/p{}", number % 300).into() })),
        entry("date", EntryValue::Date(Span { first: day, last: day + 86_399_999 })),
        entry("period", EntryValue::Date(period(number, day))),
        entry("value", EntryValue::Quantity(Quantity { range: range(number), system: "urn:ucum".into(), unit: "mg".into() })),
        entry("text", EntryValue::String(Text { folded: format!("note {number}").into(), exact: format!("Note {number}").into() })),
    ];
    if number.is_multiple_of(2) {
        entries.push(entry("flag", token("even")));
    }
    if number % 3 == 2 {
        entries.push(entry("flag", token("other")));
    }
    let key = key(&format!("o{number}"));
    // Dates come again and again, and every seventh resource has none.
    let date = if number.is_multiple_of(7) { store::commit::NO_DATE } else { day };
    // This parameter is the date of the type: each resource has it once at most, and where it has none there is no entry.
    if date != store::commit::NO_DATE {
        entries.push(entry("when", EntryValue::Date(Span { first: date, last: date + (number % 5) as i64 * 86_400_000 })));
    }
    Put { body: body_of(&key, &entries, date), key, entries, date, extractor: 0 }
}

fn patient(number: u64) -> Put {
    let name = EntryValue::String(Text { folded: format!("name {number}").into(), exact: format!("Name {number}").into() });
    let entries = vec![Entry { param: Param::of("Patient", "name"), value: name }];
    let key = Key::new(fhir::definitions::ResourceType::parse("Patient").expect("a type"), format!("p{number}"));
    Put { body: body_of(&key, &entries, 0), key, entries, date: 0, extractor: 0 }
}

/// The filters, each with a name.
fn filters() -> Vec<(&'static str, Filter)> {
    let coded =
        |code: &str, value: &str| Filter::Match(param(code), Test::Token { system: Some("urn:codes".into()), code: Some(value.into()) });
    let dated = |compare, first: i64, last: i64| {
        let span = Span { first: first * 86_400_000, last: last * 86_400_000 - 1 };
        Filter::Match(param("date"), Test::Date(compare, span))
    };
    let name = |test| Filter::Match(Param::of("Patient", "name"), test);
    let patient = key("").kind;
    let patient_kind = fhir::definitions::ResourceType::parse("Patient").unwrap_or(patient);
    let has = |test| Filter::Chain(param("patient"), vec![(patient_kind, name(test))]);
    let compares = [
        Compare::Equal,
        Compare::NotEqual,
        Compare::Greater,
        Compare::Less,
        Compare::GreaterOrEqual,
        Compare::LessOrEqual,
        Compare::StartsAfter,
        Compare::EndsBefore,
        Compare::Approximately,
    ];
    let when = |compare| {
        let span = Span { first: 700 * 86_400_000, last: 720 * 86_400_000 - 1 };
        Filter::All(vec![Filter::Match(param("when"), Test::Date(compare, span)), coded("code", "c1")])
    };
    let period = |compare| {
        let span = Span { first: 1_500 * 86_400_000, last: 1_501 * 86_400_000 - 1 };
        Filter::Match(param("period"), Test::Date(compare, span))
    };
    let value = |compare| {
        let number = |text| Decimal::parse(text).expect("a decimal");
        let range = NumberRange { value: number("3000"), low: number("2999.5"), high: number("3000.5") };
        Filter::Match(param("value"), Test::Quantity { compare, range, system: None, unit: Some("mg".into()) })
    };
    // A millisecond to a thousand observations: see the clock of the test.
    let written = |compare, first: i64, last: i64| Filter::LastUpdated(compare, Span { first: START + first, last: START + last });
    let mut filters: Vec<_> = compares.into_iter().map(|compare| ("the date of the type", when(compare))).collect();
    filters.extend(compares.into_iter().map(|compare| ("a period", period(compare))));
    filters.extend(compares.into_iter().map(|compare| ("a quantity", value(compare))));
    filters.extend(compares.into_iter().map(|compare| ("written", written(compare, 1, 2))));
    filters.extend([
        ("everything", Filter::everything()),
        ("a third", coded("code", "c1")),
        ("two that are dense and never meet", Filter::All(vec![coded("code", "c1"), coded("flag", "other")])),
        ("two that are dense and meet late", Filter::All(vec![coded("code", "c1"), coded("status", "rare")])),
        ("three", Filter::All(vec![coded("code", "c2"), coded("flag", "even"), coded("status", "final")])),
        ("a code in a hundred systems", Filter::Match(param("category"), Test::Token { system: None, code: Some("lab".into()) })),
        ("a system", Filter::Match(param("category"), Test::Token { system: Some("urn:7".into()), code: None })),
        ("a wide range of dates", dated(Compare::Greater, 100, 101)),
        ("a narrow range of dates", dated(Compare::Equal, 100, 130)),
        ("a wide range and a dense code", Filter::All(vec![dated(Compare::Less, 1_900, 1_901), coded("code", "c0")])),
        (
            "a wide range and nothing else there",
            Filter::All(vec![dated(Compare::Greater, 10, 11), Filter::Not(Box::new(coded("code", "c0")))]),
        ),
        ("two wide ranges", Filter::All(vec![dated(Compare::StartsAfter, 1_000, 1_001), dated(Compare::Less, 1_020, 1_021)])),
        ("written at no time", written(Compare::Greater, 99, 99)),
        ("written before all", written(Compare::Less, 0, 0)),
        ("written, and a code", Filter::All(vec![written(Compare::GreaterOrEqual, 3, 3), coded("code", "c1")])),
        ("exactly", Filter::Match(param("text"), Test::Exactly(Text { folded: "note 77".into(), exact: "Note 77".into() }))),
        ("not quite exactly", Filter::Match(param("text"), Test::Exactly(Text { folded: "note 77".into(), exact: "note 77".into() }))),
        ("an ending", Filter::Match(param("text"), Test::EndsWith("77".into()))),
        ("like", Filter::Match(param("text"), Test::Like { text: "note 77".into(), least: 950 })),
        ("a beginning", Filter::Match(param("text"), Test::StartsWith("note 12".into()))),
        ("a part", Filter::Match(param("text"), Test::Contains("77".into()))),
        ("one or the other", Filter::Any(vec![coded("code", "c1"), coded("status", "rare")])),
        ("one or a range", Filter::Any(vec![coded("status", "rare"), dated(Compare::Equal, 50, 60)])),
        ("a chain to one", has(Test::StartsWith("name 17".into()))),
        ("a chain to all", has(Test::StartsWith("name".into()))),
        ("present", Filter::Present(param("flag"))),
        ("not present", Filter::Not(Box::new(Filter::Present(param("flag"))))),
        ("ids", Filter::All(vec![Filter::Id(vec!["o5".into(), "o6".into(), "none".into()]), coded("flag", "even")])),
    ]);
    filters
}

/// The natural order and, for each filter by its number, two others.
fn orders(filter: usize) -> Vec<Vec<Sort>> {
    let sort = |by, descending| Sort { by, descending };
    let others = [
        vec![sort(SortBy::Date, false)],
        vec![sort(SortBy::Params(vec![param("text")]), true), sort(SortBy::Id, false)],
        vec![sort(SortBy::LastUpdated, true)],
        vec![sort(SortBy::LastUpdated, false), sort(SortBy::Id, true)],
        vec![sort(SortBy::Id, true)],
        vec![sort(SortBy::Params(vec![param("flag"), Param::of("Patient", "name")]), false)],
        vec![sort(SortBy::Params(vec![param("value")]), true), sort(SortBy::Date, true)],
    ];
    let nth = |number: usize| others[number % others.len()].clone();
    vec![vec![], nth(filter), nth(filter * 3 + 1)]
}

/// When the first thousand is written; each next one comes a millisecond later.
const START: i64 = 1_795_248_000_000;

/// The store under test, and the reference engine.
struct Pair {
    store: Embedded,
    reference: MemoryStore,
    compared: usize,
}

impl Pair {
    async fn filled(place: &Path) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let store = open_at(place, clock.clone());
        let pair = Self { store, reference: MemoryStore::new(clock.clone()), compared: 0 };
        let resources = (0..COUNT).map(observation).chain((0..300).map(patient)).collect::<Vec<_>>();
        for (step, put) in (0..).zip(resources.chunks(1_000)) {
            clock.set(START + step);
            pair.commit(writes(put.to_vec())).await;
        }
        // Some are written again, as they are, and some are deleted.
        clock.set(START + 4);
        pair.commit(writes((0..COUNT).step_by(13).map(observation).collect())).await;
        let delete = (0..COUNT).step_by(11).map(|number| key(&format!("o{number}"))).collect();
        pair.commit(Commit { delete, ..writes(Vec::new()) }).await;
        pair
    }

    async fn commit(&self, commit: Commit) {
        assert_eq!(self.store.commit(commit.clone()).await, self.reference.commit(commit).await);
    }

    async fn same(&mut self, name: &str, query: &Query) -> Answer {
        let (found, expected) = (self.store.search(query).await, self.reference.search(query).await);
        assert!(found == expected, "{name}, {:?}, {:?}: {found:?} instead of {expected:?}", query.sort, query.page);
        self.compared += 1;
        expected.expect("an answer")
    }

    /// Goes some pages forward, and one back from each.
    async fn pages(&mut self, name: &str, mut query: Query) {
        for page in 0..3 {
            query.total = page == 1;
            let answer = self.same(name, &query).await;
            if let Some(place) = answer.prev {
                self.same(name, &Query { page: Page::Before(place), total: page == 0, count: 30, ..query.clone() }).await;
            }
            let Some(place) = answer.next else { break };
            query.page = Page::After(place);
        }
    }
}

#[tokio::test]
async fn as_the_reference_engine() {
    let place = tempfile::tempdir().expect("a folder");
    let mut pair = Pair::filled(place.path()).await;
    for (number, (name, filter)) in filters().into_iter().enumerate() {
        for sort in orders(number) {
            let (direction, params) = (Direction::Forward, vec![param("patient")]);
            let patient = Include { direction, source: key("").kind, params, target: None, iterate: false };
            let query = Query { sort, count: 40, include: vec![patient], ..Query::new(TENANT, key("").kind, filter.clone()) };
            pair.pages(name, query).await;
        }
    }
    println!("{} answers compared", pair.compared);
    assert!(pair.compared > 500);
}

#[tokio::test]
async fn of_several_types_as_the_reference_engine() {
    let place = tempfile::tempdir().expect("a folder");
    let mut pair = Pair::filled(place.path()).await;
    let patients = Subject { kind: patient(0).key.kind, filter: Filter::everything() };
    for (number, (name, filter)) in filters().into_iter().enumerate().step_by(3) {
        for sort in orders(number) {
            let subjects = vec![patients.clone(), Subject { kind: key("").kind, filter: filter.clone() }];
            pair.pages(name, Query { sort, count: 70, ..Query::over(TENANT, subjects) }).await;
        }
    }
    println!("{} answers compared", pair.compared);
    assert!(pair.compared > 250);
}

/// As of the moment before some were written again and deleted, and of one when half of them were not there.
#[tokio::test]
async fn of_the_past_as_the_reference_engine() {
    let place = tempfile::tempdir().expect("a folder");
    let mut pair = Pair::filled(place.path()).await;
    for (number, (name, filter)) in filters().into_iter().enumerate() {
        for (nth, sort) in orders(number).into_iter().enumerate() {
            let include = Include {
                direction: Direction::Forward,
                source: key("").kind,
                params: vec![param("patient")],
                target: None,
                iterate: false,
            };
            let query = Query { sort, count: 50, include: vec![include], ..Query::new(TENANT, key("").kind, filter.clone()) };
            let moment = START + if (number + nth) % 3 == 0 { 1 } else { 3 };
            pair.pages(name, Query { as_of: Some(moment), ..query }).await;
        }
    }
    println!("{} answers compared", pair.compared);
    assert!(pair.compared > 300);
}
