//! `GET /fhir/{type}/{id}/_history/{version}`.

use crate::server::TestServer;

#[tokio::test]
async fn gives_each_version_for_ever() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1","gender":"male"}"#).await;
    server.advance_ms(5000);
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1","gender":"female"}"#).await;
    server.delete("/fhir/Patient/p1").await;
    let first = server.get("/fhir/Patient/p1/_history/1").await;
    assert_eq!((first.status.as_u16(), first.header("etag"), first.json().text("gender")), (200, "W/\"1\"", Some("male")));
    let second = server.get("/fhir/Patient/p1/_history/2").await;
    assert_eq!(second.header("last-modified"), "Sat, 21 Nov 2026 08:00:05 GMT");
    assert_eq!(second.json().text("gender"), Some("female"));
    server.get("/fhir/Patient/p1/_history/3").await.refused(410, "deleted", "WARD-0402");
    server.get("/fhir/Patient/p1/_history/4").await.refused(404, "not-found", "WARD-0401");
    server.get("/fhir/Patient/p1/_history/01").await.refused(404, "not-found", "WARD-0401");
    server.get("/fhir/Patient/p1/_history/+1").await.refused(404, "not-found", "WARD-0401");
    let (_, remedy) = server.get("/fhir/Patient/p1/_history/x").await.refused(404, "not-found", "WARD-0401");
    assert!(!remedy.contains("version 0"), "{remedy}");
    server.get("/fhir/Patient/p2/_history/1").await.refused(404, "not-found", "WARD-0400");
}
