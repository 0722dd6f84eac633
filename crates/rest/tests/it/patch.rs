//! `PATCH /fhir/{type}/{id}` and `PATCH /fhir/{type}?criteria`.

mod bundle;
mod race;

use fhir::Value;

use crate::server::{Reply, TestServer};

const JSON_PATCH: &str = "application/json-patch+json";
const XML_PATCH: &str = "application/xml-patch+xml";
const FHIR_JSON: &str = "application/fhir+json";
const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","identifier":[{"system":"http://h.test/mrn","value":"1"}],"gender":"male"}"#;

async fn server() -> TestServer {
    let server = TestServer::new();
    assert_eq!(server.put("/fhir/Patient/p1", PATIENT).await.status, 201);
    server
}

async fn patch(server: &TestServer, path: &str, content_type: &str, body: &str) -> Reply {
    server.send("PATCH", path, &[("content-type", content_type)], body.to_owned()).await
}

/// A FHIRPath Patch with one operation of these parts.
fn parameters(parts: &str) -> String {
    format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"operation","part":[{parts}]}}]}}"#)
}

fn replace_gender() -> String {
    parameters(
        r#"{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Patient.gender"},{"name":"value","valueCode":"female"}"#,
    )
}

#[tokio::test]
async fn speaks_all_three_languages() {
    let in_xml = r#"<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/><part><name value="type"/><valueCode value="replace"/></part><part><name value="path"/><valueString value="Patient.gender"/></part><part><name value="value"/><valueCode value="female"/></part></parameter></Parameters>"#;
    for (content_type, body) in [
        (JSON_PATCH, r#"[{"op":"replace","path":"/gender","value":"female"}]"#.to_owned()),
        ("application/json-patch+json; charset=utf-8", r#"[{"op":"replace","path":"/gender","value":"female"}]"#.to_owned()),
        (XML_PATCH, r#"<diff xmlns:f="http://hl7.org/fhir"><replace sel="f:Patient/f:gender/@value">female</replace></diff>"#.to_owned()),
        (FHIR_JSON, replace_gender()),
        ("application/fhir+xml", in_xml.to_owned()),
    ] {
        let server = server().await;
        let reply = patch(&server, "/fhir/Patient/p1", content_type, &body).await;
        assert_eq!((reply.status.as_u16(), reply.header("etag")), (200, "W/\"2\""), "{content_type}: {}", reply.text());
        assert_eq!(reply.header("location"), "http://ward.test/fhir/Patient/p1/_history/2");
        assert!(!reply.header("last-modified").is_empty());
        let patched = reply.json();
        assert_eq!((patched.text("gender"), patched.text("id")), (Some("female"), Some("p1")), "{content_type}");
        assert_eq!(server.get("/fhir/Patient/p1").await.body, reply.body);
        assert_eq!(server.get("/fhir/Patient?gender=female").await.entries(), ["Patient/p1"]);
    }
}

#[tokio::test]
async fn answers_what_prefer_asks_for() {
    let server = server().await;
    let send = async |prefer| {
        let headers = [("content-type", JSON_PATCH), ("prefer", prefer)];
        server.send("PATCH", "/fhir/Patient/p1", &headers, r#"[{"op":"add","path":"/active","value":true}]"#).await
    };
    let minimal = send("return=minimal").await;
    assert_eq!((minimal.status.as_u16(), minimal.body.len(), minimal.header("etag")), (200, 0, "W/\"2\""));
    assert_eq!(send("return=representation").await.json().get("active"), Some(&Value::Bool(true)));
    assert_eq!(send("return=OperationOutcome").await.json().resource_type(), Some("OperationOutcome"));
}

#[tokio::test]
async fn minds_if_match() {
    let server = server().await;
    let send = async |tag| {
        let headers = [("content-type", JSON_PATCH), ("if-match", tag)];
        server.send("PATCH", "/fhir/Patient/p1", &headers, r#"[{"op":"remove","path":"/gender"}]"#).await
    };
    send("W/\"7\"").await.refused(412, "conflict", "WARD-0408");
    send("banana").await.refused(400, "value", "WARD-0513");
    assert_eq!(send("W/\"1\"").await.status, 200);
    send("W/\"1\"").await.refused(412, "conflict", "WARD-0408");
}

#[tokio::test]
async fn has_something_to_patch() {
    let server = server().await;
    let body = r#"[{"op":"remove","path":"/gender"}]"#;
    patch(&server, "/fhir/Patient/none", JSON_PATCH, body).await.refused(404, "not-found", "WARD-0400");
    patch(&server, "/fhir/Nothing/p1", JSON_PATCH, body).await.refused(404, "not-supported", "WARD-0403");
    server.delete("/fhir/Patient/p1").await;
    patch(&server, "/fhir/Patient/p1", JSON_PATCH, body).await.refused(410, "deleted", "WARD-0402");
}

#[tokio::test]
async fn tells_which_formats_it_knows() {
    let server = server().await;
    for content_type in ["text/plain", "application/x-patch", "application/fhir+turtle"] {
        let reply = patch(&server, "/fhir/Patient/p1", content_type, "{}").await;
        reply.refused(415, "not-supported", "WARD-0502");
        let formats = "application/json-patch+json, application/xml-patch+xml, application/merge-patch+json, application/fhir+json, application/fhir+xml";
        assert_eq!(reply.header("accept-patch"), formats);
    }
}

#[tokio::test]
async fn takes_the_part_that_changes() {
    let server = server().await;
    let reply = patch(&server, "/fhir/Patient/p1", "application/merge-patch+json", r#"{"gender":null,"active":true}"#).await;
    assert_eq!((reply.status.as_u16(), reply.header("etag")), (200, "W/\"2\""));
    assert_eq!((reply.json().get("gender").is_none(), reply.json().get("active").is_some()), (true, true));
    // Clients that say no more than JSON send the same.
    let reply = patch(&server, "/fhir/Patient/p1", "application/json", r#"{"resourceType":"Patient","gender":"other"}"#).await;
    assert_eq!(reply.json().text("gender"), Some("other"));
    patch(&server, "/fhir/Patient/p1", "application/merge-patch+json", r#"{"id":"p2"}"#).await.refused(422, "business-rule", "WARD-0480");
    patch(&server, "/fhir/Patient/p1", "application/merge-patch+json", "[]").await.refused(400, "structure", "WARD-0900");
}

#[tokio::test]
async fn refuses_what_is_no_patch() {
    let server = server().await;
    for (content_type, body, code, ward) in [
        (JSON_PATCH, "", "required", "WARD-0501"),
        (JSON_PATCH, "[{", "structure", "WARD-0900"),
        (JSON_PATCH, r#"{"op":"remove"}"#, "structure", "WARD-0900"),
        (JSON_PATCH, r#"[{"op":"merge","path":"/gender"}]"#, "invalid", "WARD-0901"),
        (JSON_PATCH, r#"[{"op":"add","path":"/gender"}]"#, "required", "WARD-0902"),
        (JSON_PATCH, r#"[{"op":"remove","path":"gender"}]"#, "invalid", "WARD-0903"),
        (XML_PATCH, "<diff", "structure", "WARD-0200"),
        (XML_PATCH, "<diff/>", "structure", "WARD-0900"),
        (XML_PATCH, r#"<diff><remove sel="f:Patient//f:name"/></diff>"#, "invalid", "WARD-0903"),
        (FHIR_JSON, PATIENT, "structure", "WARD-0900"),
        (FHIR_JSON, r#"{"resourceType":"Parameters","parameter":[{"name":"operation","part":[]}]}"#, "structure", "WARD-0107"),
    ] {
        let reply = patch(&server, "/fhir/Patient/p1", content_type, body).await;
        reply.refused(400, code, ward);
    }
    assert_eq!(server.get("/fhir/Patient/p1").await.header("etag"), "W/\"1\"");
}

#[tokio::test]
async fn refuses_what_cannot_be_applied() {
    let server = server().await;
    for (content_type, body, code, ward, names) in [
        (JSON_PATCH, r#"[{"op":"remove","path":"/telecom"}]"#, "not-found", "WARD-0905", "operation[0] (remove /telecom)"),
        (
            JSON_PATCH,
            r#"[{"op":"add","path":"/active","value":true},{"op":"test","path":"/gender","value":"other"}]"#,
            "conflict",
            "WARD-0907",
            "operation[1] (test /gender)",
        ),
        (XML_PATCH, r#"<diff><remove sel="f:Patient/f:telecom"/></diff>"#, "not-found", "WARD-0905", "operation[0]"),
        (FHIR_JSON, &replace_gender().replace("Patient.gender", "Patient.contact"), "not-found", "WARD-0905", "operation[0]"),
        (FHIR_JSON, &replace_gender().replace("Patient.gender", "Patient.gendre"), "not-found", "WARD-0905", "gender"),
        // What comes out must be a resource that could have been sent.
        (JSON_PATCH, r#"[{"op":"replace","path":"/gender","value":"green"}]"#, "code-invalid", "WARD-0123", ""),
        (JSON_PATCH, r#"[{"op":"replace","path":"/id","value":"p2"}]"#, "business-rule", "WARD-0480", "id"),
        (JSON_PATCH, r#"[{"op":"remove","path":"/id"}]"#, "business-rule", "WARD-0480", "id"),
        (
            JSON_PATCH,
            r#"[{"op":"replace","path":"","value":{"resourceType":"Basic","id":"p1"}}]"#,
            "business-rule",
            "WARD-0480",
            "resourceType",
        ),
        (JSON_PATCH, r#"[{"op":"replace","path":"","value":[1]}]"#, "business-rule", "WARD-0480", "resourceType"),
        (
            JSON_PATCH,
            r#"[{"op":"add","path":"/managingOrganization","value":{"reference":"Organization/ghost"}}]"#,
            "not-found",
            "WARD-0411",
            "Organization/ghost",
        ),
    ] {
        let reply = patch(&server, "/fhir/Patient/p1", content_type, body).await;
        let (_, remedy) = reply.refused(422, code, ward);
        assert!(remedy.contains(names), "{body}: {remedy}");
    }
    assert_eq!(server.get("/fhir/Patient/p1").await.header("etag"), "W/\"1\"");
}

#[tokio::test]
async fn reports_all_problems_of_what_comes_out() {
    let server = server().await;
    let body = r#"[{"op":"replace","path":"/gender","value":"green"},{"op":"add","path":"/birthDate","value":"soon"}]"#;
    let reply = patch(&server, "/fhir/Patient/p1", JSON_PATCH, body).await;
    assert_eq!((reply.status.as_u16(), reply.json().list("issue").count()), (422, 2), "{}", reply.text());
}

#[tokio::test]
async fn passes_over_what_the_server_gives() {
    let server = server().await;
    let body = r#"[{"op":"replace","path":"/meta/versionId","value":"99"},{"op":"remove","path":"/meta/lastUpdated"}]"#;
    let patched = patch(&server, "/fhir/Patient/p1", JSON_PATCH, body).await.json();
    let meta = patched.get("meta").expect("a meta");
    assert_eq!(meta.text("versionId"), Some("2"));
    assert!(meta.text("lastUpdated").is_some());
}

#[tokio::test]
async fn leaves_no_empty_list_behind() {
    let server = server().await;
    for (content_type, body) in [
        (JSON_PATCH, r#"[{"op":"remove","path":"/identifier/0"}]"#),
        (XML_PATCH, r#"<diff><remove sel="f:Patient/f:identifier/f:system"/><remove sel="f:Patient/f:identifier/f:value"/></diff>"#),
    ] {
        server.put("/fhir/Patient/p1", PATIENT).await;
        let reply = patch(&server, "/fhir/Patient/p1", content_type, body).await;
        assert_eq!((reply.status.as_u16(), reply.json().get("identifier")), (200, None), "{}", reply.text());
    }
}

#[tokio::test]
async fn patches_the_one_that_matches() {
    let server = server().await;
    let body = r#"[{"op":"replace","path":"/gender","value":"other"}]"#;
    let reply = patch(&server, "/fhir/Patient?identifier=http://h.test/mrn|1&_format=json", JSON_PATCH, body).await;
    assert_eq!((reply.status.as_u16(), reply.header("etag")), (200, "W/\"2\""), "{}", reply.text());
    patch(&server, "/fhir/Patient?identifier=2", JSON_PATCH, body).await.refused(404, "not-found", "WARD-0482");
    patch(&server, "/fhir/Patient", JSON_PATCH, body).await.refused(400, "invalid", "WARD-0414");
    patch(&server, "/fhir/Patient?color=red", JSON_PATCH, body).await.refused(400, "not-supported", "WARD-0300");
    server.put("/fhir/Patient/p2", &PATIENT.replace("p1", "p2")).await;
    patch(&server, "/fhir/Patient?identifier=1", JSON_PATCH, body).await.refused(412, "multiple-matches", "WARD-0413");
}

#[tokio::test]
async fn is_in_the_statement() {
    let statement = server().await.get("/fhir/metadata").await.json();
    assert!(statement.list("patchFormat").any(|format| format.as_str() == Some(XML_PATCH)));
    let rest = statement.list("rest").next().expect("a rest");
    let patient = rest.list("resource").next().expect("a resource");
    let codes: Vec<_> = patient.list("interaction").filter_map(|interaction| interaction.text("code")).collect();
    assert_eq!(codes.iter().filter(|code| **code == "patch").count(), 1, "{codes:?}");
}

#[tokio::test]
async fn is_announced_by_options() {
    let server = server().await;
    let announced = async |path| server.send("OPTIONS", path, &[], "").await.header("accept-patch").to_owned();
    for path in ["/fhir/Patient/p1", "/fhir/Patient"] {
        assert!(announced(path).await.contains(JSON_PATCH), "{path}");
    }
    assert_eq!(announced("/fhir/metadata").await, "");
}
