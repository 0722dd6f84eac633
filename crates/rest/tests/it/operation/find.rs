//! `List/$find`.

use crate::server::TestServer;

async fn list(server: &TestServer, id: &str, status: &str, mode: &str, coding: &str) {
    let list = format!(
        r#"{{"resourceType":"List","id":"{id}","status":"{status}","mode":"{mode}","date":"2026-01-01","code":{{"coding":[{coding}]}},"subject":{{"reference":"Patient/p1"}}}}"#
    );
    assert_eq!(server.put(&format!("/fhir/List/{id}"), &list).await.status, 201);
}

const PROBLEMS: &str = r#"{"system":"http://terminology.hl7.org/CodeSystem/list-example-use-codes","code":"problems"}"#;

#[tokio::test]
async fn gives_the_current_working_list() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    server.put("/fhir/Patient/p2", r#"{"resourceType":"Patient","id":"p2"}"#).await;
    list(&server, "old", "retired", "working", PROBLEMS).await;
    list(&server, "shot", "current", "snapshot", PROBLEMS).await;
    list(&server, "good", "current", "working", PROBLEMS).await;
    list(&server, "own", "current", "working", r#"{"system":"http://mine","code":"Watch"}"#).await;
    let reply = server.get("/fhir/List/$find?patient=p1&name=$current-problems").await;
    assert_eq!((reply.status.as_u16(), reply.json().text("id"), reply.header("etag")), (200, Some("good"), "W/\"1\""));
    let body = r#"{"resourceType":"Parameters","parameter":[{"name":"patient","valueId":"p1"},{"name":"name","valueCode":"Watch"}]}"#;
    assert_eq!(server.post("/fhir/List/$find", body).await.json().text("id"), Some("own"));
    server.get("/fhir/List/$find?patient=p1&name=$current-allergies").await.refused(404, "not-found", "WARD-0453");
    server.get("/fhir/List/$find?patient=p2&name=$current-problems").await.refused(404, "not-found", "WARD-0453");
    server.get("/fhir/List/$find?patient=none&name=$current-problems").await.refused(404, "not-found", "WARD-0400");
    server.get("/fhir/List/$find?patient=p1").await.refused(400, "required", "WARD-0443");
    server.get("/fhir/List/$find?patient=p_1&name=x").await.refused(400, "value", "WARD-0444");
}
