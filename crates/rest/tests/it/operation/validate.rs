//! `$validate`.

use interaction::{DeleteReferenced, Settings};

use crate::server::{Reply, TestServer};

/// What every resource without a narrative is told, as best practice.
const NO_NARRATIVE: &str = "dom-6";

/// Severity and number of each issue but that one.
fn issues(reply: &Reply) -> Vec<(String, String)> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let outcome = reply.json();
    assert_eq!(outcome.resource_type(), Some("OperationOutcome"));
    let issue = |issue: &fhir::Value| {
        let code = issue.get("details").and_then(|details| details.list("coding").next()?.text("code").map(str::to_owned));
        (issue.text("severity").unwrap_or_default().to_owned(), code.unwrap_or_default())
    };
    let is_hint = |issue: &&fhir::Value| issue.text("diagnostics").is_some_and(|text| text.contains(NO_NARRATIVE));
    outcome.list("issue").filter(|issue| !is_hint(issue)).map(issue).collect()
}

fn one(severity: &str, number: &str) -> Vec<(String, String)> {
    vec![(severity.to_owned(), number.to_owned())]
}

#[tokio::test]
async fn says_what_is_wrong_with_status_200() {
    let server = TestServer::new();
    let good = r#"{"resourceType":"Patient","active":true}"#;
    let bad = r#"{"resourceType":"Patient","brithDate":"1980-02-29","gender":"x"}"#;
    assert_eq!(issues(&server.post("/fhir/Patient/$validate", good).await), one("information", "WARD-0449"));
    assert_eq!(issues(&server.post("/fhir/Patient/$validate", bad).await).len(), 2);
    assert_eq!(issues(&server.post("/fhir/Observation/$validate", good).await), one("error", "WARD-0405"));
    server.post("/fhir/Patient/$validate", "").await.refused(400, "required", "WARD-0443");
}

#[tokio::test]
async fn judges_by_mode() {
    let settings = Settings { delete_referenced: DeleteReferenced::Refuse, ..Settings::default() };
    let server = TestServer::with(settings, rest::Settings::default());
    let refers = r#"{"resourceType":"Flag","id":"f1","status":"active","code":{"text":"x"},"subject":{"reference":"Patient/p1"}}"#;
    assert_eq!(issues(&server.post("/fhir/Flag/$validate?mode=create", refers).await), one("error", "WARD-0411"));
    assert_eq!(issues(&server.post("/fhir/Flag/$validate", refers).await), one("information", "WARD-0449"));
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    assert_eq!(issues(&server.post("/fhir/Flag/$validate?mode=create", refers).await), one("information", "WARD-0449"));
    assert_eq!(issues(&server.post("/fhir/Flag/f1/$validate?mode=update", refers).await), one("information", "WARD-0449"));
    assert_eq!(issues(&server.post("/fhir/Flag/f2/$validate?mode=update", refers).await), one("error", "WARD-0406"));
    assert_eq!(issues(&server.get("/fhir/Patient/p1/$validate?mode=delete").await), one("information", "WARD-0449"));
    server.put("/fhir/Flag/f1", refers).await;
    assert_eq!(issues(&server.get("/fhir/Patient/p1/$validate?mode=delete").await), one("error", "WARD-0412"));
    assert_eq!(issues(&server.get("/fhir/Patient/p7/$validate?mode=delete").await), one("error", "WARD-0400"));
    assert_eq!(server.get("/fhir/Flag?_summary=count").await.json().get("total").and_then(fhir::Value::as_number), Some("1"));
}

#[tokio::test]
async fn refuses_modes_and_profiles_that_it_does_not_have() {
    let server = TestServer::new();
    let good = r#"{"resourceType":"Patient"}"#;
    server.post("/fhir/Patient/$validate?mode=update", good).await.refused(400, "invalid", "WARD-0444");
    server.post("/fhir/Patient/$validate?mode=destroy", good).await.refused(400, "code-invalid", "WARD-0444");
    let unknown = server.post("/fhir/Patient/$validate?profile=http://p/1", good).await;
    assert_eq!(issues(&unknown), one("error", "WARD-1000"));
    let own = "/fhir/Patient/$validate?profile=http://hl7.org/fhir/StructureDefinition/Patient";
    assert_eq!(issues(&server.post(own, good).await), one("information", "WARD-0449"));
}

const BORN: &str = r#"{"resourceType":"StructureDefinition","id":"born","url":"http://example.org/born","name":"Born","status":"active","kind":"resource",
    "abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[
    {"id":"Patient","path":"Patient"},{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}}"#;

#[tokio::test]
async fn judges_by_a_profile_that_is_stored() {
    let server = TestServer::new();
    assert_eq!(server.put("/fhir/StructureDefinition/born", BORN).await.status.as_u16(), 201);
    let asked = "/fhir/Patient/$validate?profile=http://example.org/born";
    let missing = server.post(asked, r#"{"resourceType":"Patient"}"#).await;
    assert!(issues(&missing).iter().any(|(severity, _)| severity == "error"), "{}", missing.text());
    assert!(missing.text().contains("birthDate"), "{}", missing.text());
    let born = server.post(asked, r#"{"resourceType":"Patient","birthDate":"1980-02-29"}"#).await;
    assert_eq!(issues(&born), one("information", "WARD-0449"));
    let claimed = r#"{"resourceType":"Patient","meta":{"profile":["http://example.org/born"]}}"#;
    assert!(issues(&server.post("/fhir/Patient/$validate", claimed).await).iter().any(|(severity, _)| severity == "error"));
}

#[tokio::test]
async fn judges_by_the_invariants_of_fhir() {
    let server = TestServer::new();
    let contact = r#"{"resourceType":"Patient","contact":[{"gender":"female"}]}"#;
    let told = server.post("/fhir/Patient/$validate", contact).await;
    assert!(told.text().contains("pat-1") && told.text().contains("Patient.contact[0]"), "{}", told.text());
}
