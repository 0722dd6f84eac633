//! Every official example and every patient of Synthea's passes the check, or its defect is listed by name.

use std::collections::BTreeSet;
use std::sync::Mutex;

use fhir::check::{Allowances, check_with};
use fhir::json;

use crate::shared_data::{self, Document};

/// Documents that are not as R4 says: the name, a tab, and the reason.
const KNOWN_DEFECTS: &str = include_str!("known-defects.tsv");

/// What a corpus came to.
#[derive(Default)]
struct Tally {
    count: usize,
    failed: BTreeSet<String>,
    unlisted: Vec<String>,
}

#[test]
fn official_examples_pass() {
    let Some(data) = shared_data::data() else { return };
    let mut tally = Tally::default();
    for example in shared_data::official_examples(&data) {
        tally.judge(example);
    }
    assert!(tally.count >= 447, "there are fewer examples than there should be: {}", tally.count);
    let listed: BTreeSet<String> = known_defects().map(str::to_owned).collect();
    assert_eq!(listed, tally.failed, "a listed example passes, or another fails:\n{}", tally.unlisted.join("\n"));
    println!("checked: {} official examples, {} of them with known defects", tally.count, tally.failed.len());
}

#[test]
fn synthea_passes() {
    let Some(data) = shared_data::data() else { return };
    let tally = Mutex::new(Tally::default());
    let queue = Mutex::new(shared_data::synthea_files(&data).into_iter());
    let next = || queue.lock().expect("no test thread has failed").next();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(path) = next() {
                    let mut found = Tally::default();
                    shared_data::read_synthea(&data, &path).into_iter().for_each(|document| found.judge(document));
                    let mut tally = tally.lock().expect("no test thread has failed");
                    tally.count += found.count;
                    tally.unlisted.extend(found.unlisted);
                }
            });
        }
    });
    let tally = tally.into_inner().expect("no test thread has failed");
    assert!(tally.count > 10_000, "there is less of Synthea than there should be: {}", tally.count);
    assert!(tally.unlisted.is_empty(), "{} are refused:\n{}", tally.unlisted.len(), tally.unlisted.join("\n"));
    println!("checked: {} of Synthea's documents", tally.count);
}

impl Tally {
    fn judge(&mut self, document: Document) {
        let Document { name, text } = document;
        self.count += 1;
        // Synthea's bulk exports refer to practitioners and places by a search, for whoever loads them to resolve.
        let allowances = Allowances { conditional_references: name.contains(".ndjson.gz") };
        let issues: Vec<String> = match json::parse(&text) {
            Ok(resource) => check_with(&resource, allowances).iter().map(ToString::to_string).collect(),
            Err(error) => vec![error.to_string()],
        };
        if issues.is_empty() {
            return;
        }
        if !known_defects().any(|known| known == name) {
            self.unlisted.push(format!("{name}:\n  {}", issues.join("\n  ")));
        }
        self.failed.insert(name);
    }
}

fn known_defects() -> impl Iterator<Item = &'static str> {
    let lines = KNOWN_DEFECTS.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).map(|(name, _)| name)
}
