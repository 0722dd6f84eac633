//! Many patches of one resource at once.

use std::sync::Arc;

use super::{JSON_PATCH, PATIENT, server};
use crate::faulty_store::Fault;

/// Each adds an identifier at the end: whoever comes first, none is lost, unless it is told so.
#[tokio::test(flavor = "multi_thread")]
async fn loses_no_patch_that_was_acknowledged() {
    let server = Arc::new(server().await);
    let mut tasks = Vec::new();
    for number in 0..16 {
        let server = server.clone();
        tasks.push(tokio::spawn(async move {
            let body = format!(r#"[{{"op":"add","path":"/identifier/-","value":{{"value":"n{number}"}}}}]"#);
            let headers = [("content-type", JSON_PATCH)];
            (number, server.send("PATCH", "/fhir/Patient/p1", &headers, body).await)
        }));
    }
    let mut done = 0;
    for task in tasks {
        let (number, reply) = task.await.expect("no panic");
        let now = server.get("/fhir/Patient/p1").await.text();
        match reply.status.as_u16() {
            200 => {
                done += 1;
                assert!(now.contains(&format!("\"n{number}\"")), "{now}");
            }
            409 => assert!(!now.contains(&format!("\"n{number}\"")), "{now}"),
            _ => panic!("{}", reply.text()),
        }
    }
    assert!(done > 0);
    assert_eq!(server.get("/fhir/Patient/p1").await.json().list("identifier").count(), 1 + done);
}

#[tokio::test]
async fn tries_again_a_few_times() {
    let server = server().await;
    let send = async || {
        let headers = [("content-type", JSON_PATCH)];
        server.send("PATCH", "/fhir/Patient/p1", &headers, r#"[{"op":"add","path":"/active","value":true}]"#).await
    };
    server.fail(Some(Fault::Lose(3)));
    assert_eq!(send().await.status, 200);
    server.fail(Some(Fault::Lose(100)));
    send().await.refused(409, "transient", "WARD-0438");
    server.fail(None);
    assert_eq!(server.put("/fhir/Patient/p1", PATIENT).await.header("etag"), "W/\"3\"");
}
