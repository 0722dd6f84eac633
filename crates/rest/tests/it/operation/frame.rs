//! What all operations share: addresses, parameters, formats, definitions.

use interaction::operation::{TABLE, rows};

use crate::server::TestServer;

#[tokio::test]
async fn every_row_has_a_route() {
    let server = TestServer::new();
    for row in rows() {
        let path = row.path.replace("{type}", "Patient").replace("{id}", "x").replace("{vid}", "1");
        let reply = server.send(row.method, &format!("/fhir{path}"), &[("content-type", "application/fhir+json")], "").await;
        assert_ne!(reply.status, 405, "{} {}", row.method, row.path);
        assert_ne!(reply.json_number(), Some("WARD-0509".to_owned()), "{} {}", row.method, row.path);
        assert!(row.doc.ends_with('.'), "{}", row.path);
    }
}

#[tokio::test]
async fn an_unknown_operation_is_not_found_and_the_nearest_is_named() {
    let server = TestServer::new();
    for (method, path) in [
        ("GET", "/fhir/$conver"),
        ("POST", "/fhir/$conver"),
        ("GET", "/fhir/Patient/$conver"),
        ("POST", "/fhir/Patient/$conver"),
        ("GET", "/fhir/Patient/1/$conver"),
        ("POST", "/fhir/Patient/1/$conver"),
        ("DELETE", "/fhir/Patient/1/$conver"),
        ("POST", "/fhir/Nothing/1/$conver"),
        ("POST", "/fhir/Patient/1/_history/1/$conver"),
    ] {
        let reply = server.send(method, path, &[("content-type", "application/fhir+json")], "").await;
        let (_, diagnostics) = reply.refused(404, "not-supported", "WARD-0441");
        assert!(diagnostics.contains("did you mean $convert?"), "{method} {path}: {diagnostics}");
    }
    let (_, diagnostics) = server.get("/fhir/$frobnicate").await.refused(404, "not-supported", "WARD-0441");
    assert!(diagnostics.contains("/fhir/metadata"), "{diagnostics}");
}

#[tokio::test]
async fn an_operation_at_another_place_says_where_it_is() {
    let server = TestServer::new();
    let (_, diagnostics) = server.get("/fhir/Patient/$versions").await.refused(404, "not-supported", "WARD-0441");
    assert!(diagnostics.contains("on the type Patient") && diagnostics.contains("/$versions"), "{diagnostics}");
    let (_, diagnostics) = server.post("/fhir/Patient/1/$convert", "").await.refused(404, "not-supported", "WARD-0441");
    assert!(diagnostics.contains("on a Patient"), "{diagnostics}");
}

#[tokio::test]
async fn parameters_are_checked_by_name() {
    let server = TestServer::new();
    let validate = |parameters: &str| format!(r#"{{"resourceType":"Parameters","parameter":[{parameters}]}}"#);
    let cases = [
        (r#"{"name":"mod","valueCode":"create"}"#, "not-supported", "WARD-0442", "did you mean `mode`?"),
        (r#"{"name":"mode","valueBoolean":true}"#, "value", "WARD-0444", "`mode` is a code"),
        (r#"{"name":"mode","valueCode":" create "}"#, "value", "WARD-0444", "`mode` is a code"),
        (r#"{"name":"mode"}"#, "value", "WARD-0444", "`mode` needs a value"),
        (r#"{"name":"resource","valueString":"x"}"#, "value", "WARD-0444", "`resource` is a resource"),
        (
            r#"{"name":"mode","valueCode":"create"},{"name":"mode","valueCode":"update"}"#,
            "invalid",
            "WARD-0445",
            "`mode` may be given 1 times",
        ),
        (r#"{"valueCode":"create"}"#, "required", "WARD-0446", "a name"),
    ];
    for (parameters, code, number, words) in cases {
        let (_, diagnostics) = server.post("/fhir/Patient/$validate", &validate(parameters)).await.refused(400, code, number);
        assert!(diagnostics.contains(words), "{parameters}: {diagnostics}");
    }
    let second = r#"{"name":"mode","valueCode":"create"},{"name":"x","valueCode":"y"}"#;
    let reply = server.post("/fhir/Patient/$validate", &validate(second)).await;
    assert_eq!(reply.refused(400, "not-supported", "WARD-0442").0, "Parameters.parameter[1]");
    server.get("/fhir/$versions?x=1").await.refused(400, "not-supported", "WARD-0442");
    let missing = server.post("/fhir/$convert", "").await;
    assert!(missing.refused(400, "required", "WARD-0443").1.contains("`input`"));
    server.post("/fhir/Patient/p1/$meta-add", r#"{"resourceType":"Patient"}"#).await.refused(400, "invalid", "WARD-0446");
    server.post("/fhir/Patient/$validate", r#"{"resourceType":"Parameters","parameter":{}}"#).await.refused(400, "structure", "WARD-0446");
    server.post("/fhir/Patient/$validate", r#"{"resourceType":"Parameters","nothing":1}"#).await.refused(400, "structure", "WARD-0103");
}

#[tokio::test]
async fn query_and_body_go_together_and_strings_stand_for_codes() {
    let server = TestServer::new();
    let body = r#"{"resourceType":"Patient","id":"p9"}"#;
    let reply = server.post("/fhir/Patient/$validate?mode=create", body).await;
    assert_eq!(reply.json_number(), Some("WARD-0449".to_owned()));
    let body = r#"{"resourceType":"Parameters","parameter":[{"name":"mode","valueString":"create"},{"name":"resource","resource":{"resourceType":"Patient"}}]}"#;
    assert_eq!(server.post("/fhir/Patient/$validate", body).await.json_number(), Some("WARD-0449".to_owned()));
    server.post("/fhir/Patient/$validate?mode=create", body).await.refused(400, "invalid", "WARD-0445");
    let xml = r#"<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="resource"/><resource><Patient><active value="true"/></Patient></resource></parameter></Parameters>"#;
    let reply = server.send("POST", "/fhir/Patient/$validate", &[("content-type", "application/fhir+xml")], xml).await;
    assert_eq!(reply.json_number(), Some("WARD-0449".to_owned()));
}

#[tokio::test]
async fn the_capability_statement_lists_them() {
    let server = TestServer::new();
    let statement = server.get("/fhir/metadata").await.json();
    assert_eq!(fhir::check::check(&statement), []);
    let rest = statement.list("rest").next().expect("rest");
    let names = |of: &fhir::Value| of.list("operation").filter_map(|item| item.text("name").map(str::to_owned)).collect::<Vec<_>>();
    assert!(names(rest).contains(&"convert".to_owned()) && !names(rest).contains(&"validate".to_owned()));
    for operation in TABLE.iter().filter(|operation| operation.on_type || operation.on_instance) {
        let listed = rest.list("resource").filter(|resource| names(resource).contains(&operation.code.to_owned())).count();
        assert!(listed > 0, "{}", operation.code);
    }
}
