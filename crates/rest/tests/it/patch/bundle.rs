//! PATCH entries in batch and transaction Bundles.

use fhir::Value;

use super::{parameters, server};
use crate::server::{Reply, TestServer};

/// `[{"op":"replace","path":"/gender","value":"female"}]`
const JSON_BINARY: &str = r#"{"resourceType":"Binary","contentType":"application/json-patch+json","data":"W3sib3AiOiJyZXBsYWNlIiwicGF0aCI6Ii9nZW5kZXIiLCJ2YWx1ZSI6ImZlbWFsZSJ9XQ=="}"#;
/// `<diff><replace sel="f:Patient/f:gender/@value">female</replace></diff>`
const XML_BINARY: &str = r#"{"resourceType":"Binary","contentType":"application/xml-patch+xml","data":"PGRpZmY+PHJlcGxhY2Ugc2VsPSJmOlBhdGllbnQvZjpnZW5kZXIvQHZhbHVlIj5mZW1hbGU8L3JlcGxhY2U+PC9kaWZmPg=="}"#;

async fn process(server: &TestServer, kind: &str, entries: &str) -> Reply {
    server.post("/fhir", &format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{entries}]}}"#)).await
}

fn entry(url: &str, resource: &str) -> String {
    format!(r#"{{"request":{{"method":"PATCH","url":"{url}"}},"resource":{resource}}}"#)
}

fn replace_gender(code: &str) -> String {
    parameters(&format!(
        r#"{{"name":"type","valueCode":"replace"}},{{"name":"path","valueString":"Patient.gender"}},{{"name":"value","valueCode":"{code}"}}"#
    ))
}

async fn gender(server: &TestServer) -> String {
    server.get("/fhir/Patient/p1").await.json().text("gender").unwrap_or_default().to_owned()
}

#[tokio::test]
async fn takes_every_form_in_batch_and_transaction() {
    for kind in ["batch", "transaction"] {
        for resource in [JSON_BINARY, XML_BINARY, &replace_gender("female")] {
            for url in ["Patient/p1", "Patient?identifier=http://h.test/mrn|1"] {
                let server = server().await;
                let reply = process(&server, kind, &entry(url, resource)).await;
                assert_eq!(reply.responses(), [("200 OK".to_owned(), String::new())], "{kind} {url}: {}", reply.text());
                let response = reply.json().list("entry").next().and_then(|entry| entry.get("response").cloned()).expect("a response");
                assert_eq!((response.text("etag"), response.text("location")), (Some("W/\"2\""), Some("Patient/p1/_history/2")));
                assert_eq!(gender(&server).await, "female", "{kind} {url}");
            }
        }
    }
}

#[tokio::test]
async fn patches_in_a_batch_what_it_has_put() {
    let server = TestServer::new();
    let put = r#"{"request":{"method":"PUT","url":"Patient/p1"},"resource":{"resourceType":"Patient","id":"p1","gender":"male"}}"#;
    let reply = process(&server, "batch", &format!("{put},{}", entry("Patient/p1", JSON_BINARY))).await;
    let told: Vec<_> = reply.responses().into_iter().map(|(status, _)| status).collect();
    assert_eq!(told, ["201 Created", "200 OK"], "{}", reply.text());
    assert_eq!(gender(&server).await, "female");
}

#[tokio::test]
async fn refuses_each_in_its_place() {
    for (resource, status, ward, place) in [
        (r#"{"resourceType":"Patient"}"#, 400, "WARD-0481", "Bundle.entry[0].resource"),
        (r#"{"resourceType":"Binary","contentType":"application/json-patch+json"}"#, 400, "WARD-0481", "Bundle.entry[0].resource.data"),
        (r#"{"resourceType":"Binary","contentType":"text/plain","data":"QQ=="}"#, 400, "WARD-0481", "Bundle.entry[0].resource.contentType"),
        (&replace_gender("female").replace("replace", "exchange"), 400, "WARD-0901", "Bundle.entry[0].resource.parameter[0]"),
        (&replace_gender("female").replace("Patient.gender", "Patient.name"), 422, "WARD-0905", "Bundle.entry[0].resource.parameter[0]"),
        (&replace_gender("green"), 422, "WARD-0123", "Bundle.entry[0].resource.gender"),
    ] {
        let server = server().await;
        let batch = process(&server, "batch", &entry("Patient/p1", resource)).await.responses();
        assert_eq!((&batch[0].0[..3], batch[0].1.as_str()), (status.to_string().as_str(), ward), "{resource}");
        let reply = process(&server, "transaction", &entry("Patient/p1", resource)).await;
        assert_eq!((reply.status.as_u16(), reply.json_number().as_deref()), (status, Some(ward)), "{}", reply.text());
        let issue = reply.json().list("issue").next().cloned().expect("an issue");
        assert_eq!(issue.list("expression").next().and_then(Value::as_str), Some(place), "{}", reply.text());
        assert_eq!(gender(&server).await, "male");
    }
}

#[tokio::test]
async fn is_all_or_nothing_in_a_transaction() {
    let server = server().await;
    let bad = r#"{"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient","birthDate":"soon"}}"#;
    let reply = process(&server, "transaction", &format!("{},{bad}", entry("Patient/p1", JSON_BINARY))).await;
    assert_eq!((reply.status.as_u16(), reply.json_number().as_deref()), (400, Some("WARD-0112")));
    assert_eq!(gender(&server).await, "male");
    let reply = process(&server, "transaction", &entry("Patient/none", JSON_BINARY)).await;
    reply.refused(404, "not-found", "WARD-0400");
    let stale = entry("Patient/p1", JSON_BINARY).replace(r#""url""#, r#""ifMatch":"W/\"9\"","url""#);
    process(&server, "transaction", &stale).await.refused(412, "conflict", "WARD-0408");
    let twice = format!("{},{}", entry("Patient/p1", JSON_BINARY), entry("Patient/p1", JSON_BINARY));
    process(&server, "transaction", &twice).await.refused(400, "duplicate", "WARD-0437");
}

#[tokio::test]
async fn leads_references_to_what_the_transaction_creates() {
    let server = server().await;
    let add = parameters(
        r#"{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"managingOrganization"},
        {"name":"value","valueReference":{"reference":"urn:uuid:6a1d1d48-2a3f-4c2b-9d57-2d3a0a5e6f10"}}"#,
    );
    let create = r#"{"fullUrl":"urn:uuid:6a1d1d48-2a3f-4c2b-9d57-2d3a0a5e6f10","request":{"method":"POST","url":"Organization"},"resource":{"resourceType":"Organization","name":"Ward 7"}}"#;
    let reply = process(&server, "transaction", &format!("{},{create}", entry("Patient/p1", &add))).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let patient = server.get("/fhir/Patient/p1").await.json();
    let reference = patient.get("managingOrganization").and_then(|found| found.text("reference")).expect("a reference").to_owned();
    assert!(reference.starts_with("Organization/"), "{reference}");
    assert_eq!(server.get(&format!("/fhir/{reference}")).await.status, 200);
}

#[tokio::test]
async fn tries_a_transaction_again_when_another_was_faster() {
    let server = server().await;
    server.fail(Some(crate::faulty_store::Fault::Lose(2)));
    let reply = process(&server, "transaction", &entry("Patient/p1", JSON_BINARY)).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(gender(&server).await, "female");
}
