//! Reads and searches of what was written.

use std::sync::Arc;
use std::time::Instant;

use store::Store;
use store::commit::Put;
use store::entry::EntryValue;
use store::query::{Filter, Query, Test};
use store_embedded::Embedded;

use crate::TENANT;

pub(crate) async fn measure(store: &Arc<Embedded>, puts: &[Put]) {
    let some: Vec<&Put> = puts.iter().step_by(puts.len().div_ceil(5_000)).collect();
    for name in ["read, first time", "read, cached"] {
        let started = Instant::now();
        for put in &some {
            store.read(TENANT, &put.key).await.expect("a read").expect("a version");
        }
        println!("{name}: {:.1} µs", started.elapsed().as_secs_f64() * 1e6 / some.len() as f64);
    }
    let mut by_count: std::collections::BTreeMap<usize, Vec<u128>> = std::collections::BTreeMap::new();
    for put in some.iter().step_by(5) {
        let tests: Vec<Filter> = put.entries.iter().filter_map(|entry| Some(Filter::Match(entry.param, exact(&entry.value)?))).collect();
        for clauses in 1..=tests.len().min(3) {
            let query = Query::new(TENANT, put.key.kind, Filter::All(tests[..clauses].to_vec()));
            let started = Instant::now();
            let answer = store.search(&query).await.expect("a search");
            by_count.entry(clauses).or_default().push(started.elapsed().as_micros());
            assert!(!answer.matches.is_empty());
        }
    }
    for (clauses, mut times) in by_count {
        times.sort_unstable();
        let at = |part: usize| times[(times.len() - 1) * part / 100];
        println!("search, {clauses} clauses, newest 20: p50 {} µs, p99 {} µs ({})", at(50), at(99), times.len());
    }
}

fn exact(value: &EntryValue) -> Option<Test> {
    match value {
        EntryValue::Token(token) => Some(Test::Token { system: Some(token.system.clone()), code: Some(token.code.clone()) }),
        EntryValue::Local(local) => Some(Test::Local(local.target.clone())),
        _ => None,
    }
}
