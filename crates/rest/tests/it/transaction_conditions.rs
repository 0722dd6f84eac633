//! Conditional interactions and references within a transaction, and what a transaction reads.

use fhir::Value;
use interaction::{ConditionalDelete, Settings};

use crate::server::{Reply, TestServer};

async fn send(server: &TestServer, entries: &[&str]) -> Reply {
    let bundle = format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{}]}}"#, entries.join(","));
    server.post("/fhir", &bundle).await
}

fn patient(id: &str, number: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!(r#""id":"{id}","#) };
    format!(r#"{{"resourceType":"Patient",{id}"identifier":[{{"system":"http://h","value":"{number}"}}]}}"#)
}

fn entry(method: &str, url: &str, resource: &str) -> String {
    let resource = if resource.is_empty() { String::new() } else { format!(r#","resource":{resource}"#) };
    format!(r#"{{"request":{{"method":"{method}","url":"{url}"}}{resource}}}"#)
}

fn statuses(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.responses().into_iter().map(|(status, _)| status[..3].to_owned()).collect()
}

const FLAG: &str =
    r#"{"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"reference":"Patient?identifier=http://h|1"}}"#;

#[tokio::test]
async fn updates_by_criteria() {
    let server = TestServer::new();
    let put = entry("PUT", "Patient?identifier=http://h|1", &patient("", "1"));
    assert_eq!(statuses(&send(&server, &[&put]).await), ["201"]);
    assert_eq!(statuses(&send(&server, &[&put]).await), ["200"]);
    let other = entry("PUT", "Patient?identifier=http://h|1", &patient("other", "1"));
    send(&server, &[&other]).await.refused(400, "invalid", "WARD-0461");
    let named = entry("PUT", "Patient?identifier=http://h|2", &patient("mine", "2"));
    assert_eq!(statuses(&send(&server, &[&named]).await), ["201"]);
    let (place, _) = send(&server, &[&put, &put]).await.refused(400, "duplicate", "WARD-0437");
    assert_eq!(place, "Bundle.entry[1].request.url");
    let directly = entry("PUT", "Patient/mine", &patient("mine", "2"));
    send(&server, &[&entry("PUT", "Patient?identifier=http://h|2", &patient("", "2")), &directly]).await.refused(
        400,
        "duplicate",
        "WARD-0437",
    );
    server.put("/fhir/Patient/double", &patient("double", "1")).await;
    let (place, _) = send(&server, &[&put]).await.refused(412, "multiple-matches", "WARD-0413");
    assert_eq!(place, "Bundle.entry[0].request.url");
    assert_eq!(server.get("/fhir/Patient").await.entries().len(), 3);
}

#[tokio::test]
async fn deletes_by_criteria_before_all_else() {
    let settings = Settings { conditional_delete: ConditionalDelete::Multiple, ..Settings::default() };
    let server = TestServer::with(settings, rest::Settings::default());
    for id in ["a", "b"] {
        server.put(&format!("/fhir/Patient/{id}"), &patient(id, "1")).await;
    }
    server.put("/fhir/Patient/c", &patient("c", "3")).await;
    let create = r#"{"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=http://h|3"},"resource":{"resourceType":"Patient","identifier":[{"system":"http://h","value":"3"}]}}"#;
    let entries = [create, &entry("DELETE", "Patient?identifier=http://h|1", ""), &entry("DELETE", "Patient/c", "")];
    let reply = send(&server, &entries).await;
    assert_eq!(statuses(&reply), ["201", "204", "204"]);
    let etags: Vec<_> = reply
        .json()
        .list("entry")
        .map(|entry| entry.get("response").and_then(|response| response.text("etag")).map(str::to_owned))
        .collect();
    assert_eq!(etags, [Some("W/\"1\"".to_owned()), None, Some("W/\"2\"".to_owned())]);
    assert_eq!(server.get("/fhir/Patient").await.entries().len(), 1);
    assert_eq!(statuses(&send(&server, &[&entry("DELETE", "Patient?identifier=http://h|9", "")]).await), ["204"]);
}

#[tokio::test]
async fn refers_by_criteria_to_what_it_writes_itself() {
    let server = TestServer::new();
    let flag = entry("POST", "Flag", FLAG);
    for (method, url) in [("POST", "Patient"), ("PUT", "Patient?identifier=http://h|1")] {
        let reply = send(&server, &[&flag, &entry(method, url, &patient("", "1"))]).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let bundle = reply.json();
        let places: Vec<_> = bundle.list("entry").filter_map(|entry| entry.text("fullUrl")).collect();
        let stored = server.get(places[0].strip_prefix("http://ward.test").expect("its own address")).await.json();
        let subject = stored.get("subject").and_then(|subject| subject.text("reference")).expect("a subject");
        assert_eq!(format!("http://ward.test/fhir/{subject}"), places[1]);
    }
    let twice = send(&server, &[&flag, &entry("POST", "Patient", &patient("", "1"))]).await;
    twice.refused(412, "multiple-matches", "WARD-0413");
    let id = server.get("/fhir/Patient").await.entries().remove(0);
    send(&server, &[&flag, &entry("DELETE", &id, "")]).await.refused(412, "not-found", "WARD-0415");
}

#[tokio::test]
async fn reads_what_it_has_written() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", &patient("p1", "1")).await;
    let entries = [
        entry("GET", "Patient/p1", ""),
        entry("GET", "Patient?identifier=http://h|2", ""),
        entry("HEAD", "Patient/p1", ""),
        entry("GET", "Patient/p2/_history", ""),
        entry("GET", "Patient/p1/_history/1?_summary=true", ""),
        entry("POST", "Patient/_search?identifier=http://h|2", ""),
        entry("GET", "metadata?mode=terminology", ""),
        entry("PUT", "Patient/p1", &patient("p1", "2")),
        entry("PUT", "Patient/p2", &patient("p2", "2")),
    ];
    let reply = send(&server, &entries.each_ref().map(String::as_str)).await;
    assert_eq!(statuses(&reply), ["200", "200", "200", "200", "200", "200", "200", "200", "201"]);
    let bundle = reply.json();
    let resources: Vec<Option<&Value>> = bundle.list("entry").map(|entry| entry.get("resource")).collect();
    let total = |index: usize| resources[index].map(|bundle| bundle.list("entry").count());
    assert_eq!(resources[0].and_then(|patient| patient.get("meta")?.text("versionId")), Some("2"));
    assert_eq!((total(1), resources[2], total(3), total(5)), (Some(2), None, Some(1), Some(2)));
    assert!(resources[4].is_some_and(|part| fhir::json::to_string(part).contains("SUBSETTED")));
    assert_eq!(resources[6].and_then(Value::resource_type), Some("TerminologyCapabilities"));
    let gone = [entry("DELETE", "Patient/p2", ""), entry("GET", "Patient/p2", "")];
    send(&server, &gone.each_ref().map(String::as_str)).await.refused(404, "not-found", "WARD-0464");
}

#[tokio::test]
async fn minds_what_the_client_has() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", &patient("p1", "1")).await;
    let get = |condition: &str| format!(r#"{{"request":{{"method":"GET","url":"Patient/p1",{condition}}}}}"#);
    for (condition, status) in [
        (r#""ifNoneMatch":"W/\"1\"""#, "304"),
        (r#""ifNoneMatch":"W/\"7\", W/\"1\"""#, "304"),
        (r#""ifNoneMatch":"W/\"2\"""#, "200"),
        (r#""ifModifiedSince":"2026-11-21T08:00:00Z""#, "304"),
        (r#""ifModifiedSince":"2026-11-21T07:59:59Z""#, "200"),
        (r#""ifModifiedSince":"2026-11-22T08:00:00Z","ifNoneMatch":"W/\"2\"""#, "200"),
    ] {
        assert_eq!(statuses(&send(&server, &[&get(condition)]).await), [status], "{condition}");
    }
}

#[tokio::test]
async fn tells_of_each_entry_what_is_preferred() {
    let server = TestServer::new();
    let put = entry("PUT", "Patient/p1", &patient("p1", "1"));
    let bundle = format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{put}]}}"#);
    let headers = [("content-type", "application/fhir+json"), ("prefer", "return=OperationOutcome")];
    let reply = server.send("POST", "/fhir", &headers, bundle).await;
    assert_eq!(reply.responses(), [("201 Created".to_owned(), "WARD-0465".to_owned())]);
}

#[tokio::test]
async fn stores_references_to_its_own_address_as_relative() {
    let server = TestServer::new();
    let own = FLAG.replace("Patient?identifier=http://h|1", "http://ward.test/fhir/Patient/p1");
    let entries = [entry("PUT", "Patient/p1", &patient("p1", "1")), entry("POST", "Flag", &own)];
    assert_eq!(send(&server, &entries.each_ref().map(String::as_str)).await.status, 200);
    assert_eq!(server.post("/fhir/Flag", &own).await.status, 201);
    for query in ["subject=Patient/p1", "subject=http://ward.test/fhir/Patient/p1", "patient.identifier=http://h|1"] {
        assert_eq!(server.get(&format!("/fhir/Flag?{query}")).await.entries().len(), 2, "{query}");
    }
    let ghost = own.replace("p1", "ghost");
    server.post("/fhir/Flag", &ghost).await.refused(422, "not-found", "WARD-0411");
}
