//! `GET /fhir/{type}/{id}`.

use crate::server::TestServer;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","active":true,"name":[{"family":"Muster"}]}"#;

#[tokio::test]
async fn gives_the_stored_bytes_with_version_and_date() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    let reply = server.get("/fhir/Patient/p1").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/fhir+json;charset=utf-8");
    assert_eq!(reply.header("etag"), "W/\"1\"");
    assert_eq!(reply.header("last-modified"), "Sat, 21 Nov 2026 08:00:00 GMT");
    assert_eq!(
        reply.text(),
        r#"{"resourceType":"Patient","id":"p1","meta":{"versionId":"1","lastUpdated":"2026-11-21T08:00:00.000Z"},"active":true,"name":[{"family":"Muster"}]}"#
    );
}

#[tokio::test]
async fn answers_head_without_a_body() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    let reply = server.send("HEAD", "/fhir/Patient/p1", &[], "").await;
    assert_eq!((reply.status.as_u16(), reply.header("etag"), reply.body.len()), (200, "W/\"1\"", 0));
}

#[tokio::test]
async fn spares_what_the_client_has() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    for (name, value, status) in [
        ("if-none-match", "W/\"1\"", 304),
        ("if-none-match", "W/\"7\", W/\"1\"", 304),
        ("if-none-match", "*", 304),
        ("if-none-match", "W/\"2\"", 200),
        ("if-none-match", "nonsense", 200),
        ("if-modified-since", "Sat, 21 Nov 2026 08:00:00 GMT", 304),
        ("if-modified-since", "Sat, 21 Nov 2026 07:59:59 GMT", 200),
        ("if-modified-since", "yesterday", 200),
    ] {
        let reply = server.send("GET", "/fhir/Patient/p1", &[(name, value)], "").await;
        assert_eq!(reply.status, status, "{name}: {value}");
        assert_eq!(reply.header("etag"), "W/\"1\"");
        assert_eq!(reply.body.is_empty(), status == 304);
    }
}

#[tokio::test]
async fn refuses_what_is_not_there() {
    let server = TestServer::new();
    server.get("/fhir/Patient/nobody").await.refused(404, "not-found", "WARD-0400");
    server.put("/fhir/Patient/p1", PATIENT).await;
    server.delete("/fhir/Patient/p1").await;
    server.get("/fhir/Patient/p1").await.refused(410, "deleted", "WARD-0402");
}

#[tokio::test]
async fn refuses_addresses_that_name_nothing() {
    let server = TestServer::new();
    let (_, remedy) = server.get("/fhir/Patients/p1").await.refused(404, "not-supported", "WARD-0403");
    assert!(remedy.contains("did you mean Patient?"), "{remedy}");
    let (_, remedy) = server.get("/fhir/Obervation/p1").await.refused(404, "not-supported", "WARD-0403");
    assert!(remedy.contains("did you mean Observation?"), "{remedy}");
    server.get("/fhir/Patient/$anything").await.refused(404, "not-supported", "WARD-0441");
    server.get("/fhir/$export").await.refused(404, "not-supported", "WARD-0441");
    server.get("/fhir/Patient/a_b").await.refused(400, "value", "WARD-0404");
    server.get(&format!("/fhir/Patient/{}", "a".repeat(65))).await.refused(400, "value", "WARD-0404");
    server.get("/fhir/Patient/p1?name=x").await.refused(400, "not-supported", "WARD-0512");
}
