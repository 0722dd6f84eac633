//! The index sealed as well: no file of the data directory names anybody.

use std::path::Path;

use super::put;
use crate::attacks::house::Prepared;
use crate::process::{Server, run, run_well};

const BOTH: &[&str] = &["--set", "seal_bodies=patient", "--set", "seal_index=identifying"];

/// Words that stand for what tells who somebody is. None is in a file as it is.
const CANARIES: [&str; 9] = [
    "zqcanaryfamily",
    "zqcanarygiven",
    "zqcanarymrn",
    "zqcanarystreet",
    "zqcanarycity",
    "zqcanarymail",
    "zqcanarydoctor",
    "zqcanaryaccount",
    "19770307",
];

fn files_with(folder: &Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_with(&path, word));
        } else if std::fs::read(&path).is_ok_and(|bytes| bytes.to_ascii_lowercase().windows(word.len()).any(|part| part == word.as_bytes()))
        {
            found.push(path.display().to_string());
        }
    }
    found
}

fn fill(server: &Server) {
    let patient = r#","name":[{"family":"Zqcanaryfamily","given":["Zqcanarygiven","Anna"]}],"identifier":[{"system":"urn:mrn","value":"zqcanarymrn"}],
        "address":[{"line":["Zqcanarystreet 1"],"city":"Zqcanarycity"}],"telecom":[{"system":"email","value":"a@zqcanarymail.example"},{"system":"phone","value":"19770307"}],
        "birthDate":"1977-03-07","contact":[{"name":{"family":"Zqcanarygiven"}}]"#;
    put(server, "Patient/a", patient);
    put(server, "Patient/b", r#","name":[{"family":"Other"}],"birthDate":"1977-03-08""#);
    put(server, "Practitioner/d", r#","name":[{"family":"Zqcanarydoctor"}]"#);
    put(server, "Account/x", r#","status":"active","name":"Zqcanaryaccount""#);
    put(
        server,
        "Observation/o",
        r#","status":"final","code":{"text":"weight"},"subject":{"reference":"Patient/a","identifier":{"system":"urn:mrn","value":"zqcanarymrn"},"display":"Zqcanaryfamily"}"#,
    );
}

fn total(server: &Server, query: &str) -> u64 {
    let answer = server.get(&format!("/fhir/{query}&_summary=count"));
    assert_eq!(answer.status, 200, "{query}: {}", String::from_utf8_lossy(&answer.body));
    let found: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    found["total"].as_u64().expect("a total")
}

#[test]
fn no_file_names_anybody_and_equality_is_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), BOTH);
    fill(&server);
    let found = [
        "Patient?identifier=urn:mrn%7Czqcanarymrn",
        "Patient?identifier=zqcanarymrn",
        "Patient?family:exact=Zqcanaryfamily",
        "Patient?name:exact=Anna",
        "Patient?birthdate=1977-03-07",
        "Patient?phone=19770307",
        "Patient?_sounds=zqcanaryfamily",
        "Observation?subject:identifier=urn:mrn%7Czqcanarymrn",
        "Observation?subject:Patient.family:exact=Zqcanaryfamily",
        "Practitioner?family:exact=Zqcanarydoctor",
        "Account?name:exact=Zqcanaryaccount",
        "Patient?_has:Observation:subject:code:text=weight",
        "Patient?address-city:exact=Zqcanarycity",
    ];
    for query in found {
        assert_eq!(total(&server, query), 1, "{query}");
    }
    for query in ["Patient?family:exact=zqcanaryfamily", "Patient?birthdate=1977-03-09", "Patient?identifier=urn:other%7Czqcanarymrn"] {
        assert_eq!(total(&server, query), 0, "{query}");
    }
    // What needs a beginning, an order or a part is refused by name, with what to do.
    for (query, name) in [
        ("Patient?family=zqcan", "family"),
        ("Patient?birthdate=gt1970-01-01", "birthdate"),
        ("Patient?_sort=family", "family"),
        ("Patient?name:contains=anary", "name"),
        ("Patient?_like=zqcan", "_like"),
    ] {
        let answer = server.get(&format!("/fhir/{query}"));
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.status == 400 && said.contains(name) && said.contains("seal_index"), "{query}: {} {said}", answer.status);
        assert!(!said.contains("zqcan"), "{said}");
    }
    let lenient = server.send("GET", "/fhir/Patient?family=zqCANARYfamily", &[("Prefer", "handling=lenient")], b"");
    let said = String::from_utf8_lossy(&lenient.body).into_owned();
    assert!(said.contains("\"total\":1") || said.contains("Patient/a") && said.contains("whole values"), "{said}");
    // A conditional create finds whom it is about.
    let again = server.send(
        "POST",
        "/fhir/Patient",
        &[("Content-Type", "application/fhir+json"), ("If-None-Exist", "identifier=urn:mrn|zqcanarymrn")],
        br#"{"resourceType":"Patient"}"#,
    );
    assert_eq!(again.status, 200);
    let told = String::from_utf8(server.get("/fhir/metadata").body).expect("text");
    assert!(told.contains("equality alone can be asked"));
    for canary in CANARIES {
        assert_eq!(files_with(&folder.path().join("data"), canary), [""; 0], "{canary}, beside the server");
    }
    assert_eq!(server.stop(), Some(0));
    run_well(folder.path(), &[BOTH, &["index", "rebuild"]].concat());
    run_well(folder.path(), &[BOTH, &["index", "check"]].concat());
    let server = Server::start(folder.path(), BOTH);
    assert_eq!(total(&server, "Patient?identifier=urn:mrn%7Czqcanarymrn"), 1);
    assert_eq!(server.stop(), Some(0));
    for canary in CANARIES {
        assert_eq!(files_with(&folder.path().join("data"), canary), [""; 0], "{canary}, afterwards");
    }
    // Without the setting the index is made anew, in clear.
    let server = Server::start(folder.path(), &BOTH[..2]);
    assert_eq!(total(&server, "Patient?family=zqcan"), 1);
    assert_eq!(server.stop(), Some(0));
    assert!(!files_with(&folder.path().join("data"), "zqcanaryfamily").is_empty());
}

#[test]
fn it_needs_bodies_that_are_sealed_and_goes_with_no_words() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (settings, named) in
        [(&["--set", "seal_index=identifying"][..], "seal_bodies"), (&[BOTH, &["--set", "index_words=true"]].concat(), "index_words")]
    {
        let refused = run(folder.path(), &[settings, &["export"]].concat());
        assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains(named), "{named}");
    }
}

#[test]
fn pages_find_people_by_whole_parts_of_their_names() {
    let house = Prepared::new().usual_people().open(&["seal_bodies=patient", "seal_index=identifying"]);
    let mut browser = house.signed_in("doc");
    let page = browser.get("/auth/break-glass");
    for (words, is_found) in [("Bobsecret", true), ("bobsecret", true), ("Bobsec", false), ("Nobody", false)] {
        let found = browser.fill(&page, &[("act", "search"), ("search", words)]);
        assert_eq!((found.status, found.text.contains("value=\"bob\"")), (200, is_found), "{words}: {}", found.text);
        assert!(!found.text.contains("value=\"ann\"") && !found.text.contains("did not work"), "{words}");
    }
}
