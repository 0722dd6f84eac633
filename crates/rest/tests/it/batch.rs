//! `POST /fhir` with a Bundle of type batch.

use std::time::Duration;

use interaction::Settings;

use crate::server::TestServer;

const BATCH: &str = r#"{"resourceType":"Bundle","type":"batch","entry":[
  {"request":{"method":"PUT","url":"Patient/p1"},"resource":{"resourceType":"Patient","id":"p1"}},
  {"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient","birthDate":"soon"}},
  {"request":{"method":"GET","url":"Patient/none"}},
  {"request":{"method":"TRACE","url":"Patient/p1"}},
  {"request":{"method":"GET","url":"Nothing/p1"}},
  {"resource":{"resourceType":"Patient"}},
  {"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient","active":true}},
  {"request":{"method":"DELETE","url":"Patient/never"}}
]}"#;

#[tokio::test]
async fn does_each_entry_on_its_own() {
    let server = TestServer::new();
    let reply = server.post("/fhir", BATCH).await;
    assert_eq!((reply.status.as_u16(), reply.json().text("type")), (200, Some("batch-response")));
    let responses = reply.responses();
    let told: Vec<_> = responses.iter().map(|(status, code)| (&status[..3], code.as_str())).collect();
    assert_eq!(
        told,
        [
            ("201", ""),
            ("400", "WARD-0112"),
            ("404", "WARD-0400"),
            ("400", "WARD-0433"),
            ("400", "WARD-0434"),
            ("400", "WARD-0432"),
            ("201", ""),
            ("204", ""),
        ]
    );
    assert_eq!(server.get("/fhir/Patient/p1").await.status, 200);
}

#[tokio::test]
async fn reads_and_searches() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1","active":true}"#).await;
    let batch = r#"{"resourceType":"Bundle","type":"batch","entry":[
      {"request":{"method":"GET","url":"Patient/p1"}},
      {"request":{"method":"GET","url":"Patient/p1","ifNoneMatch":"W/\"1\""}},
      {"request":{"method":"GET","url":"/Patient?active=true"}},
      {"request":{"method":"GET","url":"http://ward.test/fhir/Patient/p1/_history/1"}},
      {"request":{"method":"GET","url":"Patient/p1/_history"}},
      {"request":{"method":"GET","url":"metadata"}}
    ]}"#;
    let reply = server.post("/fhir", batch).await;
    let statuses: Vec<_> = reply.responses().into_iter().map(|(status, _)| status).collect();
    assert_eq!(statuses, ["200 OK", "304 Not Modified", "200 OK", "200 OK", "200 OK", "200 OK"]);
    let kinds: Vec<_> = reply.entries().iter().map(|entry| entry.split('/').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(kinds, ["Patient", "Bundle", "Patient", "Bundle", "CapabilityStatement"]);
}

#[tokio::test]
async fn refuses_what_is_no_batch() {
    let server = TestServer::new();
    server.post("/fhir", r#"{"resourceType":"Patient"}"#).await.refused(400, "invalid", "WARD-0430");
    server.post("/fhir", r#"{"resourceType":"Bundle","type":"searchset"}"#).await.refused(400, "invalid", "WARD-0430");
    server.post("/fhir/", r#"{"resourceType":"Bundle"}"#).await.refused(400, "invalid", "WARD-0430");
    let reply = server.post("/fhir", r#"{"resourceType":"Bundle","type":"batch"}"#).await;
    assert_eq!((reply.status.as_u16(), reply.text().as_str()), (200, r#"{"resourceType":"Bundle","type":"batch-response"}"#));
    let settings = Settings { max_bundle_entries: 7, ..Settings::default() };
    let server = TestServer::with(settings, rest::Settings::default());
    server.post("/fhir", BATCH).await.refused(400, "too-costly", "WARD-0431");
}

/// A write and two reads of one resource, which are done in this order in a batch as well.
fn writes_and_reads(kind: &str) -> String {
    let read = r#"{"request":{"method":"GET","url":"Patient/p1"}}"#;
    let write = r#"{"request":{"method":"PUT","url":"Patient/p1"},"resource":{"resourceType":"Patient","id":"p1"}}"#;
    format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{write},{read},{read}]}}"#)
}

#[tokio::test]
async fn answers_no_more_than_the_settings_allow() {
    for kind in ["batch", "transaction"] {
        let settings = Settings { bundle_answer_bytes: 1, ..Settings::default() };
        let server = TestServer::with(settings, rest::Settings::default());
        let reply = server.post("/fhir", &writes_and_reads(kind)).await;
        let told: Vec<_> = reply.responses().iter().map(|(status, code)| format!("{} {code}", &status[..3])).collect();
        assert_eq!(told, ["201 ", "200 ", "400 WARD-0422"], "{kind}");
        let reply = server
            .send(
                "POST",
                "/fhir",
                &[("content-type", "application/fhir+json"), ("prefer", "return=representation")],
                writes_and_reads(kind),
            )
            .await;
        assert_eq!(reply.entries(), ["Patient/p1"], "{kind}: what was written is left out");
    }
}

#[tokio::test]
async fn begins_nothing_when_the_time_is_over() {
    let settings = Settings { bundle_time: Duration::ZERO, ..Settings::default() };
    let server = TestServer::with(settings, rest::Settings::default());
    let told: Vec<_> = server.post("/fhir", &writes_and_reads("batch")).await.responses().into_iter().map(|(_, code)| code).collect();
    assert_eq!(told, ["WARD-0422"; 3]);
    assert_eq!(server.get("/fhir/Patient/p1").await.status, 404);
}

#[tokio::test]
async fn refuses_conditions_that_have_no_meaning_with_the_method() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    for (request, place) in [
        (r#""method":"DELETE","url":"Patient/p1","ifNoneMatch":"*""#, "ifNoneMatch"),
        (r#""method":"GET","url":"Patient/p1","ifMatch":"W/\"1\"""#, "ifMatch"),
        (r#""method":"DELETE","url":"Patient/p1","ifNoneExist":"_id=p1""#, "ifNoneExist"),
    ] {
        let bundle = |kind| format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"request":{{{request}}}}}]}}"#);
        let reply = server.post("/fhir", &bundle("batch")).await.text();
        assert!(reply.contains("WARD-0471") && reply.contains(&format!("Bundle.entry[0].request.{place}")), "{reply}");
        server.post("/fhir", &bundle("transaction")).await.refused(400, "not-supported", "WARD-0471");
    }
    assert_eq!(server.get("/fhir/Patient/p1").await.status, 200);
}

#[tokio::test]
async fn refuses_references_to_other_entries() {
    let server = TestServer::new();
    let bundle = r#"{"resourceType":"Bundle","type":"batch","entry":[
        {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient"}},
        {"request":{"method":"POST","url":"Observation"},"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},
         "subject":{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"}}}]}"#;
    let reply = server.post("/fhir", bundle).await.text();
    assert!(reply.contains("201 Created") && reply.contains("WARD-0472"), "{reply}");
    assert!(reply.contains("Bundle.entry[1].resource.subject.reference"), "{reply}");
    assert_eq!(server.get("/fhir/Observation?_summary=count").await.json().get("total"), Some(&0u64.into()));
}
