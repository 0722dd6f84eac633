//! Search: a query is understood or refused; what is understood is understood the same from its `self` link, and is answered.
#![no_main]

use std::sync::LazyLock;

use fhir::definitions::ResourceType;
use futures_executor::block_on;
use fuzz::{Hospital, context};
use libfuzzer_sys::fuzz_target;
use search::url::{query_pairs, query_string};
use search::{Registry, parse, parse_filter};

static HOSPITAL: LazyLock<Hospital> = LazyLock::new(Hospital::open);

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (name, query) = text.split_once('?').unwrap_or(("Patient", text));
    let Some(kind) = ResourceType::parse(name) else { return };
    let Ok(pairs) = query_pairs(query) else { return };
    assert_eq!(query_pairs(&query_string(&pairs)).as_ref(), Ok(&pairs), "a query string reads otherwise");
    let registry = Registry::standard();
    let _ = parse_filter(&registry, &context(false), kind, &pairs);
    for lenient in [false, true] {
        match parse(&registry, &context(lenient), kind, &pairs) {
            Err(issues) => {
                assert!(!issues.is_empty(), "refused without a reason");
                assert!(issues.iter().all(|issue| !issue.diagnostics.is_empty()), "an issue does not teach");
            }
            Ok(search) => {
                assert!(lenient || search.ignored.is_empty(), "something was passed over silently");
                let again = parse(&registry, &context(false), kind, &search.self_params).expect("the self link is a search");
                assert_eq!(again.query, search.query, "the self link is another search");
                assert_eq!(again.self_params, search.self_params, "the self link of the self link is another");
                let answer = block_on(HOSPITAL.context.server.store.search(&search.query)).expect("the reference store answers");
                assert!(answer.matches.len() <= search.query.count as usize, "a page is longer than asked for");
            }
        }
    }
});
