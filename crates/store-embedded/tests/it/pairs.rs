//! Pairs: two parameters that the index answers together find what each finds alone, whatever a resource has of them.

use std::path::Path;

use store::Store;
use store::commit::{Commit, Put};
use store::entry::{Entry, EntryValue, Local, Param, Quantity, Range, Token};
use store::query::{Compare, Filter, NumberRange, Query, Test};
use store_embedded::Embedded;

use crate::fixture::{TENANT, body_of, clean_versions, key, open, writes};

/// More patients times codes than a resource has pairs of.
const MANY: u64 = 20;

fn entry(code: &str, value: EntryValue) -> Entry {
    Entry { param: Param::of("Observation", code), value }
}

fn patient(number: u64) -> Entry {
    entry("patient", EntryValue::Local(Local { target: format!("Patient/p{number}").into() }))
}

fn code(number: u64) -> Entry {
    entry("code", EntryValue::Token(Token { code: format!("c{number}").into(), system: "urn:codes".into() }))
}

fn value(low: u64, high: Option<u64>) -> Entry {
    let decimal = |number: u64| fhir::primitive::Decimal::parse(&number.to_string());
    let range = Range { low: decimal(low), high: high.and_then(decimal) };
    entry("value-quantity", EntryValue::Quantity(Quantity { range, system: "".into(), unit: "mg".into() }))
}

fn put(id: &str, entries: Vec<Entry>) -> Put {
    let key = key(id);
    Put { body: body_of(&key, &entries, 5), key, entries, date: 5, extractor: 0 }
}

fn of_patient(number: u64) -> Filter {
    Filter::Match(Param::of("Observation", "patient"), Test::Local(format!("Patient/p{number}").into()))
}

fn of_code(number: u64, system: Option<&str>) -> Filter {
    let test = Test::Token { system: system.map(Into::into), code: Some(format!("c{number}").into()) };
    Filter::Match(Param::of("Observation", "code"), test)
}

fn of_value(compare: Compare, number: u64) -> Filter {
    let value = fhir::primitive::Decimal::parse(&number.to_string()).expect("a decimal");
    let range = NumberRange { low: value.clone(), high: value.clone(), value };
    Filter::Match(Param::of("Observation", "value-quantity"), Test::Quantity { compare, range, system: None, unit: None })
}

/// The ids of what passes both filters, sorted.
async fn found(store: &Embedded, one: Filter, other: Filter) -> Vec<String> {
    let query = Query { count: 100, ..Query::new(TENANT, key("").kind, Filter::All(vec![one, other])) };
    let answer = store.search(&query).await.expect("a search");
    let mut ids: Vec<String> = answer.matches.iter().map(|version| version.key.id.to_string()).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn follow_what_is_written() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    let system = Some("urn:codes");
    let both = put("both", vec![patient(1), code(1), code(2), value(7, Some(7))]);
    // Alone each is found by one of the two, and together by none.
    let others = vec![put("one", vec![patient(1), code(3)]), put("other", vec![patient(2), code(1)])];
    store.commit(writes([vec![both], others].concat())).await.expect("a commit");
    assert_eq!(found(&store, of_patient(1), of_code(1, system)).await, ["both"]);
    assert_eq!(found(&store, of_code(2, None), of_patient(1)).await, ["both"]);
    assert_eq!(found(&store, of_patient(2), of_code(2, None)).await, Vec::<String>::new());
    assert_eq!(found(&store, of_code(2, system), of_value(Compare::Greater, 6)).await, ["both"]);
    assert_eq!(found(&store, of_code(2, system), of_value(Compare::Greater, 7)).await, Vec::<String>::new());
    // The code goes to another patient; the values get an open end.
    store.commit(writes(vec![put("both", vec![patient(2), code(2), value(7, None)])])).await.expect("a commit");
    assert_eq!(found(&store, of_patient(1), of_code(2, system)).await, Vec::<String>::new());
    assert_eq!(found(&store, of_patient(2), of_code(2, system)).await, ["both"]);
    assert_eq!(found(&store, of_code(2, system), of_value(Compare::Greater, 900)).await, ["both"]);
    clean_versions(&store).await;
    store.commit(Commit { delete: vec![key("both")], ..writes(Vec::new()) }).await.expect("a commit");
    assert_eq!(found(&store, of_patient(2), of_code(2, system)).await, Vec::<String>::new());
    clean_versions(&store).await;
}

async fn is_found_by_each(store: &Embedded) {
    for number in 0..MANY {
        assert_eq!(found(store, of_patient(number), of_code(MANY - 1 - number, None)).await, ["few", "many"], "{number}");
    }
    assert_eq!(found(store, of_patient(3), of_code(MANY, None)).await, Vec::<String>::new());
    clean_versions(store).await;
}

/// A resource with too many values for pairs is found all the same: after it came, after a restart, in an index that was made anew.
#[tokio::test]
async fn are_left_out_where_there_would_be_too_many() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    let many: Vec<Entry> = (0..MANY).flat_map(|number| [patient(number), code(number)]).collect();
    let few: Vec<Put> = vec![put("few", (0..MANY).map(patient).chain((0..MANY).map(code)).collect())];
    store.commit(writes(vec![put("many", many)])).await.expect("a commit");
    store.commit(writes(few)).await.expect("a commit");
    is_found_by_each(&store).await;
    store.close().await;
    drop(store);
    let folder = Path::new(place.path()).join("index-0");
    let store = open(place.path());
    is_found_by_each(&store).await;
    store.close().await;
    drop(store);
    std::fs::remove_dir_all(folder).expect("the index");
    is_found_by_each(&open(place.path())).await;
}
