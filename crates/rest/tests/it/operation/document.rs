//! `Composition/$document`.

use fhir::Value;

use crate::server::TestServer;

async fn ward() -> TestServer {
    let server = TestServer::new();
    for (path, rest) in [
        ("Organization/o1", r#""name":"Ward""#),
        ("Practitioner/d1", r#""active":true"#),
        ("Patient/p1", r#""managingOrganization":{"reference":"Organization/o1"}"#),
        ("Observation/a", r#""status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"}"#),
        ("Observation/b", r#""status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"}"#),
        (
            "Composition/c1",
            r#""status":"final","type":{"text":"t"},"date":"2026-01-01","title":"T","subject":{"reference":"Patient/p1"},"author":[{"reference":"Practitioner/d1"}],"section":[{"entry":[{"reference":"http://ward.test/fhir/Observation/a"}]}]"#,
        ),
    ] {
        let (kind, id) = path.split_once('/').expect("a type and an id");
        let reply = server.put(&format!("/fhir/{path}"), &format!(r#"{{"resourceType":"{kind}","id":"{id}",{rest}}}"#)).await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text());
    }
    server
}

#[tokio::test]
async fn is_the_composition_and_all_that_it_refers_to() {
    let server = ward().await;
    let reply = server.get("/fhir/Composition/c1/$document").await;
    let document = reply.json();
    assert_eq!((reply.status.as_u16(), document.text("type"), fhir::check::check(&document)), (200, Some("document"), Vec::new()));
    assert_eq!(document.text("timestamp"), Some("2026-11-21T08:00:00.000Z"));
    let identifier = document.get("identifier").expect("an identifier");
    assert!(identifier.text("value").is_some_and(|value| value.starts_with("urn:uuid:")));
    let mut entries = reply.entries();
    assert_eq!(entries[0], "Composition/c1");
    entries.sort();
    assert_eq!(entries, ["Composition/c1", "Observation/a", "Organization/o1", "Patient/p1", "Practitioner/d1"]);
    assert_eq!(document.list("entry").next().and_then(|entry| entry.text("fullUrl")), Some("http://ward.test/fhir/Composition/c1"));
    assert_eq!(server.get("/fhir/Bundle?_summary=count").await.json().get("total").and_then(Value::as_number), Some("0"));
    for id in ["c1", "Composition/c1", "http://ward.test/fhir/Composition/c1"] {
        assert_eq!(server.get(&format!("/fhir/Composition/$document?id={id}")).await.entries().len(), 5, "{id}");
    }
}

#[tokio::test]
async fn is_stored_when_that_is_asked_for() {
    let server = ward().await;
    let body = r#"{"resourceType":"Parameters","parameter":[{"name":"persist","valueBoolean":true}]}"#;
    let reply = server.post("/fhir/Composition/c1/$document", body).await;
    let document = reply.json();
    let id = document.text("id").expect("an id");
    assert_eq!((reply.status.as_u16(), reply.header("etag")), (200, "W/\"1\""));
    assert_eq!(reply.header("location"), format!("http://ward.test/fhir/Bundle/{id}/_history/1"));
    assert_eq!(server.get(&format!("/fhir/Bundle/{id}")).await.json(), document);
    assert_eq!(reply.entries().len(), 5);
}

#[tokio::test]
async fn takes_what_a_graph_says() {
    let server = ward().await;
    let graph = r#"{"resourceType":"GraphDefinition","id":"g","url":"http://g/small","name":"G","status":"active","start":"Composition","link":[{"path":"Composition.subject","target":[{"type":"Patient"}]}]}"#;
    assert_eq!(server.put("/fhir/GraphDefinition/g", graph).await.status, 201);
    assert_eq!(server.get("/fhir/Composition/c1/$document?graph=http://g/small").await.entries(), ["Composition/c1", "Patient/p1"]);
}

#[tokio::test]
async fn refuses_what_it_cannot_make() {
    let server = ward().await;
    server.get("/fhir/Composition/$document").await.refused(400, "required", "WARD-0443");
    server.get("/fhir/Composition/$document?id=http://elsewhere/Composition/1").await.refused(400, "value", "WARD-0444");
    server.get("/fhir/Composition/c1/$document?id=c1").await.refused(400, "invalid", "WARD-0444");
    server.get("/fhir/Composition/none/$document").await.refused(404, "not-found", "WARD-0400");
    server.get("/fhir/Composition/c1/$document?graph=http://g/none").await.refused(400, "not-found", "WARD-0454");
    server.delete("/fhir/Observation/a").await;
    let refused = server.get("/fhir/Composition/c1/$document").await;
    assert_eq!(refused.refused(422, "not-found", "WARD-0411").0, "Composition.section[0].entry[0].reference");
}
