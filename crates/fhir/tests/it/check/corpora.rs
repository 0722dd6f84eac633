//! Every official example and every patient of Synthea's passes the check, or its defect is listed by name.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Mutex;

use fhir::check::{Allowances, check_with};
use fhir::json;

use crate::shared_data;

/// Documents that are not as R4 says: the name, a tab, and the reason.
const KNOWN_DEFECTS: &str = include_str!("known-defects.tsv");

/// The folders of Synthea's files: bundles, and NDJSON with one resource in each line.
const SYNTHEA: [&str; 8] = [
    "bulk-ndjson-10",
    "bulk-ndjson-100",
    "r4-batch-children",
    "r4-conditional-refs",
    "r4-json-xml-pairs",
    "r4-transactions",
    "r4-uscore-2021",
    "r4-v3-collections",
];

/// What a corpus came to.
#[derive(Default)]
struct Tally {
    count: usize,
    failed: BTreeSet<String>,
    unlisted: Vec<String>,
}

#[test]
fn official_examples_pass() {
    let Some(examples) = shared_data::examples() else { return };
    let mut tally = Tally::default();
    for (name, text) in examples {
        tally.judge(name, &text);
    }
    assert!(tally.count >= 447, "there are fewer examples than there should be: {}", tally.count);
    let listed: BTreeSet<String> = known_defects().map(str::to_owned).collect();
    assert_eq!(listed, tally.failed, "a listed example passes, or another fails:\n{}", tally.unlisted.join("\n"));
    println!("checked: {} official examples, {} of them with known defects", tally.count, tally.failed.len());
}

#[test]
fn synthea_passes() {
    let Some(folder) = shared_data::folder("synthea") else { return };
    let files: Vec<PathBuf> = SYNTHEA.iter().flat_map(|name| shared_data::files(&folder.join(name), "json.gz")).collect();
    let tally = Mutex::new(Tally::default());
    let queue = Mutex::new(files.into_iter().filter(|path| !path.ends_with("log.ndjson.gz")));
    let next = || queue.lock().expect("no test thread has failed").next();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(path) = next() {
                    let found = judge_file(&path);
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

fn judge_file(path: &std::path::Path) -> Tally {
    let mut tally = Tally::default();
    let (name, text) = (path.display().to_string(), shared_data::gunzip(path));
    if !name.ends_with(".ndjson.gz") {
        tally.judge(name, &text);
        return tally;
    }
    for (line, number) in text.split(|&byte| byte == b'\n').zip(1..).filter(|(line, _)| !line.is_empty()) {
        tally.judge(format!("{name}:{number}"), line);
    }
    tally
}

impl Tally {
    fn judge(&mut self, name: String, text: &[u8]) {
        self.count += 1;
        // Synthea's bulk exports refer to practitioners and places by a search, for whoever loads them to resolve.
        let allowances = Allowances { conditional_references: name.contains(".ndjson.gz") };
        let issues: Vec<String> = match json::parse(text) {
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
