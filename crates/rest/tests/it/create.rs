//! `POST /fhir/{type}`.

use fhir::Value;
use interaction::{References, Settings};

use crate::server::TestServer;

const JSON: (&str, &str) = ("content-type", "application/fhir+json");
const PATIENT: &str = r#"{"resourceType":"Patient","id":"mine","meta":{"versionId":"77","lastUpdated":"2001-01-01T00:00:00Z","tag":[{"code":"a"}]},"identifier":[{"system":"http://h/mrn","value":"4711"}]}"#;

#[tokio::test]
async fn chooses_the_id_and_says_where_it_is() {
    let server = TestServer::new();
    let reply = server.post("/fhir/Patient", PATIENT).await;
    assert_eq!(reply.status, 201);
    let resource = reply.json();
    let id = resource.text("id").expect("an id");
    assert_ne!(id, "mine");
    assert!(interaction::is_id(id));
    assert_eq!(reply.header("location"), format!("http://ward.test/fhir/Patient/{id}/_history/1"));
    assert_eq!((reply.header("etag"), reply.header("last-modified")), ("W/\"1\"", "Sat, 21 Nov 2026 08:00:00 GMT"));
    let meta = resource.get("meta").expect("meta");
    assert_eq!((meta.text("versionId"), meta.text("lastUpdated")), (Some("1"), Some("2026-11-21T08:00:00.000Z")));
    assert_eq!(meta.list("tag").next().and_then(|tag| tag.text("code")), Some("a"));
    assert_eq!(server.get(&format!("/fhir/Patient/{id}")).await.body, reply.body);
}

#[tokio::test]
async fn answers_as_preferred() {
    let server = TestServer::new();
    let send = async |prefer| server.send("POST", "/fhir/Patient", &[JSON, ("prefer", prefer)], PATIENT).await;
    let minimal = send("return=minimal").await;
    assert_eq!((minimal.status.as_u16(), minimal.body.len()), (201, 0));
    assert!(!minimal.header("location").is_empty());
    let outcome = send("return=OperationOutcome").await;
    assert_eq!((outcome.status.as_u16(), outcome.json().resource_type()), (201, Some("OperationOutcome")));
    let whole = send("handling=strict, return=representation").await;
    assert_eq!((whole.status.as_u16(), whole.json().resource_type()), (201, Some("Patient")));
}

#[tokio::test]
async fn creates_only_what_is_not_there() {
    let server = TestServer::new();
    let send = async |criteria| server.send("POST", "/fhir/Patient", &[JSON, ("if-none-exist", criteria)], PATIENT).await;
    let first = send("identifier=http://h/mrn|4711").await;
    assert_eq!(first.status, 201);
    let second = send("identifier=http://h/mrn|4711").await;
    assert_eq!((second.status.as_u16(), second.header("location")), (200, first.header("location")));
    assert_eq!(second.body, first.body);
    server.post("/fhir/Patient", PATIENT).await;
    send("identifier=http://h/mrn|4711").await.refused(412, "multiple-matches", "WARD-0413");
    send("").await.refused(400, "invalid", "WARD-0414");
    send("nosuch=1").await.refused(400, "not-supported", "WARD-0300");
}

#[tokio::test]
async fn refuses_a_reference_to_nothing_by_its_place() {
    let server = TestServer::new();
    let observation = r##"{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ghost"},"performer":[{"reference":"#c"},{"reference":"http://elsewhere/fhir/Practitioner/1"},{"identifier":{"value":"1"}}],"contained":[{"resourceType":"Practitioner","id":"c"}]}"##;
    let (expression, remedy) = server.post("/fhir/Observation", observation).await.refused(422, "not-found", "WARD-0411");
    assert_eq!(expression, "Observation.subject.reference");
    assert!(remedy.contains("Patient/ghost"));
    server.put("/fhir/Patient/ghost", r#"{"resourceType":"Patient","id":"ghost"}"#).await;
    assert_eq!(server.post("/fhir/Observation", observation).await.status, 201);
    let own = observation.replace("Patient/ghost", "http://ward.test/fhir/Patient/none");
    server.post("/fhir/Observation", &own).await.refused(422, "not-found", "WARD-0411");
    let conditional = observation.replace("Patient/ghost", "Patient?identifier=1");
    let (expression, _) = server.post("/fhir/Observation", &conditional).await.refused(422, "invalid", "WARD-0416");
    assert_eq!(expression, "Observation.subject.reference");
}

#[tokio::test]
async fn allows_a_reference_to_nothing_when_set_so() {
    let settings = Settings { references: References::Allow, ..Settings::default() };
    let server = TestServer::with(settings, rest::Settings::default());
    let observation = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ghost"}}"#;
    assert_eq!(server.post("/fhir/Observation", observation).await.status, 201);
}

#[tokio::test]
async fn names_everything_that_is_wrong_at_once() {
    let server = TestServer::new();
    let patient = r#"{"resourceType":"Patient","birthDate":"1990-13-01","favourite":"red","name":{"family":"X"}}"#;
    let reply = server.post("/fhir/Patient", patient).await;
    assert_eq!(reply.status, 400);
    let outcome = reply.json();
    let mut places: Vec<_> = outcome.list("issue").filter_map(|issue| issue.list("expression").next()?.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["Patient.birthDate", "Patient.favourite", "Patient.name"]);
    assert!(outcome.list("issue").all(|issue| !issue.text("diagnostics").unwrap_or_default().contains("1990-13-01")));
    assert_eq!(server.get("/fhir/Patient?_total=accurate").await.json().get("total").and_then(Value::as_number), Some("0"));
}

#[tokio::test]
async fn refuses_another_type_than_the_address() {
    let server = TestServer::new();
    server.post("/fhir/Observation", PATIENT).await.refused(400, "invalid", "WARD-0405");
    server.post("/fhir/Patient", "[]").await.refused(400, "invalid", "WARD-0405");
    server.post("/fhir/Patien", PATIENT).await.refused(404, "not-supported", "WARD-0403");
}

#[tokio::test]
async fn says_where_it_is_as_the_client_sees_it() {
    let http = rest::Settings { behind_proxy: true, ..rest::Settings::default() };
    for (server, base) in [
        (TestServer::new(), "http://ward.test/fhir"),
        (TestServer::with(Settings::default(), http), "https://hospital.example/fhir"),
        (
            TestServer::with(
                Settings::default(),
                rest::Settings { base_url: Some("https://fixed.example/r4/".into()), ..rest::Settings::default() },
            ),
            "https://fixed.example/r4",
        ),
    ] {
        let headers = [JSON, ("x-forwarded-proto", "https"), ("x-forwarded-host", "hospital.example")];
        let reply = server.send("POST", "/fhir/Patient", &headers, PATIENT).await;
        let location = reply.header("location");
        assert!(location.starts_with(&format!("{base}/Patient/")), "{location}");
        let forged = [JSON, ("x-forwarded-proto", "https"), ("x-forwarded-host", "a.example/\"><script>")];
        let reply = server.send("POST", "/fhir/Patient", &forged, PATIENT).await;
        assert!(!reply.header("location").contains("script"));
    }
}
