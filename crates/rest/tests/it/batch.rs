//! `POST /fhir` with a Bundle of type batch.

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
