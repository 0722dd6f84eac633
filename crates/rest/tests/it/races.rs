//! Many clients at once: one wins, and everybody is told why.

use std::sync::Arc;

use crate::faulty_store::Fault;
use crate::server::{Reply, TestServer};

const CLIENTS: usize = 64;

async fn all_at_once<F>(server: &Arc<TestServer>, send: impl Fn(Arc<TestServer>) -> F) -> Vec<Reply>
where
    F: Future<Output = Reply> + Send + 'static,
{
    let tasks: Vec<_> = (0..CLIENTS).map(|_| tokio::spawn(send(server.clone()))).collect();
    let mut replies = Vec::new();
    for task in tasks {
        replies.push(task.await.expect("no panic"));
    }
    replies
}

fn with_status(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_conditional_create_creates() {
    let server = Arc::new(TestServer::new());
    server.fail(Some(Fault::Dawdle));
    let replies = all_at_once(&server, |server| async move {
        let headers = [("content-type", "application/json"), ("if-none-exist", "identifier=http://h|1")];
        let patient = r#"{"resourceType":"Patient","identifier":[{"system":"http://h","value":"1"}]}"#;
        server.send("POST", "/fhir/Patient", &headers, patient).await
    })
    .await;
    assert_eq!((with_status(&replies, 201), with_status(&replies, 200)), (1, CLIENTS - 1));
    assert_eq!(server.get("/fhir/Patient").await.entries().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_update_of_a_version_updates() {
    let server = Arc::new(TestServer::new());
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    let replies = all_at_once(&server, |server| async move {
        let headers = [("content-type", "application/json"), ("if-match", "W/\"1\"")];
        server.send("PUT", "/fhir/Patient/p1", &headers, r#"{"resourceType":"Patient","id":"p1","active":true}"#).await
    })
    .await;
    assert_eq!((with_status(&replies, 200), with_status(&replies, 412)), (1, CLIENTS - 1));
    assert_eq!(server.get("/fhir/Patient/p1").await.header("etag"), "W/\"2\"");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_transaction_creates() {
    let server = Arc::new(TestServer::new());
    server.fail(Some(Fault::Dawdle));
    let replies = all_at_once(&server, |server| async move {
        let bundle = r#"{"resourceType":"Bundle","type":"transaction","entry":[
            {"fullUrl":"urn:uuid:a","request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=http://h|1"},"resource":{"resourceType":"Patient","identifier":[{"system":"http://h","value":"1"}]}},
            {"request":{"method":"POST","url":"Flag"},"resource":{"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"reference":"urn:uuid:a"}}}]}"#;
        server.post("/fhir", bundle).await
    })
    .await;
    assert_eq!(with_status(&replies, 200), CLIENTS);
    let patients = server.get("/fhir/Patient").await.entries();
    assert_eq!(patients.len(), 1);
    assert_eq!(server.get(&format!("/fhir/Flag?_count=100&subject={}", patients[0])).await.entries().len(), CLIENTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reference_and_the_deletion_of_its_target_exclude_each_other() {
    let settings = interaction::Settings { delete_referenced: interaction::DeleteReferenced::Refuse, ..interaction::Settings::default() };
    let server = Arc::new(TestServer::with(settings, rest::Settings::default()));
    for round in 0..50 {
        let patient = format!("/fhir/Patient/p{round}");
        server.put(&patient, &format!(r#"{{"resourceType":"Patient","id":"p{round}"}}"#)).await;
        let flag =
            format!(r#"{{"resourceType":"Flag","status":"active","code":{{"text":"x"}},"subject":{{"reference":"Patient/p{round}"}}}}"#);
        let (referring, deleting) = (server.clone(), server.clone());
        let refer = tokio::spawn(async move { referring.post("/fhir/Flag", &flag).await });
        let delete = tokio::spawn(async move { deleting.delete(&patient).await });
        let (refer, delete) = (refer.await.expect("no panic"), delete.await.expect("no panic"));
        assert!(matches!((refer.status.as_u16(), delete.status.as_u16()), (201, 409) | (422, 204)), "{refer:?} {delete:?}");
    }
}
