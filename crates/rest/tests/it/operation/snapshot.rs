//! `StructureDefinition/$snapshot`: a profile with all its elements.

use fhir::{Value, json, object};

use crate::server::{Reply, TestServer};

const PROFILE: &str = r#"{"resourceType":"StructureDefinition","id":"named","url":"http://example.org/StructureDefinition/named","version":"1",
    "name":"Named","status":"active","kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
    "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
    "differential":{"element":[{"id":"Patient","path":"Patient"},{"id":"Patient.name","path":"Patient.name","min":1}]}}"#;

/// The smallest number of names in the snapshot of an answer, and how many elements that has.
#[track_caller]
fn names(reply: &Reply) -> (Option<String>, usize) {
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
    let definition = reply.json();
    let elements: Vec<&Value> = definition.get("snapshot").into_iter().flat_map(|snapshot| snapshot.list("element")).collect();
    let name = elements.iter().find(|element| element.text("id") == Some("Patient.name"));
    let min = name.and_then(|name| name.get("min")?.as_number()).map(str::to_owned);
    (min, elements.len())
}

#[tokio::test]
async fn is_answered_for_what_is_stored_and_for_what_is_sent() {
    let server = TestServer::new();
    let (min, count) = names(&server.post("/fhir/StructureDefinition/$snapshot", PROFILE).await);
    assert_eq!(min.as_deref(), Some("1"));
    assert!(count > 30, "{count}");
    let parameter = object! { "name": "definition", "resource": json::parse(PROFILE.as_bytes()).expect("JSON") };
    let wrapped = json::to_string(&object! { "resourceType": "Parameters", "parameter": fhir::array![parameter] });
    assert_eq!(names(&server.post("/fhir/StructureDefinition/$snapshot", &wrapped).await), (min.clone(), count));
    assert_eq!(server.put("/fhir/StructureDefinition/named", PROFILE).await.status.as_u16(), 201);
    let address = "/fhir/StructureDefinition/$snapshot?url=http://example.org/StructureDefinition/named%7C1";
    assert_eq!(names(&server.get(address).await), (min.clone(), count));
    assert_eq!(names(&server.get("/fhir/StructureDefinition/named/$snapshot").await), (min, count));
    assert!(!server.get("/fhir/StructureDefinition/named").await.text().contains("\"snapshot\""), "nothing was stored");
    let entry = r#"{"request":{"method":"GET","url":"StructureDefinition/named/$snapshot"}}"#;
    let batch = server.post("/fhir", &format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{entry}]}}"#)).await;
    assert!(batch.text().contains("\"snapshot\""), "{}", batch.text());
    let xml = server.get("/fhir/StructureDefinition/named/$snapshot?_format=xml").await;
    assert!(xml.text().contains("<snapshot>"), "{}", xml.text());
}

#[tokio::test]
async fn says_what_is_missing_or_does_not_fit() {
    let server = TestServer::new();
    server.get("/fhir/StructureDefinition/$snapshot").await.refused(400, "required", "WARD-0459");
    server.get("/fhir/StructureDefinition/$snapshot?url=http://example.org/none").await.refused(404, "not-found", "WARD-0459");
    server.get("/fhir/StructureDefinition/none/$snapshot").await.refused(404, "not-found", "WARD-0400");
    let unfit = PROFILE.replace("Patient.name\"", "Patient.nonsense\"");
    let reply = server.post("/fhir/StructureDefinition/$snapshot", &unfit).await;
    assert_eq!(reply.status.as_u16(), 422, "{}", reply.text());
    assert!(reply.text().contains("Patient.nonsense"), "{}", reply.text());
    let baseless = PROFILE.replace("http://hl7.org/fhir/StructureDefinition/Patient", "http://example.org/base");
    assert_eq!(server.post("/fhir/StructureDefinition/$snapshot", &baseless).await.status.as_u16(), 422);
    let circular = PROFILE.replace("http://hl7.org/fhir/StructureDefinition/Patient", "http://example.org/StructureDefinition/named");
    server.put("/fhir/StructureDefinition/named", &circular).await;
    assert_eq!(server.get("/fhir/StructureDefinition/named/$snapshot").await.status.as_u16(), 422);
}
