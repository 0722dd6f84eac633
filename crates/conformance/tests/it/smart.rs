//! `docs/conformance/smart.md`: it has every number that the test kits have, and the tests that it names are there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const FILE: &str = "docs/conformance/smart.md";
/// The sections of the page, each with what its numbers are called in the kits.
const SECTIONS: [(&str, &[&str]); 2] = [
    ("## SMART App Launch", &["hl7.fhir.uv.smart-app-launch_2.0.0", "hl7.fhir.uv.smart-app-launch_2.2.0"]),
    ("## ONC", &["170.315(g)(10)-test-procedure"]),
];
const KITS: [&str; 2] = ["smart_app_launch_test_kit_requirements.csv", "onc_certification_g10_test_kit_requirements.csv"];

/// What can be said of a number, whether a test belongs to it, and whether a reason does.
const VERDICTS: [(&str, bool, bool); 6] = [
    ("met", true, false),
    ("in part", true, true),
    ("not met", false, true),
    ("not taken", false, true),
    ("client's", false, false),
    ("operator's", false, false),
];

/// A row of the page.
struct Row {
    section: usize,
    ids: Vec<String>,
    verdict: String,
    reason: String,
    tests: Vec<String>,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The rows of the page.
fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(repository().join(FILE)).expect("the page is there");
    let mut section = None;
    let mut rows = Vec::new();
    for line in text.lines() {
        if line.starts_with("## ") {
            section = SECTIONS.iter().position(|(title, _)| line.starts_with(title));
        }
        let Some(section) = section else { continue };
        let Some(cells) = line.strip_prefix("| ").and_then(|line| line.strip_suffix('|')) else { continue };
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        let [ids, about, how, by] = cells[..] else { panic!("four cells: {line}") };
        if ids == "ids" {
            continue;
        }
        assert!(!about.is_empty(), "{line}");
        let end = how.find([':', ',']).unwrap_or(how.len());
        rows.push(Row {
            section,
            ids: ids.split(", ").flat_map(range).collect(),
            verdict: how[..end].to_owned(),
            reason: how[end..].trim_matches([':', ',', ' ']).to_owned(),
            tests: by.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
        });
    }
    rows
}

/// `48-49` is both; `AUT-PAT-1` is itself.
fn range(ids: &str) -> Vec<String> {
    match ids.split_once('-').map(|(from, to)| (from.parse::<u32>(), to.parse::<u32>())) {
        Some((Ok(from), Ok(to))) => (from..=to).map(|id| id.to_string()).collect(),
        _ => vec![ids.to_owned()],
    }
}

/// The records of a table in CSV (RFC 4180), as far as it is well formed.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    for sign in text.trim_start_matches('\u{feff}').chars() {
        match sign {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(std::mem::take(&mut field)),
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            '\r' => {}
            _ => field.push(sign),
        }
    }
    records
}

/// Whether a test of this name is in the sources.
fn is_there(test: &str) -> bool {
    let has = |path: PathBuf, what: &[String]| {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        what.iter().any(|what| text.contains(what))
    };
    if let Some((script, case)) = test.split_once(": ") {
        let path = repository().join("tests/access").join(script);
        return has(path, &[format!("test('{case}',"), format!("test(`{case}`,"), format!("def {case}(self)")]);
    }
    let parts: Vec<&str> = test.split("::").collect();
    let [krate, module @ .., function] = &parts[..] else { panic!("{test}: crate::module::function") };
    let module: PathBuf = module.iter().collect();
    let path = repository().join("crates").join(krate).join("tests/it").join(module.with_extension("rs"));
    has(path, &[format!("\nasync fn {function}("), format!("\nfn {function}(")])
}

#[test]
fn each_row_says_what_its_verdict_needs() {
    for row in rows() {
        let ids = &row.ids;
        let known = VERDICTS.iter().find(|(verdict, ..)| *verdict == row.verdict);
        let (_, is_tested, is_explained) = known.unwrap_or_else(|| panic!("{ids:?}: `{}` is no verdict", row.verdict));
        assert_eq!(row.tests.is_empty(), !is_tested, "{ids:?}: {}, and its tests", row.verdict);
        assert!(!is_explained || !row.reason.is_empty(), "{ids:?}: {}, and why?", row.verdict);
    }
}

#[test]
fn each_test_that_is_named_is_there() {
    let all: BTreeSet<String> = rows().into_iter().flat_map(|row| row.tests).collect();
    let missing: Vec<_> = all.iter().filter(|test| !is_there(test)).collect();
    assert!(all.len() > 50 && missing.is_empty(), "{missing:?}");
    assert!(!is_there("oauth::code::that_there_is_not") && !is_there("fhirclient.mjs: that there is not"));
}

#[test]
fn each_number_of_the_kits_is_there_once_and_no_other() {
    let mut told: BTreeMap<(usize, String), u32> = BTreeMap::new();
    for row in rows() {
        row.ids.into_iter().for_each(|id| *told.entry((row.section, id)).or_default() += 1);
    }
    let twice: Vec<_> = told.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let Some(archive) = published::data("requirements/inferno-requirements.zip") else { return };
    let kits = published::unzip(&archive);
    for (section, (title, sets)) in SECTIONS.iter().enumerate() {
        let of_page: BTreeSet<&str> = told.keys().filter(|(of, _)| *of == section).map(|(_, id)| id.as_str()).collect();
        for set in *sets {
            let texts = kits.iter().filter(|(name, _)| KITS.iter().any(|kit| name.ends_with(kit)));
            let all: Vec<Vec<String>> = texts.flat_map(|(_, text)| records(&String::from_utf8_lossy(text))).collect();
            let of_kit: BTreeSet<&str> = all.iter().filter(|record| record[0] == *set).map(|record| record[1].as_str()).collect();
            assert!(of_kit.len() > 70, "{set}: {} numbers", of_kit.len());
            assert_eq!(of_page.difference(&of_kit).collect::<Vec<_>>(), Vec::<&&str>::new(), "{title}: not in {set}");
            assert_eq!(of_kit.difference(&of_page).collect::<Vec<_>>(), Vec::<&&str>::new(), "{title}: missing, of {set}");
            let clients = all.iter().filter(|record| record[0] == *set && record[5] == "Client");
            for record in clients {
                let row = rows().into_iter().find(|row| row.section == section && row.ids.contains(&record[1])).expect("it is there");
                assert_eq!(row.verdict, "client's", "{set} {}", record[1]);
            }
        }
    }
}
