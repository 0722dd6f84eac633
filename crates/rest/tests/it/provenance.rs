//! The header X-Provenance.

use fhir::Value;

use crate::server::{Reply, TestServer};

const JSON: (&str, &str) = ("content-type", "application/fhir+json");
const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1"}"#;
const PROVENANCE: &str = r#"{"resourceType":"Provenance","recorded":"2026-11-21T08:00:00Z","agent":[{"who":{"display":"Zürcher"}}]}"#;

async fn write(server: &TestServer, method: &str, path: &str, provenance: &str) -> Reply {
    let (content_type, body) = match method {
        "PATCH" => ("application/json-patch+json", r#"[{"op":"add","path":"/active","value":true}]"#),
        _ => (JSON.1, PATIENT),
    };
    server.send(method, path, &[("content-type", content_type), ("x-provenance", provenance)], body).await
}

async fn about(server: &TestServer, target: &str) -> Vec<Value> {
    let found = server.get(&format!("/fhir/Provenance?target={target}")).await.json();
    found.list("entry").filter_map(|entry| entry.get("resource").cloned()).collect()
}

#[tokio::test]
async fn is_stored_with_what_is_written_and_about_it() {
    let server = TestServer::new();
    for (count, (method, path)) in
        [("PUT", "/fhir/Patient/p1"), ("PATCH", "/fhir/Patient/p1"), ("PUT", "/fhir/Patient?_id=p1")].into_iter().enumerate()
    {
        let reply = write(&server, method, path, PROVENANCE).await;
        assert!(reply.status.is_success(), "{}", reply.text());
        let known = about(&server, "Patient/p1").await;
        assert_eq!(known.len(), count + 1, "{method} {path}");
        let last_updated = |resource: &Value| resource.get("meta").and_then(|meta| meta.text("lastUpdated")).map(str::to_owned);
        assert!(known.iter().any(|provenance| last_updated(provenance) == last_updated(&reply.json())));
    }
    let created = write(&server, "POST", "/fhir/Patient", PROVENANCE).await.json();
    assert_eq!(about(&server, &format!("Patient/{}", created.text("id").unwrap_or_default())).await.len(), 1);
}

#[tokio::test]
async fn is_refused_together_with_the_write() {
    let server = TestServer::new();
    let targeted = r#"{"resourceType":"Provenance","target":[{"reference":"Patient/x"}]}"#;
    let dangling =
        r#"{"resourceType":"Provenance","recorded":"2026-11-21T08:00:00Z","agent":[{"who":{"reference":"Practitioner/ghost"}}]}"#;
    let cases = [
        ("{", 400, "value", "WARD-0513", ""),
        (r#"{"resourceType":"Patient"}"#, 400, "invalid", "WARD-0470", "resourceType"),
        (targeted, 400, "invalid", "WARD-0470", "Provenance.target"),
        (r#"{"resourceType":"Provenance","recorded":"2026-11-21T08:00:00Z"}"#, 400, "required", "WARD-0109", "Provenance"),
        (dangling, 422, "not-found", "WARD-0411", "Provenance.agent[0].who.reference"),
    ];
    for (provenance, status, code, ward, place) in cases {
        let (expression, _) = write(&server, "PUT", "/fhir/Patient/p1", provenance).await.refused(status, code, ward);
        assert_eq!(expression, place);
    }
    assert_eq!(server.get("/fhir/Patient/p1").await.status, 404);
}

#[tokio::test]
async fn headers_that_decide_are_never_passed_over() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    let cases = [
        ("DELETE", "/fhir/Patient/p1", "if-none-match", "*"),
        ("DELETE", "/fhir/Patient/p1", "if-unmodified-since", "Sat, 21 Nov 2026 08:00:00 GMT"),
        ("DELETE", "/fhir/Patient/p1", "x-provenance", PROVENANCE),
        ("PATCH", "/fhir/Patient/p1", "if-none-match", "*"),
        ("PUT", "/fhir/Patient/p1", "if-none-exist", "_id=p1"),
        ("POST", "/fhir/Patient", "if-match", "W/\"1\""),
        ("POST", "/fhir", "x-provenance", PROVENANCE),
    ];
    for (method, path, name, value) in cases {
        let (_, remedy) = server.send(method, path, &[JSON, (name, value)], PATIENT).await.refused(400, "not-supported", "WARD-0517");
        assert!(remedy.to_ascii_lowercase().starts_with(name), "{remedy}");
    }
    assert_eq!(server.get("/fhir/Patient/p1").await.header("etag"), "W/\"1\"");
    assert_eq!(server.send("GET", "/fhir/Patient/p1", &[("if-match", "W/\"9\"")], "").await.status, 200);
}

#[tokio::test]
async fn answers_are_kept_by_nobody_without_asking() {
    let server = TestServer::new();
    for path in ["/fhir/Patient", "/fhir/Patient/nope", "/fhir/metadata"] {
        let reply = server.get(path).await;
        assert_eq!((reply.header("cache-control"), reply.header("vary")), ("private, no-cache", "accept"), "{path}");
    }
}
