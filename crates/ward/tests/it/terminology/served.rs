//! What a server answers from code systems that are loaded: at its start, and while it runs.

use fhir::Value;

use super::snomed_edition::{ROOT, write};
use super::{COLOURS, answered, colours, eventually, expanded, fails, parameter};
use crate::process::{Server, run_well};

const PAIN: &str = "900001001";
const LEFT: &str = "900002006";

/// Whether the server says of a code that it is one of its system.
fn is_code(server: &Server, system: &str, version: &str, code: &str) -> bool {
    let version = if version.is_empty() { String::new() } else { format!("&version={version}") };
    let answer = server.get(&format!("/fhir/CodeSystem/$validate-code?url={system}&code={code}{version}")).json();
    parameter(&answer, "result").and_then(Value::as_bool) == Some(true)
}

#[test]
fn an_edition_of_snomed_answers_every_operation() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("edition"), "Snapshot");
    run_well(folder.path(), &["terminology", "load", "edition"]);
    let server = Server::start(folder.path(), &[]);
    let version = "http://snomed.info/sct/900000000000207008/version/20260101";

    let found = server.get(&format!("/fhir/CodeSystem/$lookup?system=http://snomed.info/sct&code={PAIN}")).json();
    assert_eq!(parameter(&found, "display").and_then(Value::as_str), Some("Pain of the elbow"), "{found:?}");
    assert_eq!(parameter(&found, "version").and_then(Value::as_str), Some(version));
    let subsumed = |left: &str, right: &str| {
        let answer = server.get(&format!("/fhir/CodeSystem/$subsumes?system=http://snomed.info/sct&codeA={left}&codeB={right}")).json();
        parameter(&answer, "outcome").and_then(Value::as_str).map(str::to_owned)
    };
    assert_eq!(subsumed(ROOT, LEFT).as_deref(), Some("subsumes"));
    assert_eq!(subsumed(LEFT, PAIN).as_deref(), Some("subsumed-by"));
    assert!(is_code(&server, "http://snomed.info/sct", "", PAIN) && !is_code(&server, "http://snomed.info/sct", "", "900009009"));

    // The value sets that need no resource.
    let implicit = |query: &str| expanded(&server, &format!("url=http%3A%2F%2Fsnomed.info%2Fsct%3Ffhir_vs{query}"));
    assert_eq!(implicit("&count=100").len(), 10);
    assert_eq!(implicit(&format!("%3Disa%2F{PAIN}")), [PAIN, LEFT]);
    assert_eq!(implicit("%3Drefset%2F700043003"), [PAIN]);
    // `< 404684003 : 363698007 = 123037004`, as it stands in an address that stands in a query.
    assert_eq!(implicit("%3Decl%2F%253C%2520404684003%2520%253A%2520363698007%2520%253D%2520123037004"), [PAIN, LEFT]);
    assert_eq!(implicit(&format!("%3Disa%2F{ROOT}&filter=left")), [LEFT]);
    let wrong = server.get("/fhir/ValueSet/$expand?url=http%3A%2F%2Fsnomed.info%2Fsct%3Ffhir_vs%3Decl%2F%253C%253C%253C%253C");
    assert!(wrong.status >= 400 && wrong.status < 500, "{}", wrong.status);

    // An expression as a filter, and a concept map on top.
    let value_set = r#"{"resourceType":"ValueSet","id":"pains","url":"http://example.org/pains","status":"active","compose":{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"constraint","op":"=","value":"<< 900001001"}]}]}}"#;
    let map = r#"{"resourceType":"ConceptMap","id":"m","url":"http://example.org/m","status":"active","sourceUri":"http://example.org/pains","group":[{"source":"http://snomed.info/sct","target":"urn:other","element":[{"code":"900001001","target":[{"code":"x","equivalence":"equivalent"}]}]}]}"#;
    for (place, text) in [("ValueSet/pains", value_set), ("ConceptMap/m", map)] {
        let put = server.send("PUT", &format!("/fhir/{place}"), &[("Content-Type", "application/fhir+json")], text.as_bytes());
        assert_eq!(put.status, 201, "{}", String::from_utf8_lossy(&put.body));
    }
    assert_eq!(expanded(&server, "url=http://example.org/pains"), [PAIN, LEFT]);
    let translated = server.get(&format!("/fhir/ConceptMap/m/$translate?system=http://snomed.info/sct&code={PAIN}")).json();
    assert_eq!(parameter(&translated, "result").and_then(Value::as_bool), Some(true), "{translated:?}");
}

#[test]
fn a_loaded_system_is_a_resource_that_nobody_can_change() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let one = colours(folder.path(), "1", &["red", "green"]);
    run_well(folder.path(), &["terminology", "load", &one]);
    let server = Server::start(folder.path(), &[]);
    let found = server.get(&format!("/fhir/CodeSystem?url={COLOURS}")).json();
    let resources: Vec<&Value> = found.list("entry").filter_map(|entry| entry.get("resource")).collect();
    assert_eq!(resources.len(), 1, "{found:?}");
    let resource = resources[0];
    for (name, value) in [("version", "1"), ("name", "ColoursOfThings"), ("title", "Colours of things"), ("content", "not-present")] {
        assert_eq!(resource.text(name), Some(value), "{resource:?}");
    }
    assert_eq!(resource.get("count").and_then(Value::as_number), Some("2"));
    let id = resource.text("id").expect("an id");
    assert_eq!(server.get(&format!("/fhir/CodeSystem/{id}")).json().text("url"), Some(COLOURS));
    let text = fhir::json::to_string(resource);
    let judged = server.send("POST", "/fhir/CodeSystem/$validate", &[("Content-Type", "application/fhir+json")], text.as_bytes()).json();
    assert!(judged.list("issue").all(|issue| !matches!(issue.text("severity"), Some("error" | "fatal"))), "{judged:?}");
    // What is asked of the resource is answered from the table behind it.
    let found = server.get(&format!("/fhir/CodeSystem/{id}/$validate-code?code=green")).json();
    assert_eq!(parameter(&found, "result").and_then(Value::as_bool), Some(true), "{found:?}");
    let deleted = server.send("DELETE", &format!("/fhir/CodeSystem/{id}"), &[], b"");
    assert_eq!(server.get(&format!("/fhir/CodeSystem/{id}")).status, 200, "after {}", deleted.status);
    // The value set of all its concepts, as the code system names it.
    assert_eq!(expanded(&server, "url=http://example.org/all-colours"), ["green", "red"]);
}

#[test]
fn a_running_server_takes_up_what_is_loaded_and_lets_go_of_what_is_removed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let (one, two) = (colours(at, "1", &["red"]), colours(at, "2", &["red", "blue"]));
    let server = Server::start(at, &[]);
    let versions = || {
        let statement = server.get("/fhir/metadata?mode=terminology").json();
        let system = statement.list("codeSystem").find(|system| system.text("uri") == Some(COLOURS)).cloned();
        let versions = system.iter().flat_map(|system| system.list("version").cloned().collect::<Vec<_>>()).collect::<Vec<_>>();
        versions.iter().filter_map(|version| version.text("code").map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(versions(), Vec::<String>::new());
    assert!(!is_code(&server, COLOURS, "", "red"));
    run_well(at, &["terminology", "load", &one]);
    eventually("the first version is there", || versions() == ["1"]);
    assert!(is_code(&server, COLOURS, "", "red") && !is_code(&server, COLOURS, "", "blue"));

    // The new version stands beside the old one, and is meant where none is named.
    run_well(at, &["terminology", "load", &two]);
    eventually("the second version is there", || versions() == ["2", "1"]);
    assert!(is_code(&server, COLOURS, "", "blue") && is_code(&server, COLOURS, "2", "blue"));
    assert!(!is_code(&server, COLOURS, "1", "blue") && is_code(&server, COLOURS, "1", "red"));
    let found = server.get(&format!("/fhir/CodeSystem?url={COLOURS}&_summary=count")).json();
    assert_eq!(found.get("total").and_then(Value::as_number), Some("2"));

    run_well(at, &["terminology", "remove", "http://example.org/colours|2"]);
    eventually("the second version is gone", || versions() == ["1"]);
    assert!(!is_code(&server, COLOURS, "", "blue"));
    assert_eq!(server.stop(), Some(0));

    let server = Server::start(at, &[]);
    assert!(is_code(&server, COLOURS, "", "red"), "after a restart too");
    assert_eq!(answered(at, &["terminology", "list"]).len(), 1);
    // The database is the server's alone, the code systems are not.
    fails(at, &["seed"], 4, "");
}
