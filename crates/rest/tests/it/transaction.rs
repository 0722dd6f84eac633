//! `POST /fhir` with a Bundle of type transaction: all or none.

use crate::server::TestServer;

fn transaction(entries: &str) -> String {
    format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{entries}]}}"#)
}

#[tokio::test]
async fn does_all_entries_and_answers_in_their_order() {
    let server = TestServer::new();
    server.put("/fhir/Patient/old", r#"{"resourceType":"Patient","id":"old"}"#).await;
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    let reply = server
        .post(
            "/fhir",
            &transaction(
                r#"{"request":{"method":"GET","url":"Patient/p1"}},
                {"request":{"method":"PUT","url":"Patient/p1","ifMatch":"W/\"1\""},"resource":{"resourceType":"Patient","id":"p1","active":true}},
                {"fullUrl":"urn:uuid:1","request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient"}},
                {"request":{"method":"DELETE","url":"Patient/old"}},
                {"request":{"method":"PUT","url":"Patient/p2"},"resource":{"resourceType":"Patient","id":"p2"}}"#,
            ),
        )
        .await;
    assert_eq!((reply.status.as_u16(), reply.json().text("type")), (200, Some("transaction-response")), "{}", reply.text());
    let statuses: Vec<_> = reply.responses().into_iter().map(|(status, _)| status).collect();
    assert_eq!(statuses, ["200 OK", "200 OK", "201 Created", "204 No Content", "201 Created"]);
    let bundle = reply.json();
    let responses: Vec<_> = bundle.list("entry").filter_map(|entry| entry.get("response")).collect();
    assert_eq!(responses[1].text("location"), Some("Patient/p1/_history/2"));
    assert_eq!(responses[1].text("etag"), Some("W/\"2\""));
    assert_eq!(responses[1].text("lastModified"), Some("2026-11-21T08:00:00.000Z"));
    let read = bundle.list("entry").next().and_then(|entry| entry.get("resource")).expect("what was read");
    assert_eq!(read.get("active").and_then(|active| active.as_bool()), Some(true), "reads see what the transaction wrote");
    server.get("/fhir/Patient/old").await.refused(410, "deleted", "WARD-0402");
}

#[tokio::test]
async fn stores_nothing_when_one_entry_is_wrong() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    let good = r#"{"request":{"method":"PUT","url":"Patient/good"},"resource":{"resourceType":"Patient","id":"good"}}"#;
    for (bad, status, code, ward, place) in [
        (
            r#"{"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient","birthDate":"x"}}"#,
            400,
            "value",
            "WARD-0112",
            "Bundle.entry[1].resource.birthDate",
        ),
        (
            r#"{"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Group"}}"#,
            400,
            "invalid",
            "WARD-0405",
            "Bundle.entry[1].resource",
        ),
        (
            r#"{"request":{"method":"PUT","url":"Patient/x"},"resource":{"resourceType":"Patient","id":"y"}}"#,
            400,
            "invalid",
            "WARD-0406",
            "Bundle.entry[1].resource",
        ),
        (
            r#"{"request":{"method":"PUT","url":"Patient/p1","ifMatch":"W/\"5\""},"resource":{"resourceType":"Patient","id":"p1"}}"#,
            412,
            "conflict",
            "WARD-0408",
            "",
        ),
        (
            r#"{"request":{"method":"PUT","url":"Patient/p1","ifMatch":"five"},"resource":{"resourceType":"Patient","id":"p1"}}"#,
            400,
            "value",
            "WARD-0417",
            "Bundle.entry[1].request.ifMatch",
        ),
        (
            r#"{"request":{"method":"PUT","url":"Patient/p1","ifNoneMatch":"*"},"resource":{"resourceType":"Patient","id":"p1"}}"#,
            412,
            "conflict",
            "WARD-0410",
            "",
        ),
        (r#"{"request":{"method":"DELETE","url":"Patient/p1","ifMatch":"W/\"5\""}}"#, 412, "conflict", "WARD-0408", ""),
        (
            r#"{"request":{"method":"PUT","url":"Patient/good"},"resource":{"resourceType":"Patient","id":"good"}}"#,
            400,
            "duplicate",
            "WARD-0437",
            "Bundle.entry[1].request.url",
        ),
        (r#"{"request":{"method":"PATCH","url":"Patient/p1"}}"#, 400, "not-supported", "WARD-0433", "Bundle.entry[1].request.method"),
        (
            r#"{"request":{"method":"PUT","url":"Patient?identifier=1"},"resource":{"resourceType":"Patient"}}"#,
            400,
            "not-supported",
            "WARD-0434",
            "Bundle.entry[1].request.url",
        ),
        (r#"{"request":{"method":"POST","url":"Patient"}}"#, 400, "invalid", "WARD-0435", "Bundle.entry[1].resource"),
        (
            r#"{"request":{"method":"GET","url":"Patient/p1"},"resource":{"resourceType":"Patient"}}"#,
            400,
            "invalid",
            "WARD-0435",
            "Bundle.entry[1].resource",
        ),
        (
            r#"{"request":{"method":"POST","url":"Observation"},"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ghost"}}}"#,
            422,
            "not-found",
            "WARD-0411",
            "Bundle.entry[1].resource.subject.reference",
        ),
    ] {
        let reply = server.post("/fhir", &transaction(&format!("{good},{bad}"))).await;
        let (expression, _) = reply.refused(status, code, ward);
        assert_eq!(expression, place, "{bad}");
        server.get("/fhir/Patient/good").await.refused(404, "not-found", "WARD-0400");
    }
    assert_eq!(server.get("/fhir/Patient/p1").await.header("etag"), "W/\"1\"");
}

#[tokio::test]
async fn creates_only_what_is_not_there() {
    let server = TestServer::new();
    let entry = r#"{"fullUrl":"urn:uuid:a","request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=http://h|1"},"resource":{"resourceType":"Patient","identifier":[{"system":"http://h","value":"1"}]}}"#;
    let observation = r#"{"request":{"method":"POST","url":"Observation"},"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"urn:uuid:a"}}}"#;
    let bundle = transaction(&format!("{entry},{observation}"));
    for expected in ["201 Created", "200 OK"] {
        let reply = server.post("/fhir", &bundle).await;
        assert_eq!(reply.responses()[0].0, expected, "{}", reply.text());
    }
    assert_eq!(server.get("/fhir/Patient").await.entries().len(), 1);
    let patient = server.get("/fhir/Patient").await.entries().remove(0);
    assert_eq!(server.get(&format!("/fhir/Observation?subject={patient}")).await.entries().len(), 2);
    let twice = transaction(&format!("{entry},{}", entry.replace("urn:uuid:a", "urn:uuid:b")));
    server.post("/fhir", &twice).await.refused(400, "duplicate", "WARD-0437");
}

#[tokio::test]
async fn refuses_a_reference_to_what_it_deletes() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    let bundle = transaction(
        r#"{"request":{"method":"DELETE","url":"Patient/p1"}},
        {"request":{"method":"POST","url":"Flag"},"resource":{"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"reference":"Patient/p1"}}}"#,
    );
    let (expression, _) = server.post("/fhir", &bundle).await.refused(422, "not-found", "WARD-0411");
    assert_eq!(expression, "Bundle.entry[1].resource.subject.reference");
    assert_eq!(server.get("/fhir/Patient/p1").await.status, 200);
}

#[tokio::test]
async fn gives_back_what_it_wrote_when_preferred() {
    let server = TestServer::new();
    let bundle = transaction(r#"{"request":{"method":"PUT","url":"Patient/p1"},"resource":{"resourceType":"Patient","id":"p1"}}"#);
    let json = ("content-type", "application/fhir+json");
    assert_eq!(server.post("/fhir", &bundle).await.entries().len(), 0);
    let reply = server.send("POST", "/fhir", &[json, ("prefer", "return=representation")], bundle).await;
    assert_eq!(reply.entries(), ["Patient/p1"]);
    assert_eq!(reply.json().list("entry").next().and_then(|entry| entry.text("fullUrl")), Some("http://ward.test/fhir/Patient/p1"));
}

#[tokio::test]
async fn a_malformed_search_refuses_the_whole() {
    let server = TestServer::new();
    let create = r#"{"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient"}}"#;
    for (url, code, ward) in [
        ("Patient?nmae=x", "not-supported", "WARD-0300"),
        ("Patient/_history?_count=x", "value", "WARD-0440"),
        ("Patient?name=%2", "invalid", "WARD-0329"),
    ] {
        let read = format!(r#"{{"request":{{"method":"GET","url":"{url}"}}}}"#);
        let reply = server.post("/fhir", &transaction(&format!("{create},{read}"))).await;
        let (place, _) = reply.refused(400, code, ward);
        assert_eq!(place, "Bundle.entry[1].request.url");
    }
    assert_eq!(server.get("/fhir/Patient?_summary=count").await.json().get("total").and_then(|total| total.as_number()), Some("0"));
}
