//! `$meta`, `$meta-add`, `$meta-delete`.

use std::sync::Arc;

use fhir::Value;

use crate::server::{Reply, TestServer};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","meta":{"profile":["http://p/1"],"tag":[{"system":"http://t","code":"a","display":"A"}]},"active":true}"#;

fn parameters(meta: &str) -> String {
    format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"meta","valueMeta":{meta}}}]}}"#)
}

fn meta(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let body = reply.json();
    assert_eq!(body.resource_type(), Some("Parameters"));
    let parameter = body.list("parameter").next().expect("a parameter").clone();
    assert_eq!(parameter.text("name"), Some("return"));
    parameter.get("valueMeta").expect("a Meta").clone()
}

fn codes(meta: &Value, list: &str) -> Vec<String> {
    meta.list(list).map(|item| item.as_str().or(item.text("code")).unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn tells_the_meta_of_a_resource_and_of_a_version() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    let reply = server.get("/fhir/Patient/p1/$meta").await;
    assert_eq!((meta(&reply).text("versionId"), reply.header("etag")), (Some("2"), "W/\"2\""));
    let first = meta(&server.post("/fhir/Patient/p1/_history/1/$meta", "").await);
    assert_eq!(
        (first.text("versionId"), codes(&first, "tag"), codes(&first, "profile")),
        (Some("1"), vec!["a".into()], vec!["http://p/1".into()])
    );
    server.get("/fhir/Patient/none/$meta").await.refused(404, "not-found", "WARD-0400");
    server.get("/fhir/Patient/p1/_history/7/$meta").await.refused(404, "not-found", "WARD-0401");
    server.delete("/fhir/Patient/p1").await;
    server.get("/fhir/Patient/p1/$meta").await.refused(410, "deleted", "WARD-0402");
}

#[tokio::test]
async fn tells_what_is_in_use() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    server.put("/fhir/Patient/p2", &PATIENT.replace("p1", "p2").replace(r#""code":"a""#, r#""code":"b""#)).await;
    server
        .post("/fhir/Basic", r#"{"resourceType":"Basic","code":{"text":"x"},"meta":{"security":[{"system":"http://s","code":"R"}]}}"#)
        .await;
    let patients = meta(&server.get("/fhir/Patient/$meta").await);
    assert_eq!((codes(&patients, "tag"), codes(&patients, "security")), (vec!["a".to_owned(), "b".to_owned()], Vec::new()));
    assert!(patients.get("versionId").is_none());
    let all = meta(&server.get("/fhir/$meta").await);
    assert_eq!((codes(&all, "tag").len(), codes(&all, "security"), codes(&all, "profile").len()), (2, vec!["R".to_owned()], 1));
    assert_eq!(
        server.get("/fhir/Group/$meta").await.text(),
        r#"{"resourceType":"Parameters","parameter":[{"name":"return","valueMeta":{}}]}"#
    );
}

#[tokio::test]
async fn adds_each_label_once_and_takes_labels_out() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    let asked = r#"{"tag":[{"system":"http://t","code":"a","display":"other"},{"system":"http://t","code":"b"}],"security":[{"code":"R"}],"profile":["http://p/1","http://p/2"]}"#;
    let reply = server.post("/fhir/Patient/p1/$meta-add", &parameters(asked)).await;
    let after = meta(&reply);
    assert_eq!(reply.header("etag"), "W/\"2\"");
    assert_eq!(
        (codes(&after, "tag"), codes(&after, "security"), codes(&after, "profile").len()),
        (vec!["a".into(), "b".into()], vec!["R".into()], 2)
    );
    let read = server.get("/fhir/Patient/p1").await.json();
    assert_eq!((read.get("meta"), read.get("active").and_then(Value::as_bool)), (Some(&after), Some(true)));
    assert_eq!(server.get("/fhir/Patient?_tag=http://t|b").await.entries(), ["Patient/p1"]);
    let again = server.post("/fhir/Patient/p1/$meta-add", &parameters(asked)).await;
    assert_eq!((again.header("etag"), meta(&again)), ("W/\"2\"", after));
    let asked = r#"{"tag":[{"system":"http://t","code":"a"},{"system":"http://t","code":"none"}],"profile":["http://p/1","http://p/2"]}"#;
    let after = meta(&server.post("/fhir/Patient/p1/$meta-delete", &parameters(asked)).await);
    assert_eq!((codes(&after, "tag"), after.get("profile"), after.text("versionId")), (vec!["b".into()], None, Some("3")));
}

#[tokio::test]
async fn minds_conditions_and_refuses_what_is_not_there() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", PATIENT).await;
    let asked = parameters(r#"{"tag":[{"code":"z"}]}"#);
    let headers = [("content-type", "application/fhir+json"), ("if-match", "W/\"7\"")];
    server.send("POST", "/fhir/Patient/p1/$meta-add", &headers, asked.clone()).await.refused(412, "conflict", "WARD-0408");
    let headers = [("content-type", "application/fhir+json"), ("if-match", "W/\"1\"")];
    assert_eq!(server.send("POST", "/fhir/Patient/p1/$meta-add", &headers, asked.clone()).await.header("etag"), "W/\"2\"");
    server.post("/fhir/Patient/none/$meta-add", &asked).await.refused(404, "not-found", "WARD-0400");
    let reply = server.get("/fhir/Patient/p1/$meta-add").await;
    reply.refused(405, "not-supported", "WARD-0510");
    assert_eq!(reply.header("allow"), "POST,OPTIONS");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_label_is_lost_when_many_add_at_once() {
    const CLIENTS: usize = 32;
    let server = Arc::new(TestServer::new());
    server.put("/fhir/Patient/p1", PATIENT).await;
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let server = server.clone();
            let asked = parameters(&format!(r#"{{"tag":[{{"system":"http://t","code":"c{client}"}}]}}"#));
            tokio::spawn(async move { server.post("/fhir/Patient/p1/$meta-add", &asked).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.expect("no panic").status, 200);
    }
    let after = meta(&server.get("/fhir/Patient/p1/$meta").await);
    assert_eq!((codes(&after, "tag").len(), after.text("versionId")), (CLIENTS + 1, Some("33")));
}
