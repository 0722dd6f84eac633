//! `PUT /fhir/{type}/{id}`.

use interaction::Settings;

use crate::server::TestServer;

const JSON: (&str, &str) = ("content-type", "application/fhir+json");
const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","gender":"male"}"#;

#[tokio::test]
async fn creates_then_updates_then_revives() {
    let server = TestServer::new();
    let first = server.put("/fhir/Patient/p1", PATIENT).await;
    assert_eq!((first.status.as_u16(), first.header("etag")), (201, "W/\"1\""));
    assert_eq!(first.header("location"), "http://ward.test/fhir/Patient/p1/_history/1");
    let second = server.put("/fhir/Patient/p1", PATIENT).await;
    assert_eq!((second.status.as_u16(), second.header("etag")), (200, "W/\"2\""));
    server.delete("/fhir/Patient/p1").await;
    let revived = server.put("/fhir/Patient/p1", PATIENT).await;
    assert_eq!((revived.status.as_u16(), revived.header("etag")), (201, "W/\"4\""));
}

#[tokio::test]
async fn minds_if_match() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    let send = async |tag| server.send("PUT", "/fhir/Patient/p1", &[JSON, ("if-match", tag)], PATIENT).await;
    let (_, remedy) = send("W/\"9\"").await.refused(412, "conflict", "WARD-0408");
    assert!(remedy.contains("its current version is 1"), "{remedy}");
    send("banana").await.refused(400, "value", "WARD-0513");
    send("*").await.refused(400, "value", "WARD-0513");
    let done = send("W/\"1\"").await;
    assert_eq!((done.status.as_u16(), done.header("etag")), (200, "W/\"2\""));
    send("W/\"1\"").await.refused(412, "conflict", "WARD-0408");
    assert_eq!(server.get("/fhir/Patient/p1").await.header("etag"), "W/\"2\"");
}

#[tokio::test]
async fn minds_if_none_match() {
    let server = TestServer::new();
    let send = async |tag| server.send("PUT", "/fhir/Patient/p1", &[JSON, ("if-none-match", tag)], PATIENT).await;
    assert_eq!(send("*").await.status, 201);
    send("*").await.refused(412, "conflict", "WARD-0410");
    send("W/\"1\"").await.refused(400, "value", "WARD-0513");
}

#[tokio::test]
async fn wants_the_id_of_the_address() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p2", PATIENT).await.refused(400, "invalid", "WARD-0406");
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient"}"#).await.refused(400, "invalid", "WARD-0406");
    server.put("/fhir/Observation/p1", PATIENT).await.refused(400, "invalid", "WARD-0405");
    server.get("/fhir/Patient/p2").await.refused(404, "not-found", "WARD-0400");
}

#[tokio::test]
async fn leaves_ids_to_the_server_when_set_so() {
    let settings = Settings { update_create: false, ..Settings::default() };
    let server = TestServer::with(settings, rest::Settings::default());
    server.put("/fhir/Patient/p1", PATIENT).await.refused(405, "not-supported", "WARD-0407");
    let created = server.post("/fhir/Patient", PATIENT).await.json();
    let id = created.text("id").expect("an id");
    let reply = server.put(&format!("/fhir/Patient/{id}"), &PATIENT.replace("p1", id)).await;
    assert_eq!((reply.status.as_u16(), reply.header("etag")), (200, "W/\"2\""));
}
