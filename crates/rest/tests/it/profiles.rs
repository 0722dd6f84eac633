//! Writes that break the rules of FHIR, or of a profile that they claim: refused on every way in, from the commit of the profile on.

use crate::server::{Reply, TestServer};

const BORN: &str = r#"{"resourceType":"StructureDefinition","id":"born","url":"http://example.org/born","name":"Born","status":"active","kind":"resource",
    "abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[
    {"id":"Patient","path":"Patient"},{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}}"#;

const UNBORN: &str = r#"{"resourceType":"Patient","id":"p1","meta":{"profile":["http://example.org/born"]}}"#;

/// That the answer refuses, and names the element.
fn refuses(reply: &Reply) {
    assert_eq!(reply.status.as_u16(), 422, "{}", reply.text());
    assert!(reply.text().contains("birthDate") && reply.text().contains("http://example.org/born"), "{}", reply.text());
}

/// A server with the profile, and a patient who follows it.
async fn server() -> TestServer {
    let server = TestServer::enforcing();
    assert_eq!(server.put("/fhir/StructureDefinition/born", BORN).await.status.as_u16(), 201);
    let born = UNBORN.replacen('}', r#"},"birthDate":"1980-02-29""#, 1);
    let stored = server.put("/fhir/Patient/p1", &born).await;
    assert_eq!(stored.status.as_u16(), 201, "{}", stored.text());
    server
}

#[tokio::test]
async fn a_create_and_an_update() {
    let server = server().await;
    refuses(&server.post("/fhir/Patient", UNBORN).await);
    refuses(&server.put("/fhir/Patient/p1", UNBORN).await);
    let without_id = UNBORN.replace(r#""id":"p1","#, "");
    refuses(&server.put("/fhir/Patient?identifier=a|b", &without_id).await);
}

#[tokio::test]
async fn a_patch() {
    let server = server().await;
    let patch = r#"[{"op":"remove","path":"/birthDate"}]"#;
    refuses(&server.send("PATCH", "/fhir/Patient/p1", &[("content-type", "application/json-patch+json")], patch).await);
}

#[tokio::test]
async fn a_batch_and_a_transaction() {
    let server = server().await;
    let bundle = |kind: &str| {
        let entry = format!(r#"{{"resource":{UNBORN},"request":{{"method":"PUT","url":"Patient/p1"}}}}"#);
        format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{entry}]}}"#)
    };
    refuses(&server.post("/fhir", &bundle("transaction")).await);
    let batch = server.post("/fhir", &bundle("batch")).await;
    assert!(batch.text().contains(r#""status":"422"#) && batch.text().contains("birthDate"), "{}", batch.text());
}

#[tokio::test]
async fn before_the_profile_is_there_and_after_it_is_gone() {
    let server = TestServer::enforcing();
    let unknown = server.put("/fhir/Patient/p1", UNBORN).await;
    assert_eq!(unknown.status.as_u16(), 422, "{}", unknown.text());
    assert_eq!(server.put("/fhir/StructureDefinition/born", BORN).await.status.as_u16(), 201);
    refuses(&server.put("/fhir/Patient/p1", UNBORN).await);
    let loose = BORN.replace(r#""min":1"#, r#""min":0"#);
    assert_eq!(server.put("/fhir/StructureDefinition/born", &loose).await.status.as_u16(), 200);
    assert_eq!(server.put("/fhir/Patient/p1", UNBORN).await.status.as_u16(), 201);
}

#[tokio::test]
async fn an_invariant_of_fhir() {
    let server = TestServer::enforcing();
    let refused = server.post("/fhir/Patient", r#"{"resourceType":"Patient","contact":[{"gender":"female"}]}"#).await;
    assert!(matches!(refused.status.as_u16(), 400 | 422), "{}", refused.text());
    assert!(refused.text().contains("pat-1"), "{}", refused.text());
}
