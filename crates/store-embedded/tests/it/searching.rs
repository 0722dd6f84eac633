//! Searches among thousands of resources, where the ways to an answer differ: each is compared with the reference engine.

use std::sync::Arc;

use store::Store;
use store::commit::{Commit, Key, Put};
use store::entry::{Entry, EntryValue, Local, Param, Span, Text, Token};
use store::memory::MemoryStore;
use store::query::{Compare, Direction, Filter, Include, Page, Query, Sort, SortBy, Test};
use store::suite::ManualClock;

use crate::fixture::{TENANT, body_of, key, open, writes};

/// How many observations there are: more than a clause of unknown size may bring before another one is looked for.
const COUNT: u64 = 3_500;

fn param(code: &str) -> Param {
    Param::of("Observation", code)
}

fn token(code: &str) -> EntryValue {
    EntryValue::Token(Token { code: code.into(), system: "urn:codes".into() })
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
    Put { body: body_of(&key, &entries, date), key, entries, date }
}

fn patient(number: u64) -> Put {
    let name = EntryValue::String(Text { folded: format!("name {number}").into(), exact: format!("Name {number}").into() });
    let entries = vec![Entry { param: Param::of("Patient", "name"), value: name }];
    let key = Key::new(fhir::definitions::ResourceType::parse("Patient").expect("a type"), format!("p{number}"));
    Put { body: body_of(&key, &entries, 0), key, entries, date: 0 }
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
    let mut filters: Vec<_> = compares.into_iter().map(|compare| ("the date of the type", when(compare))).collect();
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

fn orders() -> Vec<Vec<Sort>> {
    let sort = |by, descending| Sort { by, descending };
    vec![vec![], vec![sort(SortBy::Date, false)], vec![sort(SortBy::Params(vec![param("text")]), true), sort(SortBy::Id, false)]]
}

#[tokio::test]
async fn as_the_reference_engine() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, reference) = (open(place.path()), MemoryStore::new(Arc::new(ManualClock::new(1_795_248_000_000))));
    let observations = (0..COUNT).map(observation).chain((0..300).map(patient)).collect::<Vec<_>>();
    for put in observations.chunks(1_000) {
        let commit = writes(put.to_vec());
        assert_eq!(store.commit(commit.clone()).await, reference.commit(commit).await);
    }
    let delete = Commit { delete: (0..COUNT).step_by(11).map(|number| key(&format!("o{number}"))).collect(), ..writes(Vec::new()) };
    assert_eq!(store.commit(delete.clone()).await, reference.commit(delete).await);
    let mut compared = 0;
    for (name, filter) in filters() {
        for sort in orders() {
            let patient = Include {
                direction: Direction::Forward,
                source: key("").kind,
                params: vec![param("patient")],
                target: None,
                iterate: false,
            };
            let mut query = Query { sort, count: 40, include: vec![patient], ..Query::new(TENANT, key("").kind, filter.clone()) };
            for page in 0..4 {
                query.total = page == 2;
                let (found, expected) = (store.search(&query).await, reference.search(&query).await);
                assert!(found == expected, "{name}, {:?}, page {page}: {found:?} instead of {expected:?}", query.sort);
                compared += 1;
                let Some(place) = expected.expect("an answer").next else { break };
                query.page = Page::After(place);
            }
        }
    }
    println!("{compared} answers compared");
    assert!(compared > 150);
}
