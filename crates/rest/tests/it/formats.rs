//! Formats: Accept, Content-Type, `_format`, `_pretty`.

use crate::server::TestServer;

const PATIENT: &str =
    r#"{"resourceType":"Patient","id":"p1","active":true,"_birthDate":{"extension":[{"url":"http://x","valueDecimal":1.10}]}}"#;
const XML: &str = "application/fhir+xml;charset=utf-8";
const JSON: &str = "application/fhir+json;charset=utf-8";

#[tokio::test]
async fn answers_in_the_format_that_is_asked_for() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    for (accept, query, format) in [
        ("application/fhir+json", "", JSON),
        ("application/json", "", JSON),
        ("text/json", "", JSON),
        ("*/*", "", JSON),
        ("application/*", "", JSON),
        ("application/fhir+xml", "", XML),
        ("application/xml", "", XML),
        ("text/xml; charset=utf-8", "", XML),
        ("application/fhir+xml; fhirVersion=4.0", "", XML),
        ("application/fhir+json;q=0.5, application/fhir+xml;q=0.9", "", XML),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "", XML),
        ("text/html, */*", "", JSON),
        ("application/fhir+xml", "?_format=json", JSON),
        ("image/png", "?_format=xml", XML),
        ("image/png", "?_format=application/fhir%2Bxml", XML),
        ("image/png", "?_format=application/fhir+xml", XML),
    ] {
        let reply = server.send("GET", &format!("/fhir/Patient/p1{query}"), &[("accept", accept)], "").await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, format), "{accept} {query}");
        assert!(reply.text().starts_with(if format == XML { "<" } else { "{" }), "{}", reply.text());
    }
}

#[tokio::test]
async fn refuses_formats_that_it_does_not_write() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    for (accept, query) in [
        ("image/png", ""),
        ("application/fhir+json; fhirVersion=3.0", ""),
        ("application/fhir+json;q=0", ""),
        ("", ""),
        ("*/*", "?_format=yaml"),
        ("*/*", "?_format=text/turtle"),
    ] {
        let reply = server.send("GET", &format!("/fhir/Patient/p1{query}"), &[("accept", accept)], "").await;
        reply.refused(406, "not-supported", "WARD-0503");
    }
}

#[tokio::test]
async fn takes_and_gives_xml() {
    let server = TestServer::new();
    let xml = r#"<?xml version="1.0" encoding="UTF-8"?><Patient xmlns="http://hl7.org/fhir"><id value="p1"/><active value="true"/><birthDate><extension url="http://x"><valueDecimal value="1.10"/></extension></birthDate></Patient>"#;
    let headers = [("content-type", "application/fhir+xml"), ("accept", "application/fhir+xml")];
    let reply = server.send("PUT", "/fhir/Patient/p1", &headers, xml).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (201, XML), "{}", reply.text());
    assert!(reply.text().contains(r#"<valueDecimal value="1.10"/>"#), "{}", reply.text());
    let stored = server.get("/fhir/Patient/p1").await.text();
    assert!(stored.ends_with(r#""active":true,"_birthDate":{"extension":[{"url":"http://x","valueDecimal":1.10}]}}"#), "{stored}");
    let bundle = server.send("GET", "/fhir/Patient?active=true", &[("accept", "text/xml")], "").await.text();
    assert!(bundle.contains("<Bundle") && bundle.contains(r#"<mode value="match"/>"#), "{bundle}");
    let failed = server.send("GET", "/fhir/Patient/none", &[("accept", "application/fhir+xml")], "").await;
    assert_eq!(failed.status, 404);
    assert!(failed.text().contains("<OperationOutcome") && failed.text().contains("WARD-0400"), "{}", failed.text());
    let statement = server.send("GET", "/fhir/metadata?_format=xml", &[], "").await;
    assert!(statement.text().contains("<CapabilityStatement"));
}

#[tokio::test]
async fn writes_for_people_when_asked() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    let reply = server.get("/fhir/Patient/p1?_pretty=true").await;
    assert!(reply.text().starts_with("{\n  \"resourceType\": \"Patient\",\n"), "{}", reply.text());
    assert!(reply.text().contains("1.10"));
    assert!(server.get("/fhir/Patient/p1?_pretty=false").await.text().starts_with("{\"resourceType\""));
}

#[tokio::test]
async fn refuses_bodies_in_other_formats() {
    let server = TestServer::new();
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/fhir+json; charset=latin1",
        "application/fhir+json; fhirVersion=5.0",
        "nonsense",
    ] {
        let reply = server.send("POST", "/fhir/Patient", &[("content-type", content_type)], PATIENT).await;
        reply.refused(415, "not-supported", "WARD-0502");
    }
    server.send("POST", "/fhir/Patient", &[], PATIENT).await.refused(415, "not-supported", "WARD-0502");
    let reply = server.send("POST", "/fhir/Patient", &[("content-type", "Application/FHIR+JSON; Charset=UTF-8")], PATIENT).await;
    assert_eq!(reply.status, 201);
}
