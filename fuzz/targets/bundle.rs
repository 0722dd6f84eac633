//! Batch and transaction: a Bundle is done or refused; a transaction that is refused leaves no trace, and one that is done has done all of it.
#![no_main]

use fhir::{Value, json};
use futures_executor::block_on;
use fuzz::Hospital;
use interaction::{Returning, process};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(bundle) = json::parse(data) else { return };
    let hospital = Hospital::open();
    let before = hospital.changes();
    let is_transaction = bundle.text("type") == Some("transaction");
    let entries = bundle.list("entry").count();
    match block_on(process(&hospital.context, bundle, Returning::Representation)) {
        Err(error) => {
            assert_eq!(hospital.changes(), before, "a refused Bundle has left something behind");
            let outcome = error.outcome();
            assert!((400..500).contains(&outcome.status), "a Bundle made the server fail: {outcome:?}");
            assert!(outcome.issues.iter().all(|issue| !issue.diagnostics.is_empty()), "an issue does not teach: {outcome:?}");
        }
        Ok(text) => {
            let answer = json::parse(&text).expect("the answer is JSON");
            let statuses: Vec<&str> = answer.list("entry").filter_map(status).collect();
            assert_eq!(statuses.len(), entries, "an entry has no answer");
            assert!(statuses.iter().all(|status| !status.starts_with('5')), "an entry made the server fail: {statuses:?}");
            if is_transaction {
                // A resource that is read may be missing or deleted.
                let is_done = |status: &&str| status.starts_with(['2', '3']) || status.starts_with("404") || status.starts_with("410");
                assert!(statuses.iter().all(is_done), "half a transaction: {statuses:?}");
                assert!(hospital.changes().len() <= before.len() + 1, "a transaction is more than one commit");
            }
        }
    }
});

fn status(entry: &Value) -> Option<&str> {
    entry.get("response")?.text("status")
}
