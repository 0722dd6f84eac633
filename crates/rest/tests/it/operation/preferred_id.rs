//! `NamingSystem/$preferred-id`: one identifier of a system for another.

use crate::server::{Reply, TestServer};

const SYSTEM: &str = r#"{"resourceType":"NamingSystem","id":"cards","name":"Cards","status":"active","kind":"identifier","date":"2026-01-01","uniqueId":[
    {"type":"oid","value":"1.2.36.1"},{"type":"uri","value":"http://example.org/cards","preferred":true},
    {"type":"uri","value":"http://example.org/old-cards"},{"type":"other","value":"CARD"}]}"#;

async fn server() -> TestServer {
    let server = TestServer::new();
    assert_eq!(server.put("/fhir/NamingSystem/cards", SYSTEM).await.status.as_u16(), 201);
    server
}

async fn preferred(server: &TestServer, id: &str, kind: &str) -> Reply {
    server.get(&format!("/fhir/NamingSystem/$preferred-id?id={id}&type={kind}")).await
}

#[track_caller]
fn result(reply: &Reply) -> String {
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
    let answer = reply.json();
    answer.list("parameter").next().and_then(|result| result.text("valueString")).expect("a result").to_owned()
}

#[tokio::test]
async fn is_known_by_any_of_its_forms() {
    let server = server().await;
    for id in ["1.2.36.1", "urn:oid:1.2.36.1", "http://example.org/old-cards", "CARD"] {
        assert_eq!(result(&preferred(&server, id, "uri").await), "http://example.org/cards", "{id}");
    }
    assert_eq!(result(&preferred(&server, "http://example.org/cards", "oid").await), "1.2.36.1");
    assert_eq!(result(&preferred(&server, "1.2.36.1", "other").await), "CARD");
    let parameter = |name: &str, member: &str, value: &str| format!(r#"{{"name":"{name}","{member}":"{value}"}}"#);
    let (id, kind) = (parameter("id", "valueString", "CARD"), parameter("type", "valueCode", "oid"));
    let body = format!(r#"{{"resourceType":"Parameters","parameter":[{id},{kind}]}}"#);
    assert_eq!(result(&server.post("/fhir/NamingSystem/$preferred-id", &body).await), "1.2.36.1");
    let entry = r#"{"request":{"method":"GET","url":"NamingSystem/$preferred-id?id=CARD&type=oid"}}"#;
    let batch = server.post("/fhir", &format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{entry}]}}"#)).await;
    assert!(batch.text().contains("1.2.36.1"), "{}", batch.text());
}

#[tokio::test]
async fn code_systems_and_value_sets_are_known_by_address_and_oid() {
    let server = server().await;
    let limbs = r#"{"resourceType":"CodeSystem","id":"limbs","url":"http://example.org/limbs","status":"active","content":"complete",
        "identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:oid:1.2.36.2"}]}"#;
    assert_eq!(server.put("/fhir/CodeSystem/limbs", limbs).await.status.as_u16(), 201);
    assert_eq!(result(&preferred(&server, "1.2.36.2", "uri").await), "http://example.org/limbs");
    assert_eq!(result(&preferred(&server, "http://example.org/limbs", "oid").await), "1.2.36.2");
}

#[tokio::test]
async fn says_what_is_not_known_or_not_clear() {
    let server = server().await;
    preferred(&server, "nothing", "uri").await.refused(404, "not-found", "WARD-0468");
    preferred(&server, "CARD", "uuid").await.refused(404, "not-found", "WARD-0468");
    preferred(&server, "CARD", "name").await.refused(400, "value", "WARD-0468");
    let other =
        SYSTEM.replace("\"cards\"", "\"more\"").replace("1.2.36.1", "1.2.36.9").replace("\"preferred\":true", "\"preferred\":false");
    server.put("/fhir/NamingSystem/more", &other).await;
    preferred(&server, "CARD", "oid").await.refused(422, "multiple-matches", "WARD-0468");
    preferred(&server, "1.2.36.9", "uri").await.refused(422, "multiple-matches", "WARD-0468");
}
