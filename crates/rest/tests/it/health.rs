//! `/health`, `/metrics`, paths and methods that are not there, and what every answer carries.

use std::sync::atomic::Ordering;

use crate::server::TestServer;

#[tokio::test]
async fn tells_whether_it_lives_and_is_ready() {
    let server = TestServer::new();
    assert_eq!(server.get("/health/live").await.status, 200);
    assert_eq!(server.get("/health/ready").await.status, 200);
    server.app.draining.store(true, Ordering::Relaxed);
    assert_eq!(server.get("/health/live").await.status, 200);
    assert_eq!(server.get("/health/ready").await.status, 503);
}

#[tokio::test]
async fn counts_by_interaction_and_status() {
    let server = TestServer::new();
    server.get("/fhir/Patient/none").await;
    server.get("/fhir/Patient/none").await;
    server.get("/fhir/Patient").await;
    server.get("/nowhere").await;
    let text = server.get("/metrics").await.text();
    for line in [
        "ward_http_requests_total{interaction=\"read\",status=\"4xx\"} 2",
        "ward_http_requests_total{interaction=\"search-type\",status=\"2xx\"} 1",
        "ward_http_requests_total{interaction=\"none\",status=\"4xx\"} 1",
        "ward_http_request_duration_seconds_bucket{interaction=\"read\",le=\"+Inf\"} 2",
        "ward_http_request_duration_seconds_count{interaction=\"read\"} 2",
        "ward_http_requests_in_flight 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("none\"}") || !text.contains("Patient/none"), "no address is in the metrics");
}

#[tokio::test]
async fn answers_unknown_paths_and_methods() {
    let server = TestServer::new();
    for path in ["/", "/fhir/Patient/p1/x", "/fhir/Patient/p1/_history/1/x", "/fhirx", "/fhir/Patient/", "/fhir//p1"] {
        let reply = server.get(path).await;
        assert!(matches!(reply.status.as_u16(), 404 | 400), "{path}: {}", reply.status);
        assert_eq!(reply.json().resource_type(), Some("OperationOutcome"), "{path}");
    }
    server.get("/nowhere").await.refused(404, "not-found", "WARD-0509");
    for (method, path, allow) in
        [("PUT", "/fhir/metadata", "GET,HEAD,OPTIONS"), ("POST", "/fhir/Patient/p1", "DELETE,GET,HEAD,OPTIONS,PATCH,PUT")]
    {
        let reply = server.send(method, path, &[], "").await;
        reply.refused(405, "not-supported", "WARD-0510");
        let mut allowed: Vec<_> = reply.header("allow").split(',').map(str::trim).collect();
        allowed.sort_unstable();
        assert_eq!(allowed.join(","), allow, "{method} {path}");
    }
}

#[tokio::test]
async fn names_every_request() {
    let server = TestServer::new();
    let given = server.send("GET", "/fhir/metadata", &[("x-request-id", "abc-123")], "").await;
    assert_eq!(given.header("x-request-id"), "abc-123");
    let (one, two) = (server.get("/fhir/metadata").await, server.get("/nowhere").await);
    assert_eq!((one.header("x-request-id").len(), two.header("x-request-id").len()), (16, 16));
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
    let forged = server.send("GET", "/fhir/metadata", &[("x-request-id", "a b\tc")], "").await;
    assert_eq!(forged.header("x-request-id").len(), 16);
}
