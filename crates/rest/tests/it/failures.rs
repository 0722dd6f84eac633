//! What a client is told when the store fails, loses a race, or a handler panics.

use store::CommitError;
use store::ReadError;

use crate::faulty_store::Fault;
use crate::server::TestServer;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1"}"#;

#[tokio::test]
async fn tells_what_to_do_when_a_commit_fails() {
    let server = TestServer::new();
    for (error, status, code, ward, retry) in [
        (CommitError::Full, 507, "no-store", "WARD-0418", ""),
        (CommitError::Busy, 503, "throttled", "WARD-0419", "1"),
        (CommitError::Closed, 503, "transient", "WARD-0420", "1"),
        (CommitError::Engine("table /secret/path is broken".into()), 500, "exception", "WARD-0421", ""),
    ] {
        server.fail(Some(Fault::Commit(error)));
        for reply in [
            server.put("/fhir/Patient/p1", PATIENT).await,
            server.post("/fhir/Patient", PATIENT).await,
            server.delete("/fhir/Patient/p1").await,
            server.post("/fhir", &transaction()).await,
        ] {
            let (_, remedy) = reply.refused(status, code, ward);
            assert!(!remedy.contains("secret"), "{remedy}");
            assert_eq!(reply.header("retry-after"), retry);
        }
    }
    server.fail(None);
    assert_eq!(server.put("/fhir/Patient/p1", PATIENT).await.header("etag"), "W/\"1\"");
}

fn transaction() -> String {
    format!(
        r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"request":{{"method":"PUT","url":"Patient/p1"}},"resource":{PATIENT}}}]}}"#
    )
}

#[tokio::test]
async fn tells_what_to_do_when_a_read_fails() {
    let server = TestServer::new();
    for (error, status, code, ward) in [
        (ReadError::TooCostly("narrow it".into()), 400, "too-costly", "WARD-0422"),
        (ReadError::Closed, 503, "transient", "WARD-0420"),
        (ReadError::Engine("table /secret/path is broken".into()), 500, "exception", "WARD-0421"),
    ] {
        server.fail(Some(Fault::Read(error)));
        for path in ["/fhir/Patient/p1", "/fhir/Patient?name=x"] {
            let (_, remedy) = server.get(path).await.refused(status, code, ward);
            assert!(!remedy.contains("secret"), "{remedy}");
        }
        assert_eq!(server.get("/health/ready").await.status, 503);
        assert_eq!(server.get("/health/live").await.status, 200);
    }
}

#[tokio::test]
async fn survives_a_panic() {
    let server = TestServer::new();
    server.fail(Some(Fault::Panic));
    let reply = server.get("/fhir/Patient/p1").await;
    reply.refused(500, "exception", "WARD-0514");
    assert_eq!(reply.header("x-request-id").len(), 16);
    server.fail(None);
    server.get("/fhir/Patient/p1").await.refused(404, "not-found", "WARD-0400");
    let metrics = server.get("/metrics").await.text();
    assert!(metrics.contains("ward_http_requests_total{interaction=\"read\",status=\"5xx\"} 1"), "{metrics}");
    assert!(metrics.contains("ward_http_requests_in_flight 0"));
}

#[tokio::test]
async fn tries_again_when_a_condition_loses_a_race() {
    let server = TestServer::new();
    let headers = [("content-type", "application/json"), ("if-none-exist", "identifier=1")];
    server.fail(Some(Fault::Lose(3)));
    assert_eq!(server.send("POST", "/fhir/Patient", &headers, PATIENT).await.status, 201);
    server.fail(Some(Fault::Lose(99)));
    server.send("POST", "/fhir/Patient", &headers, PATIENT).await.refused(409, "transient", "WARD-0438");
    let conditional = transaction().replace(r#""PUT","url":"Patient/p1""#, r#""POST","url":"Patient","ifNoneExist":"identifier=2""#);
    server.fail(Some(Fault::Lose(3)));
    assert_eq!(server.post("/fhir", &conditional).await.status, 200);
    server.fail(Some(Fault::Lose(99)));
    server.post("/fhir", &conditional).await.refused(409, "transient", "WARD-0438");
}
