//! Every official example and every patient of Synthea's passes the check, or its defect is listed by name.

use std::collections::BTreeSet;

use fhir::check::{Allowances, check_with};
use fhir::json;

use crate::shared_data::{self, Document};

/// Documents that are not as R4 says: the name, a tab, and the reason.
const KNOWN_DEFECTS: &str = include_str!("known-defects.txt");

#[test]
fn official_examples_pass() {
    let Some(data) = shared_data::data() else { return };
    judge("fhir-r4", shared_data::official_examples(&data).into_iter());
}

#[test]
fn synthea_passes() {
    let Some(data) = shared_data::data() else { return };
    let files = shared_data::synthea_files(&data);
    judge("synthea", files.iter().flat_map(|file| shared_data::read_synthea(&data, file)));
}

/// The documents of a corpus with the issues found; those listed must fail, and the others not.
fn judge(corpus: &str, documents: impl Iterator<Item = Document>) {
    let known: BTreeSet<&str> = known_defects(corpus).collect();
    let (mut count, mut failed, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for document in documents {
        count += 1;
        // Synthea's bulk exports refer to practitioners and places by a search, for whoever loads them to resolve.
        let allowances = Allowances { conditional_references: document.name.contains(".ndjson.gz") };
        let issues = match json::parse(&document.text) {
            Ok(resource) => check_with(&resource, allowances).iter().map(ToString::to_string).collect(),
            Err(error) => vec![error.to_string()],
        };
        if issues.is_empty() {
            continue;
        }
        if !known.contains(document.name.as_str()) {
            wrong.push(format!("{}:\n  {}", document.name, issues.join("\n  ")));
        }
        failed.insert(document.name);
    }
    println!("{corpus}: {count} documents checked, {} of them with known defects", failed.len());
    assert!(count > 400, "the corpus is smaller than it should be: {count}");
    let mended: Vec<_> = known.iter().filter(|name| !failed.contains(**name)).collect();
    assert!(mended.is_empty(), "listed as defective, and pass: {mended:?}");
    assert!(wrong.is_empty(), "{} documents are refused:\n{}", wrong.len(), wrong.join("\n"));
}

fn known_defects(corpus: &str) -> impl Iterator<Item = &'static str> {
    let lines = KNOWN_DEFECTS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    lines.map(|(name, _)| name).filter(move |name| name.starts_with("synthea/") == (corpus == "synthea"))
}
