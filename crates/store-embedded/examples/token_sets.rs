//! What searches for sets of tokens take: processor time, 100,000 codes in the set and 100,000 resources in the store.
//!
//! `cargo run --release -p store-embedded --example token_sets`

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use store::Store;
use store::commit::{Body, Commit, Key, Put, Tenant};
use store::entry::{Entry, EntryValue, Local, Param, Token};
use store::query::{Filter, Query, Test, TokenSet};
use store::suite::ManualClock;
use store::suite::synthetic::SyntheticExtract;
use store_embedded::{Embedded, Options};

const TENANT: Tenant = Tenant(1);
const COUNT: u64 = 100_000;
const SYSTEM: &str = "http://snomed.info/sct";

/// How often each search is asked: never what was asked before, so that nothing is answered from what was kept.
const TURNS: u64 = 20;

fn kind() -> ResourceType {
    ResourceType::parse("Condition").expect("a type")
}

fn param(code: &str) -> Param {
    Param::of("Condition", code)
}

fn code(number: u64) -> Token {
    Token { code: format!("{}", 100_000_000 + number * 7).into(), system: SYSTEM.into() }
}

/// A condition of one of a thousand patients, with one of `codes` codes.
fn condition(number: u64, codes: u64) -> Put {
    let entries = vec![
        Entry { param: param("code"), value: EntryValue::Token(code(number * 7919 % codes)) },
        Entry { param: param("patient"), value: EntryValue::Local(Local { target: format!("Patient/{}", number % 1_000).into() }) },
    ];
    let key = Key::new(kind(), format!("c{number}"));
    let head = format!("{{\"resourceType\":\"Condition\",\"id\":\"{}\",\"meta\":{{", key.id);
    let body = Body { text: Bytes::from(format!("{head}}}}}")), stamp_at: head.len() as u32 };
    Put { key, body, entries, date: number as i64 * 1_000, extractor: 0 }
}

fn among(tokens: impl Iterator<Item = Token>) -> Filter {
    Filter::Match(param("code"), Test::AmongTokens(tokens.collect::<TokenSet>()))
}

/// The processor time that the threads of this process have had.
fn cpu_ns() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let spent = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok());
    spent.filter_map(|text| text.split(' ').next()?.parse::<u64>().ok()).sum()
}

async fn measure(store: &Embedded, name: &str, query: impl Fn(u64) -> Query) {
    let queries: Vec<Query> = (0..TURNS + 3).map(query).collect();
    let (warm, cold) = queries.split_at(3);
    for query in warm {
        store.search(query).await.expect("a search");
    }
    let before = cpu_ns();
    let mut found = 0;
    for query in cold {
        let answer = store.search(query).await.expect("a search");
        found = answer.total.unwrap_or(answer.matches.len() as u64);
    }
    println!("{name}: {} us, {found} found", (cpu_ns() - before) / TURNS / 1_000);
}

/// Asks about resources that have `codes` different codes.
async fn with_codes(place: &Path, codes: u64) {
    let options = Options::new(place, Arc::new(SyntheticExtract), Arc::new(ManualClock::new(1_795_248_000_000)));
    let store = Embedded::open(options).expect("a store that opens");
    for first in (0..COUNT).step_by(1_000) {
        let put = (first..first + 1_000).map(|number| condition(number, codes)).collect();
        store.commit(Commit { put, ..Commit::new(TENANT, "Practitioner/1", "measure") }).await.expect("a commit");
    }
    println!("{COUNT} resources with {codes} codes; sets of 100,000 unless said");
    // What tells the sets apart is a code that no resource has.
    let mark = |turn: u64| Token { code: format!("mark {turn}").into(), system: SYSTEM.into() };
    let all = |turn| among((0..COUNT).map(code).chain([mark(turn)]));
    let half = |turn| among((0..codes / 2).map(code).chain((0..COUNT - codes / 2).map(|number| code(COUNT + number))).chain([mark(turn)]));
    let none = |turn| among((0..COUNT).map(|number| code(COUNT + number)).chain([mark(turn)]));
    let few = |turn| among((0..20).map(code).chain([mark(turn)]));
    let page = |filter| Query::new(TENANT, kind(), filter);
    let total = |filter| Query { count: 0, total: true, ..Query::new(TENANT, kind(), filter) };
    let of_patient = |turn: u64, filter| {
        let patient = Filter::Match(param("patient"), Test::Local(format!("Patient/{}", turn * 31 % 1_000).into()));
        Query::new(TENANT, kind(), Filter::All(vec![patient, filter]))
    };
    measure(&store, "page, all are in", |turn| page(all(turn))).await;
    measure(&store, "page, half of the codes are in", |turn| page(half(turn))).await;
    measure(&store, "page, none is in", |turn| page(none(turn))).await;
    measure(&store, "page, 20 codes", |turn| page(few(turn))).await;
    measure(&store, "page of a patient, half of the codes are in", |turn| of_patient(turn, half(turn))).await;
    measure(&store, "total, all are in", |turn| total(all(turn))).await;
    measure(&store, "total, half of the codes are in", |turn| total(half(turn))).await;
    measure(&store, "total, none is in", |turn| total(none(turn))).await;
    measure(&store, "total, not in", |turn| total(Filter::Not(Box::new(half(turn))))).await;
    let set: Vec<Token> = (0..COUNT).map(code).collect();
    let before = cpu_ns();
    let set: TokenSet = set.into_iter().collect();
    println!("making a set of {} tokens, {} MB: {} us", set.len(), set.bytes() >> 20, (cpu_ns() - before) / 1_000);
}

#[tokio::main]
async fn main() {
    for codes in [2_000, COUNT] {
        let place = tempfile::tempdir().expect("a folder");
        with_codes(place.path(), codes).await;
    }
}
