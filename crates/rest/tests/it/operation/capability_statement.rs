//! `CapabilityStatement/$subset` and `$implements`.

use crate::server::{Reply, TestServer};

/// The types in an answer.
#[track_caller]
fn kinds(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
    let statement = reply.json();
    let tag = statement.get("meta").and_then(|meta| meta.list("tag").next());
    assert_eq!(tag.and_then(|tag| tag.text("code")), Some("SUBSETTED"));
    let resources = statement.list("rest").flat_map(|rest| rest.list("resource"));
    resources.filter_map(|resource| resource.text("type")).map(str::to_owned).collect()
}

const THEIRS: &str = r#"{"resourceType":"CapabilityStatement","id":"theirs","url":"http://example.org/theirs","status":"active","date":"2026-01-01",
    "kind":"requirements","fhirVersion":"4.0.1","format":["json"],"rest":[{"mode":"server","resource":[
    {"type":"Patient","interaction":[{"code":"read"}]},{"type":"Group"}]}]}"#;

#[tokio::test]
async fn a_subset_has_only_what_is_asked_for() {
    let server = TestServer::new();
    let ours = server.get("/fhir/CapabilityStatement/$subset?resource=Observation&resource=Patient").await;
    assert_eq!(kinds(&ours), ["Observation", "Patient"]);
    assert_eq!(fhir::check::check(&ours.json()), Vec::new());
    assert_eq!(server.put("/fhir/CapabilityStatement/theirs", THEIRS).await.status.as_u16(), 201);
    assert_eq!(kinds(&server.get("/fhir/CapabilityStatement/theirs/$subset?resource=Group").await), ["Group"]);
    let named = "/fhir/CapabilityStatement/$subset?resource=Slot&server=http://example.org/theirs";
    assert_eq!(kinds(&server.get(named).await), [""; 0]);
    server.get("/fhir/CapabilityStatement/$subset?resource=Patent").await.refused(400, "value", "WARD-0459");
    server.get("/fhir/CapabilityStatement/$subset?resource=Slot&server=http://example.org/none").await.refused(
        404,
        "not-found",
        "WARD-0459",
    );
    assert_eq!(server.get("/fhir/CapabilityStatement/$subset").await.status.as_u16(), 400);
    let entry = r#"{"request":{"method":"GET","url":"CapabilityStatement/$subset?resource=Slot"}}"#;
    let batch = server.post("/fhir", &format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{entry}]}}"#)).await;
    assert!(batch.text().contains("SUBSETTED"), "{}", batch.text());
}

/// A client that needs what `resource` says of Patient.
fn client(resource: &str) -> String {
    format!(
        r#"{{"resourceType":"CapabilityStatement","status":"active","date":"2026-01-01","kind":"requirements","fhirVersion":"4.0.1",
        "format":["json"],"rest":[{{"mode":"client","resource":[{{"type":"Patient"{resource}}}]}}]}}"#
    )
}

/// The places of what is missing.
#[track_caller]
fn missing(reply: &Reply) -> Vec<String> {
    reply.refused(422, "not-supported", "WARD-0469");
    let outcome = reply.json();
    outcome.list("issue").filter_map(|issue| issue.list("expression").next()?.as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn what_a_client_needs_is_there_or_told() {
    let server = TestServer::new();
    let fits = r#","conditionalCreate":true,"conditionalRead":"modified-since","conditionalDelete":"single","searchInclude":["Patient:organization"],
        "interaction":[{"code":"read"},{"code":"search-type"}],
        "searchParam":[{"name":"family","definition":"http://hl7.org/fhir/SearchParameter/individual-family","type":"string"}],
        "operation":[{"name":"everything","definition":"http://hl7.org/fhir/OperationDefinition/Patient-everything"}]"#;
    let reply = server.post("/fhir/CapabilityStatement/$implements", &client(fits)).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
    let lacks = r#","conditionalDelete":"multiple","searchInclude":["Patient:nothing"],"interaction":[{"code":"sing"}],
        "searchParam":[{"name":"family","definition":"http://example.org/other","type":"string"}],
        "operation":[{"name":"match","definition":"http://example.org/match"}]"#;
    let reply = server.post("/fhir/CapabilityStatement/$implements", &client(lacks)).await;
    let places = ["conditionalDelete", "searchInclude[0]", "interaction[0]", "searchParam[0]", "operation[0]"];
    assert_eq!(missing(&reply), places.map(|place| format!("CapabilityStatement.rest[0].resource[0].{place}")));
}

#[tokio::test]
async fn statements_are_found_by_address_and_by_id() {
    let server = TestServer::new();
    assert_eq!(server.put("/fhir/CapabilityStatement/theirs", THEIRS).await.status.as_u16(), 201);
    let by_client = server.get("/fhir/CapabilityStatement/$implements?client=http://example.org/theirs").await;
    assert_eq!(by_client.status.as_u16(), 200, "{}", by_client.text());
    let asked = client(r#","interaction":[{"code":"update"}]"#);
    let by_id = server.post("/fhir/CapabilityStatement/theirs/$implements", &asked).await;
    assert_eq!(missing(&by_id), ["CapabilityStatement.rest[0].resource[0].interaction[0]"]);
    let unknown = asked.replace("\"Patient\"", "\"Slot\"");
    let by_id = server.post("/fhir/CapabilityStatement/theirs/$implements", &unknown).await;
    assert_eq!(missing(&by_id), ["CapabilityStatement.rest[0].resource[0]"]);
    server.get("/fhir/CapabilityStatement/$implements").await.refused(400, "required", "WARD-0459");
    server.get("/fhir/CapabilityStatement/$implements?client=http://example.org/none").await.refused(404, "not-found", "WARD-0459");
}
