//! Profiles that are asked of what is written: on every way in, from the commit of the profile on.
//!
//! What judges here is a small judge of the test's own: an element with `min` 1 in a profile's differential must be there.

use std::sync::Arc;

use fhir::canonical::Canonical;
use fhir::library::Library;
use fhir::{Issue, IssueCode, Value};
use interaction::validation::{Judge, Level, Levels, RequiredProfiles, Validation};

use crate::server::TestServer;

const JSON: (&str, &str) = ("content-type", "application/fhir+json");
const BIRTH: &str = "http://example.org/StructureDefinition/born";

struct Required;

impl Judge for Required {
    fn base(&self, resource: &Value, _: &dyn Library) -> Vec<Issue> {
        let is_odd = resource.get("language").and_then(Value::as_str) == Some("xx");
        let issue = Issue::error(9998, IssueCode::Invariant, "Patient.language", "not this one");
        if is_odd { vec![issue] } else { Vec::new() }
    }

    fn profiles(&self, resource: &Value, profiles: &[&str], library: &dyn Library) -> Vec<Issue> {
        let kind = resource.resource_type().expect("a type");
        let judge = |profile: &&str| match library.find("StructureDefinition", &Canonical::parse(profile)) {
            None => vec![Issue::error(9997, IssueCode::NotFound, "Patient.meta.profile", format!("{profile} is not known"))],
            Some(profile) => {
                let elements: Vec<Value> = profile.get("differential").into_iter().flat_map(|list| list.list("element")).cloned().collect();
                let required = elements.iter().filter(|element| element.get("min").and_then(Value::as_number) == Some("1"));
                let missing = required.filter_map(|element| element.text("path")?.strip_prefix(kind)?.strip_prefix('.'));
                let missing = missing.filter(|name| resource.get(name).is_none());
                missing.map(|name| Issue::error(9999, IssueCode::Required, format!("{kind}.{name}"), "it must be there")).collect()
            }
        };
        profiles.iter().flat_map(judge).collect()
    }
}

fn judging(levels: &str, required: &str) -> TestServer {
    let required: RequiredProfiles = required.parse().expect("profiles");
    TestServer::judging(Validation { judge: Some(Arc::new(Required)), levels: levels.parse().expect("levels"), required })
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
    assert_eq!(server.put("/fhir/Patient/p", &patient("")).await.json_number().as_deref(), Some("WARD-9997"), "an unknown profile");
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
        assert_eq!(reply.json_number().as_deref(), Some("WARD-9999"), "{method} {path}");
    }
    let reply = server.post("/fhir", &bundle("batch", "PUT", "Patient/p", &bad)).await;
    assert_eq!(reply.responses(), [("422 Unprocessable Entity".to_owned(), "WARD-9999".to_owned())]);
    assert_eq!(server.get("/fhir/Patient/p").await.json().text("birthDate"), Some("1980-02-29"));

    // Another version of the profile counts from its own commit on, and none when it is gone.
    define(&server, "gender").await;
    assert_eq!(server.put("/fhir/Patient/p", &good).await.status, 422);
    assert_eq!(server.put("/fhir/Patient/p", &patient(r#","gender":"female""#)).await.status, 200);
    assert!(server.delete("/fhir/StructureDefinition/born").await.status.is_success());
    assert_eq!(server.put("/fhir/Patient/p", &good).await.json_number().as_deref(), Some("WARD-9997"));
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
    assert_eq!((issue.text("severity"), reply.json_number().as_deref()), (Some("warning"), Some("WARD-9999")), "{}", reply.text());
    assert_eq!(server.get("/fhir/Patient/p").await.status, 200);
}

#[tokio::test]
async fn levels_and_required_profiles_are_by_type() {
    let required = format!("Patient={BIRTH}");
    let silent = judging("off", &required);
    define(&silent, "birthDate").await;
    assert_eq!(silent.put("/fhir/Patient/p", &patient("")).await.status, 201);
    // The rules of FHIR itself count always.
    assert_eq!(silent.put("/fhir/Patient/p", &patient(r#","language":"xx""#)).await.json_number().as_deref(), Some("WARD-9998"));
    let plain = r#"{"resourceType":"Patient","id":"p"}"#;
    let asking = judging("warn Patient=enforce", &required);
    define(&asking, "birthDate").await;
    let reply = asking.put("/fhir/Patient/p", plain).await;
    let (place, _) = reply.refused(422, "required", "WARD-9999");
    assert_eq!(place, "Patient.birthDate");
    let outcome = asking.post("/fhir/Patient/$validate?mode=create", plain).await;
    assert_eq!(outcome.json_number().as_deref(), Some("WARD-9999"), "{}", outcome.text());
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
