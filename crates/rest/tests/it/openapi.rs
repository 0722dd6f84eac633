//! `GET /fhir/openapi.json` and `/api/openapi.json`: documents that say what the routes do, and in which every reference leads somewhere.

use std::collections::HashSet;

use fhir::Value;
use interaction::table::TABLE;

use crate::server::{Reply, TestServer};

/// All values of `$ref` members.
fn references(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(members) => {
            for (name, value) in members.iter() {
                match value.as_str() {
                    Some(text) if &**name == "$ref" => drop(found.insert(text.to_owned())),
                    _ => references(value, found),
                }
            }
        }
        _ => {}
    }
}

fn lead_somewhere(document: &Value) {
    let mut found = HashSet::new();
    references(document, &mut found);
    for reference in found {
        let mut steps = reference.strip_prefix("#/").expect("a local reference").split('/');
        let target = steps.try_fold(document, |place, step| place.get(step));
        assert!(target.is_some(), "{reference} leads nowhere");
    }
}

fn members(value: &Value) -> Vec<String> {
    value.as_object().expect("an object").iter().map(|(name, _)| name.to_string()).collect()
}

#[tokio::test]
async fn tells_of_every_row_for_every_type() {
    let server = TestServer::new();
    let reply = server.get("/fhir/openapi.json").await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"));
    let document = reply.json();
    assert_eq!(document.text("openapi"), Some("3.1.0"));
    lead_somewhere(&document);
    for kind in ["parameters", "headers", "responses", "schemas"] {
        let components = document.get("components").and_then(|components| components.get(kind)).expect("components");
        let sound = |name: &String| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        assert_eq!(members(components).into_iter().find(|name| !sound(name)), None, "a name that OpenAPI does not allow");
    }
    let paths = document.get("paths").expect("paths");
    let mut ids = HashSet::new();
    for row in TABLE {
        let path = if row.path.is_empty() { "/".to_owned() } else { row.path.replace("{type}", "Patient") };
        let operation = paths
            .get(&path)
            .or_else(|| paths.get(row.path))
            .and_then(|item| item.get(&row.method.to_ascii_lowercase()))
            .expect("an operation for each row");
        let answers: Vec<String> = rest::answers(row).iter().map(|answer| answer.status.to_string()).collect();
        assert_eq!(members(operation.get("responses").expect("responses")), answers, "{}", row.name);
        assert!(ids.insert(operation.text("operationId").expect("an id").to_owned()), "{} has the id of another", row.name);
    }
    assert!(paths.get("/Observation/{id}/{member}").is_none(), "an observation has no compartment");
    let everything = paths.get("/Patient/{id}/$everything").and_then(|item| item.get("get")).expect("an operation of a type");
    assert!(everything.list("parameters").any(|parameter| parameter.text("name") == Some("start")));
    assert!(paths.get("/{type}/{id}/$meta").is_some(), "an operation of all types");
    assert!(reply.body.len() < 5 << 20, "{} bytes are too many for tools", reply.body.len());
}

#[tokio::test]
async fn has_the_types_that_are_asked_for() {
    let server = TestServer::new();
    let document = server.get("/fhir/openapi.json?_type=Patient,Slot").await.json();
    lead_somewhere(&document);
    let paths = members(document.get("paths").expect("paths"));
    assert!(paths.contains(&"/Slot/{id}".to_owned()) && paths.contains(&"/Patient".to_owned()));
    assert!(!paths.iter().any(|path| path.starts_with("/Observation")));
    let parameters = document.get("components").and_then(|components| components.get("parameters")).expect("parameters");
    assert_eq!(parameters.get("Slot-start").and_then(|parameter| parameter.text("name")), Some("start"));
    let patient = document.get("components").and_then(|components| components.get("schemas")?.get("Patient")).expect("a schema");
    let gender = patient.get("properties").and_then(|properties| properties.get("gender")).expect("a property");
    let codes: Vec<_> = gender.list("enum").filter_map(Value::as_str).collect();
    assert_eq!(codes, ["female", "male", "other", "unknown"]);
}

#[tokio::test]
async fn refuses_what_it_does_not_know() {
    let server = TestServer::new();
    let (_, remedy) = server.get("/fhir/openapi.json?_type=Patien").await.refused(404, "not-supported", "WARD-0403");
    assert!(remedy.contains("Patient"), "{remedy}");
    server.get("/fhir/openapi.json?type=Patient").await.refused(400, "not-supported", "WARD-0512");
    server.get("/fhir/openapi.json?_type=%2").await.refused(400, "invalid", "WARD-0329");
}

#[tokio::test]
async fn tells_of_what_is_beside_fhir() {
    let server = TestServer::new();
    let reply: Reply = server.get("/api/openapi.json").await;
    let document = reply.json();
    let paths = members(document.get("paths").expect("paths"));
    assert_eq!(paths, ["/health/live", "/health/ready", "/metrics", "/fhir/openapi.json", "/api/openapi.json"]);
    for path in paths {
        assert_eq!(server.get(&path).await.status, 200, "{path}");
    }
}
