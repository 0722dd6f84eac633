//! The test suite of HL7's terminology ecosystem: each case is a request and the answer that every server has to give.

mod case;
mod compare;
mod r5;

use std::collections::BTreeMap;

use fhir::Value;
use published::KnownFailures;

use case::Case;

const KNOWN_FAILURES: &str = include_str!("suite/known_failures.txt");

/// The files of the suite by name.
pub(crate) struct Files {
    files: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// A file as JSON.
    pub(crate) fn json(&self, name: &str) -> Value {
        let text = self.files.get(name).unwrap_or_else(|| panic!("{name} is not in the suite"));
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        fhir::json::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

#[test]
fn published_cases_are_answered_as_they_say() {
    let Some(archive) = published::data("suites/terminology-tx/tx-tests.zip") else { return };
    let files = Files { files: published::unzip(&archive).into_iter().collect() };
    let mut list = KnownFailures::read(KNOWN_FAILURES);
    let mut figures: Vec<(String, usize, usize)> = Vec::new();
    for suite in files.json("test-cases.json").list("suites") {
        let name = suite.text("name").unwrap_or_default();
        let setup: Vec<Value> = suite.list("setup").filter_map(Value::as_str).map(|file| files.json(file)).collect();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let (mut passed, mut ran) = (0, 0);
        for test in suite.list("tests") {
            let case = Case::new(name, test, suite);
            let count = seen.entry(case.name.clone()).and_modify(|count| *count += 1).or_insert(1);
            let title = if *count > 1 { format!("{name}/{} ({count})", case.name) } else { format!("{name}/{}", case.name) };
            let verdict = case.run(&files, &setup, base::library());
            ran += 1;
            passed += usize::from(verdict.is_ok());
            list.report(&title, verdict);
        }
        figures.push((name.to_owned(), passed, ran));
    }
    for (name, passed, ran) in &figures {
        println!("{name}: {passed} of {ran}");
    }
    list.finish("terminology-tx");
}
