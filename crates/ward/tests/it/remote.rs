//! `ward import --url` and `ward export --url`: against a server instead of a data directory.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

use fhir::Value;

use crate::process::{Server, run, run_well};

/// All lines of all files of an export, without what the server gave, sorted.
fn exported(folder: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("the file is there");
        lines.extend(text.lines().map(|line| {
            let mut resource = fhir::json::parse(line.as_bytes()).expect("a line is JSON");
            let meta = resource.as_object_mut().and_then(|resource| resource.get_mut("meta")).and_then(Value::as_object_mut);
            let meta = meta.expect("a resource has meta");
            assert!(meta.remove("versionId").is_some() && meta.remove("lastUpdated").is_some());
            fhir::json::to_string(&resource)
        }));
    }
    lines.sort();
    lines
}

fn count(summary: &str, name: &str) -> u64 {
    let summary = fhir::json::parse(summary.as_bytes()).expect("the summary is JSON");
    summary.get(name).and_then(Value::as_number).and_then(|count| count.parse().ok()).expect("a count")
}

fn rejects(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("rejects.ndjson")).unwrap_or_default();
    text.lines().map(|line| fhir::json::parse(line.as_bytes()).expect("a reject is JSON")).collect()
}

#[test]
fn what_goes_in_comes_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let seeded = run_well(folder.path(), &["seed", "--patients", "20", "--today", "2026-01-31", "--json"]);
    run_well(folder.path(), &["export", "out"]);

    // The files stand in the order of their names: most resources refer to what comes later, and the server checks references.
    let other = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(other.path(), &[]);
    let url = format!("http://{}/fhir", server.address);
    let out = folder.path().join("out");
    let imported = run_well(other.path(), &["import", &out.to_string_lossy(), "--url", &url, "--json"]);
    assert_eq!(count(&imported, "written"), count(&seeded, "written"), "{imported}");
    run_well(other.path(), &["export", "back", "--url", &format!("{url}/")]);
    let (sent, back) = (exported(&out), exported(&other.path().join("back")));
    let observations = sent.iter().filter(|line| line.starts_with(r#"{"resourceType":"Observation""#)).count();
    assert!(observations > 1000, "{observations} observations are no more than a page");
    assert!(sent == back, "{} resources went in, {} came out, or others", sent.len(), back.len());

    let patients = run_well(other.path(), &["export", "--type", "Patient", "--url", &url]);
    assert!(patients.lines().count() >= 20 && patients.lines().all(|line| line.starts_with(r#"{"resourceType":"Patient""#)), "{patients}");
}

#[test]
fn what_is_refused_is_set_aside_with_the_servers_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &[]);
    let observation = |id: &str, subject: &str| {
        format!(
            r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"x"}},"subject":{{"reference":"{subject}"}}}}"#
        )
    };
    let lines = [
        observation("early", "Patient/anna"),
        observation("astray", "Patient/nobody"),
        r#"{"resourceType":"Patient","id":"bad","birthDate":"1980-02-30"}"#.to_owned(),
        r#"{"resourceType":"Patient","id":"anna","birthDate":"1980-02-29"}"#.to_owned(),
        observation("early", "Patient/nobody"),
    ];
    std::fs::write(folder.path().join("a.ndjson"), lines.join("\n")).expect("written");
    let output = run(folder.path(), &["import", "a.ndjson", "--url", &format!("http://{}/fhir", server.address), "--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let summary = String::from_utf8_lossy(&output.stdout);
    assert_eq!((count(&summary, "written"), count(&summary, "rejected")), (2, 3));
    assert_eq!(server.get("/fhir/Observation/early").status, 200);

    let rejects = rejects(folder.path());
    let reason = |line: &str| {
        let reject = rejects.iter().find(|reject| reject.get("line").and_then(Value::as_number) == Some(line)).expect("the line is there");
        (reject.list("issues").next().and_then(Value::as_str).unwrap_or_default(), reject.text("text").unwrap_or_default())
    };
    let (issue, text) = reason("2");
    assert!(issue.starts_with("WARD-0411: Observation.subject.reference: Patient/nobody does not exist"), "{issue}");
    assert_eq!(text, lines[1]);
    // The same id once more, with a reference to nothing: it does not keep the first one out.
    assert!(reason("5").0.starts_with("WARD-0411: Observation.subject.reference: Patient/nobody does not exist"));
    let (issue, text) = reason("3");
    assert!(issue.contains("Patient.birthDate"), "{issue}");
    assert_eq!(text, lines[2]);
}

#[test]
fn circles_and_references_by_criteria_are_resolved() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &[]);
    let lines = [
        r#"{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"AMB"},"diagnosis":[{"condition":{"reference":"Condition/c"}}],"subject":{"reference":"Patient/p"}}"#,
        r#"{"resourceType":"Patient","id":"p","generalPractitioner":[{"reference":"Practitioner?identifier=urn:x|7"}]}"#,
    ];
    std::fs::write(folder.path().join("1.ndjson"), lines.join("\n")).expect("written");
    let lines = [
        r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},"encounter":{"reference":"Encounter/e"}}"#,
        r#"{"resourceType":"Practitioner","id":"d","identifier":[{"system":"urn:x","value":"7"}]}"#,
    ];
    std::fs::write(folder.path().join("2.ndjson"), lines.join("\n")).expect("written");
    run_well(folder.path(), &["import", "1.ndjson", "2.ndjson", "--url", &format!("http://{}/fhir", server.address)]);
    let patient = server.get("/fhir/Patient/p").json();
    assert_eq!(patient.list("generalPractitioner").next().and_then(|reference| reference.text("reference")), Some("Practitioner/d"));
    assert_eq!(server.get("/fhir/Encounter/e").status, 200);
    assert_eq!(server.get("/fhir/Condition/c").status, 200);
}

/// A server that gives the same answer to everything, once for each of these heads, and hands out what it was asked.
fn answering(heads: &'static [&'static str]) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/fhir", listener.local_addr().expect("an address"));
    let body = r#"{"resourceType":"Bundle","type":"searchset"}"#;
    let serving = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for head in heads {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut request = vec![0; 8192];
            let length = stream.read(&mut request).expect("a request");
            asked.push(String::from_utf8_lossy(&request[..length]).into_owned());
            let answer = format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).expect("answered");
        }
        asked
    });
    (url, serving)
}

#[test]
fn a_busy_server_is_asked_again_with_the_token() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (url, serving) = answering(&["503 Busy\r\nRetry-After: 0", "429 Too Many\r\nRetry-After: 0", "200 OK"]);
    run_well(folder.path(), &["export", "--type", "Patient", "--url", &url, "--token", "secret"]);
    let asked = serving.join().expect("the server ends");
    assert_eq!(asked.len(), 3);
    for request in asked {
        assert!(request.starts_with("GET /fhir/Patient?_count=1000 "), "{request}");
        assert!(request.to_lowercase().contains("authorization: bearer secret"), "{request}");
    }
}

#[test]
fn a_server_that_lets_nobody_in_is_told_apart_from_none() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("a.json"), r#"{"resourceType":"Patient","id":"a"}"#).expect("written");
    let fails = |arguments: &[&str], code: i32, says: &str| {
        let output = run(folder.path(), arguments);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
        assert!(message.contains(says), "{arguments:?}: {message}");
        assert!(output.stdout.is_empty() && !message.contains("panicked"), "{arguments:?}: {message}");
    };
    let (url, serving) = answering(&["401 Unauthorized", "403 Forbidden"]);
    fails(&["import", "a.json", "--url", &url], 1, "--token");
    fails(&["export", "--type", "Patient", "--url", &url], 1, "refused the export (403 Forbidden)");
    serving.join().expect("the server ends");
    // Nothing listens there any more.
    fails(&["import", "a.json", "--url", &url], 1, "cannot be reached");
    fails(&["export", "--url", &url], 1, "cannot be reached");
    fails(&["import", "a.json", "--url", &url.replace("http:", "https:")], 1, "cannot be reached");
    fails(&["import", "a.json", "--url", "127.0.0.1:8080"], 2, "http://");
    fails(&["import", "a.json", "--token", "x"], 2, "--url");
}
