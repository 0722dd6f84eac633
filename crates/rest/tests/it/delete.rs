//! `DELETE /fhir/{type}/{id}`.

use interaction::{DeleteReferenced, Settings};

use crate::server::TestServer;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1"}"#;
const OBSERVATION: &str =
    r#"{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"}}"#;

#[tokio::test]
async fn is_a_version_and_done_once() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    let reply = server.delete("/fhir/Patient/p1").await;
    assert_eq!((reply.status.as_u16(), reply.header("etag"), reply.body.len()), (204, "W/\"2\"", 0));
    let again = server.delete("/fhir/Patient/p1").await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (204, ""));
    assert_eq!(server.delete("/fhir/Patient/never").await.status, 204);
}

#[tokio::test]
async fn minds_if_match() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    let send = async |tag| server.send("DELETE", "/fhir/Patient/p1", &[("if-match", tag)], "").await;
    send("W/\"2\"").await.refused(412, "conflict", "WARD-0408");
    assert_eq!(send("W/\"1\"").await.status, 204);
}

#[tokio::test]
async fn keeps_what_is_referenced_when_set_so() {
    let settings = Settings { delete_referenced: DeleteReferenced::Refuse, ..Settings::default() };
    let server = TestServer::with(settings, rest::Settings::default());
    server.put("/fhir/Patient/p1", PATIENT).await;
    server.put("/fhir/Observation/o1", OBSERVATION).await;
    let (_, remedy) = server.delete("/fhir/Patient/p1").await.refused(409, "conflict", "WARD-0412");
    assert!(remedy.contains("by Observation/o1"), "{remedy}");
    assert_eq!(server.delete("/fhir/Observation/o1").await.status, 204);
    assert_eq!(server.delete("/fhir/Patient/p1").await.status, 204);
    let own = r#"{"resourceType":"Patient","id":"p2","link":[{"other":{"reference":"Patient/p2"},"type":"seealso"}]}"#;
    server.put("/fhir/Patient/p2", own).await;
    assert_eq!(server.delete("/fhir/Patient/p2").await.status, 204);
}

#[tokio::test]
async fn what_only_tells_of_it_keeps_nothing() {
    let settings = Settings { delete_referenced: DeleteReferenced::Refuse, ..Settings::default() };
    let server = TestServer::with(settings, rest::Settings::default());
    server.put("/fhir/Patient/p1", PATIENT).await;
    let event = r#"{"resourceType":"AuditEvent","id":"a1","type":{"code":"rest"},"recorded":"2026-01-31T08:00:00Z","agent":[{"requestor":true}],
        "source":{"observer":{"display":"x"}},"entity":[{"what":{"reference":"Patient/p1"}}]}"#;
    server.put("/fhir/AuditEvent/a1", event).await;
    assert_eq!(server.delete("/fhir/Patient/p1").await.status, 204);
    assert_eq!(server.get("/fhir/AuditEvent?patient=Patient/p1").await.status, 200);
}

#[tokio::test]
async fn leaves_references_behind_otherwise() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    server.put("/fhir/Observation/o1", OBSERVATION).await;
    assert_eq!(server.delete("/fhir/Patient/p1").await.status, 204);
    assert_eq!(server.get("/fhir/Observation/o1").await.status, 200);
}
