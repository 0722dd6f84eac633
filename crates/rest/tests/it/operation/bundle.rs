//! Operations as entries of batches and transactions.

use crate::server::TestServer;

const META: &str = r#"{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"code":"x"}]}}]}"#;

#[tokio::test]
async fn a_batch_does_them_all() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    let batch = format!(
        r#"{{"resourceType":"Bundle","type":"batch","entry":[
          {{"request":{{"method":"GET","url":"Patient/p1/$everything?_count=5"}}}},
          {{"request":{{"method":"POST","url":"Patient/p1/$meta-add"}},"resource":{META}}},
          {{"request":{{"method":"POST","url":"http://ward.test/fhir/Patient/$validate"}},"resource":{{"resourceType":"Patient"}}}},
          {{"request":{{"method":"GET","url":"Patient/p1/$meta-add"}}}},
          {{"request":{{"method":"GET","url":"Patient/p1/$evrything"}}}},
          {{"request":{{"method":"GET","url":"$versions?x=1"}}}},
          {{"request":{{"method":"PUT","url":"Patient/p1/$meta"}},"resource":{{"resourceType":"Patient","id":"p1"}}}},
          {{"request":{{"method":"GET","url":"Patient/p1/_history/1/$meta"}}}}
        ]}}"#
    );
    let reply = server.post("/fhir", &batch).await;
    let told: Vec<_> = reply.responses().iter().map(|(status, code)| (status[..3].to_owned(), code.clone())).collect();
    let expected = [
        ("200", ""),
        ("200", ""),
        ("200", ""),
        ("405", "WARD-0448"),
        ("404", "WARD-0441"),
        ("400", "WARD-0442"),
        ("400", "WARD-0434"),
        ("200", ""),
    ];
    assert_eq!(told, expected.map(|(status, code)| (status.to_owned(), code.to_owned())));
    let kinds: Vec<_> = reply.entries().iter().map(|entry| entry.split('/').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(kinds, ["Bundle", "Parameters", "OperationOutcome", "Parameters"]);
    assert_eq!(server.get("/fhir/Patient?_tag=x").await.entries(), ["Patient/p1"]);
}

#[tokio::test]
async fn a_transaction_does_those_that_change_nothing_after_its_commit() {
    let server = TestServer::new();
    let transaction = |entry: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"transaction","entry":[{entry},{{"request":{{"method":"PUT","url":"Patient/p1"}},"resource":{{"resourceType":"Patient","id":"p1"}}}}]}}"#
        )
    };
    let refused = server
        .post("/fhir", &transaction(&format!(r#"{{"request":{{"method":"POST","url":"Patient/p1/$meta-add"}},"resource":{META}}}"#)))
        .await;
    let (place, _) = refused.refused(400, "not-supported", "WARD-0433");
    assert!(place.starts_with("Bundle.entry[0].request"), "{place}");
    let refused = server.post("/fhir", &transaction(r#"{"request":{"method":"GET","url":"Patient/p1/$everything?_count=x"}}"#)).await;
    refused.refused(400, "value", "WARD-0444");
    server.post("/fhir", &transaction(r#"{"request":{"method":"GET","url":"$nothing"}}"#)).await.refused(404, "not-supported", "WARD-0441");
    server.get("/fhir/Patient/p1").await.refused(404, "not-found", "WARD-0400");
    let reply = server.post("/fhir", &transaction(r#"{"request":{"method":"GET","url":"Patient/p1/$everything"}}"#)).await;
    let statuses: Vec<_> = reply.responses().into_iter().map(|(status, _)| status).collect();
    assert_eq!(statuses, ["200 OK", "201 Created"]);
    let bundle = reply.json();
    let everything = bundle.list("entry").next().and_then(|entry| entry.get("resource")).expect("a Bundle").clone();
    assert_eq!(everything.list("entry").count(), 1);
}
