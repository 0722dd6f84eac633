//! Profiles that are asked of what is written: on every way in, from the commit of the profile on.

use fhir::Value;
use interaction::validation::{Level, Levels, RequiredProfiles};

use crate::server::TestServer;

const JSON: (&str, &str) = ("content-type", "application/fhir+json");
const BIRTH: &str = "http://example.org/StructureDefinition/born";

fn judging(levels: &str, required: &str) -> TestServer {
    TestServer::judging(levels.parse().expect("levels"), required.parse().expect("profiles"))
}

/// A profile that asks for an element of Patient.
fn profile(id: &str, url: &str, element: &str) -> String {
    format!(
        r#"{{"resourceType":"StructureDefinition","id":"{id}","url":"{url}","name":"N","status":"active","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{{"element":[{{"id":"Patient","path":"Patient"}},{{"id":"Patient.{element}","path":"Patient.{element}","min":1}}]}}}}"#
    )
}

async fn define(server: &TestServer, element: &str) {
    let reply = server.put("/fhir/StructureDefinition/born", &profile("born", BIRTH, element)).await;
    assert!(reply.status.is_success(), "{}", reply.text());
}

fn patient(members: &str) -> String {
    format!(r#"{{"resourceType":"Patient","id":"p","meta":{{"profile":["{BIRTH}"]}}{members}}}"#)
}

#[tokio::test]
async fn a_profile_is_enforced_on_the_next_write_on_every_way_in() {
    let bundle = |kind: &str, method: &str, url: &str, resource: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"resource":{resource},"request":{{"method":"{method}","url":"{url}"}}}}]}}"#
        )
    };
    let (bad, good) = (patient(""), patient(r#","birthDate":"1980-02-29""#));
    let patch = [("content-type", "application/json-patch+json")];
    let removal = r#"[{"op":"remove","path":"/birthDate"}]"#.to_owned();
    let claim = format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"meta","valueMeta":{{"profile":["{BIRTH}"]}}}}]}}"#);
    let server = judging("enforce", "");
    assert_eq!(server.put("/fhir/Patient/p", &patient("")).await.json_number().as_deref(), Some("WARD-1000"), "an unknown profile");
    define(&server, "birthDate").await;
    assert_eq!(server.put("/fhir/Patient/p", &good).await.status, 201);
    assert_eq!(server.put("/fhir/Patient/q", r#"{"resourceType":"Patient","id":"q"}"#).await.status, 201, "it claims nothing");
    for (method, path, header, body) in [
        ("POST", "/fhir/Patient", JSON, bad.clone()),
        ("POST", "/fhir/Patient", ("if-none-exist", "identifier=x"), bad.clone()),
        ("PUT", "/fhir/Patient/p", JSON, bad.clone()),
        ("PUT", "/fhir/Patient?_id=p", JSON, bad.clone()),
        ("PATCH", "/fhir/Patient/p", patch[0], removal.clone()),
        ("POST", "/fhir/Patient/q/$meta-add", JSON, claim.clone()),
        ("POST", "/fhir", JSON, bundle("transaction", "POST", "Patient", &bad)),
        ("POST", "/fhir", JSON, bundle("transaction", "PUT", "Patient/p", &bad)),
    ] {
        let headers = if header == JSON || header == patch[0] { vec![header] } else { vec![JSON, header] };
        let reply = server.send(method, path, &headers, body).await;
        assert_eq!(reply.status, 422, "{method} {path}: {}", reply.text());
        assert_eq!(reply.json_number().as_deref(), Some("WARD-1010"), "{method} {path}");
    }
    let reply = server.post("/fhir", &bundle("batch", "PUT", "Patient/p", &bad)).await;
    assert_eq!(reply.responses(), [("422 Unprocessable Entity".to_owned(), "WARD-1010".to_owned())]);
    assert_eq!(server.get("/fhir/Patient/p").await.json().text("birthDate"), Some("1980-02-29"));

    // Another version of the profile counts from its own commit on, and none when it is gone.
    define(&server, "gender").await;
    assert_eq!(server.put("/fhir/Patient/p", &good).await.status, 422);
    assert_eq!(server.put("/fhir/Patient/p", &patient(r#","gender":"female""#)).await.status, 200);
    assert!(server.delete("/fhir/StructureDefinition/born").await.status.is_success());
    assert_eq!(server.put("/fhir/Patient/p", &good).await.json_number().as_deref(), Some("WARD-1000"));
}

#[tokio::test]
async fn a_warning_is_told_to_whoever_asks_for_it() {
    let server = judging("warn", "");
    define(&server, "birthDate").await;
    let told = [JSON, ("prefer", "return=OperationOutcome")];
    let reply = server.send("PUT", "/fhir/Patient/p", &told, patient("")).await;
    assert_eq!(reply.status, 201);
    let outcome = reply.json();
    let issue = outcome.list("issue").next().expect("an issue");
    assert_eq!((issue.text("severity"), reply.json_number().as_deref()), (Some("warning"), Some("WARD-1010")), "{}", reply.text());
    assert_eq!(server.get("/fhir/Patient/p").await.status, 200);
}

#[tokio::test]
async fn levels_and_required_profiles_are_by_type() {
    let required = format!("Patient={BIRTH}");
    let silent = judging("off", &required);
    define(&silent, "birthDate").await;
    assert_eq!(silent.put("/fhir/Patient/p", &patient("")).await.status, 201);
    // The rules of FHIR itself count always.
    assert_eq!(
        silent.put("/fhir/Patient/p", &patient(r#","contact":[{"relationship":[{"text":"x"}]}]"#)).await.json_number().as_deref(),
        Some("WARD-1050")
    );
    let plain = r#"{"resourceType":"Patient","id":"p"}"#;
    let asking = judging("warn Patient=enforce", &required);
    define(&asking, "birthDate").await;
    let reply = asking.put("/fhir/Patient/p", plain).await;
    let (place, _) = reply.refused(422, "required", "WARD-1010");
    assert_eq!(place, "Patient.birthDate");
    let outcome = asking.post("/fhir/Patient/$validate?mode=create", plain).await;
    assert_eq!(outcome.json_number().as_deref(), Some("WARD-1010"), "{}", outcome.text());
}

#[tokio::test]
async fn what_an_extension_holds_is_told_once() {
    let server = judging("off", "");
    let born = r#"{"resourceType":"Patient","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueString":"x"}]}"#;
    let outcome = server.post("/fhir/Patient/$validate", born).await.json();
    let errors: Vec<&Value> = outcome.list("issue").filter(|issue| issue.text("severity") == Some("error")).collect();
    assert_eq!(errors.len(), 1, "{outcome:?}");
    assert_eq!(errors[0].list("expression").next().and_then(Value::as_str), Some("Patient.extension[0]"));
}

#[test]
fn settings_are_read_and_shown() {
    let levels: Levels = "enforce, Patient=warn Observation=off".parse().expect("levels");
    assert_eq!(levels.otherwise, Level::Enforce);
    assert_eq!(levels.to_string(), "enforce Observation=off Patient=warn");
    assert_eq!("".parse::<Levels>().expect("levels").to_string(), "off");
    assert!("maybe".parse::<Levels>().expect_err("no level").contains("off, warn and enforce"));
    assert!("Patiend=warn".parse::<Levels>().expect_err("no type").contains("did you mean Patient"));
    let required: RequiredProfiles = "Patient=http://a/b|1 Patient=http://a/c".parse().expect("profiles");
    assert_eq!(required.to_string(), "Patient=http://a/b|1 Patient=http://a/c");
    assert!("Patient".parse::<RequiredProfiles>().is_err() && "Patient=b".parse::<RequiredProfiles>().is_err());
}
