//! `ward import`.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::process::{Server, run, run_well};

const GOOD: &str = r#"{"resourceType":"Patient","id":"anna","birthDate":"1980-02-29"}"#;

#[test]
fn a_bad_line_is_set_aside_and_the_rest_goes_in() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bad = r#"{"resourceType":"Patient","id":"bad","birthDate":"1980-02-30"}"#;
    std::fs::write(folder.path().join("a.ndjson"), format!("{GOOD}\n{bad}\n\nnot json\n")).expect("the file is written");

    let output = run(folder.path(), &["import", "a.ndjson", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let summary = fhir::json::parse(&output.stdout).expect("the summary is JSON");
    assert_eq!(summary.get("written").and_then(|count| count.as_number()), Some("1"));
    assert_eq!(summary.get("rejected").and_then(|count| count.as_number()), Some("2"));

    let rejects = std::fs::read_to_string(folder.path().join("rejects.ndjson")).expect("the rejects are there");
    let lines: Vec<_> = rejects.lines().map(|line| fhir::json::parse(line.as_bytes()).expect("a reject is JSON")).collect();
    let mut places: Vec<_> = lines.iter().map(|line| line.get("line").and_then(|line| line.as_number()).unwrap_or_default()).collect();
    places.sort_unstable();
    assert_eq!(places, ["2", "4"]);
    let birth_date = lines.iter().find(|line| line.get("line").and_then(|line| line.as_number()) == Some("2")).expect("line 2 is there");
    let issue = birth_date.list("issues").next().and_then(|issue| issue.as_str()).unwrap_or_default();
    assert!(issue.contains("Patient.birthDate"), "{issue}");
    assert_eq!(birth_date.text("text"), Some(bad));
}

#[test]
fn an_import_that_is_run_again_writes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut file = GzEncoder::new(std::fs::File::create(folder.path().join("a.ndjson.gz")).expect("a file"), Compression::fast());
    writeln!(file, "{GOOD}").expect("written");
    writeln!(file, r#"{{"resourceType":"Basic","code":{{"text":"without an id"}}}}"#).expect("written");
    file.finish().expect("written");
    let first = run_well(folder.path(), &["import", "a.ndjson.gz", "--json"]);
    let again = run_well(folder.path(), &["import", "a.ndjson.gz", "--json"]);
    assert!(first.contains(r#""written":2,"unchanged":0"#), "{first}");
    assert!(again.contains(r#""written":0,"unchanged":2"#), "{again}");
}

#[test]
fn the_entries_of_a_bundle_find_each_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bundle = r#"{"resourceType":"Bundle","type":"transaction","entry":[
        {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{"resourceType":"Patient","identifier":[{"system":"urn:x","value":"7"}]},
         "request":{"method":"POST","url":"Patient"}},
        {"resource":{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},
         "subject":{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"}},"request":{"method":"POST","url":"Observation"}}]}"#;
    let second = r#"{"resourceType":"Bundle","type":"transaction","entry":[
        {"resource":{"resourceType":"Observation","id":"p","status":"final","code":{"text":"x"},
         "subject":{"reference":"Patient?identifier=urn:x|7"}},"request":{"method":"POST","url":"Observation"}}]}"#;
    // The name of the file that refers to the other's patient comes first.
    std::fs::write(folder.path().join("2.json"), bundle).expect("written");
    std::fs::write(folder.path().join("1.json"), second).expect("written");
    run_well(folder.path(), &["import", "1.json", "2.json"]);
    let server = Server::start(folder.path(), &[]);
    for id in ["o", "p"] {
        let observation = server.get(&format!("/fhir/Observation/{id}")).json();
        let reference = observation.get("subject").and_then(|subject| subject.text("reference"));
        assert_eq!(reference, Some("Patient/11111111-1111-4111-8111-111111111111"), "{id}");
    }
}

/// How many resources of each folder are refused, by the reason that is given first: the log files of two exports, which hold no resources.
const KNOWN: &str = include_str!("known-synthea.txt");

#[test]
fn all_synthea_patients_go_in() {
    let Some(synthea) = published::data("synthea") else { return };
    let mut refused = BTreeMap::new();
    let mut written = 0;
    for part in [
        "bulk-ndjson-10",
        "bulk-ndjson-100",
        "r4-batch-children",
        "r4-conditional-refs",
        "r4-json-xml-pairs",
        "r4-transactions",
        "r4-uscore-2021",
        "r4-v3-collections",
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = synthea.join(part);
        let output = run(folder.path(), &["import", &path.to_string_lossy(), "--json"]);
        let summary = fhir::json::parse(&output.stdout)
            .unwrap_or_else(|error| panic!("{part}: {error}: {}", String::from_utf8_lossy(&output.stderr)));
        let count = |name: &str| {
            summary.get(name).and_then(|count| count.as_number()).and_then(|count| count.parse::<u64>().ok()).unwrap_or_default()
        };
        println!("{part}: {} written, {} unchanged, {} refused", count("written"), count("unchanged"), count("rejected"));
        written += count("written");
        for line in std::fs::read_to_string(folder.path().join("rejects.ndjson")).unwrap_or_default().lines() {
            let reject = fhir::json::parse(line.as_bytes()).expect("a reject is JSON");
            let issue = reject.list("issues").next().and_then(|issue| issue.as_str()).unwrap_or_default().to_owned();
            *refused.entry(format!("{part}: {issue}")).or_insert(0) += 1;
        }
    }
    assert!(written > 60_000, "{written} resources were written");
    let listed: BTreeMap<String, i32> = KNOWN
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .map(|(count, reason)| (reason.to_owned(), count.parse().expect("a line begins with a count")))
        .collect();
    assert_eq!(refused, listed, "what is refused, by reason, is what is listed");
}
