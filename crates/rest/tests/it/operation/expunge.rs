//! `$expunge` and `Patient/[id]/$purge`.

use interaction::Settings;

use crate::server::{Reply, TestServer};

fn open() -> TestServer {
    TestServer::with(Settings { erase: true, ..Settings::default() }, rest::Settings::default())
}

async fn put(server: &TestServer, path: &str, rest: &str) {
    let (kind, id) = path.split_once('/').expect("a type and an id");
    let reply = server.put(&format!("/fhir/{path}"), &format!(r#"{{"resourceType":"{kind}","id":"{id}"{rest}}}"#)).await;
    assert!(reply.status.is_success(), "{path}: {}", reply.text());
}

async fn ask(server: &TestServer, path: &str, parameter: &str) -> Reply {
    let body = format!(r#"{{"resourceType":"Parameters","parameter":[{parameter}]}}"#);
    server.post(&format!("/fhir/{path}"), &body).await
}

const FORCE: &str = r#"{"name":"force","valueBoolean":true}"#;

#[tokio::test]
async fn is_closed_unless_set_so() {
    let server = TestServer::new();
    put(&server, "Patient/p1", "").await;
    for path in ["Patient/p1/$expunge", "Patient/p1/$purge"] {
        let (_, remedy) = ask(&server, path, "").await.refused(403, "forbidden", "WARD-0455");
        assert!(remedy.contains("erase"), "{remedy}");
    }
    assert_eq!(server.get("/fhir/Patient/p1").await.status, 200);
}

#[tokio::test]
async fn expunge_leaves_nothing() {
    let server = open();
    put(&server, "Patient/p1", "").await;
    put(&server, "Patient/p1", r#","active":true"#).await;
    server.delete("/fhir/Patient/p1").await;
    server.get("/fhir/Patient/p1").await.refused(410, "deleted", "WARD-0402");
    let reply = ask(&server, "Patient/p1/$expunge", "").await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.text(), r#"{"resourceType":"Parameters","parameter":[{"name":"count","valueInteger":3}]}"#);
    for path in ["Patient/p1", "Patient/p1/_history", "Patient/p1/_history/1"] {
        assert_eq!(server.get(&format!("/fhir/{path}")).await.status, 404, "{path}");
    }
    let history = server.get("/fhir/Patient/_history").await;
    assert_eq!(
        history.json().get("total").and_then(fhir::Value::as_str),
        server.get("/fhir/_history").await.json().get("total").and_then(fhir::Value::as_str)
    );
    assert_eq!(history.entries(), Vec::<String>::new());
    ask(&server, "Patient/p1/$expunge", "").await.refused(404, "not-found", "WARD-0400");
    let again = server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (201, "W/\"4\""), "no version number comes twice");
}

#[tokio::test]
async fn expunge_may_take_the_past_alone() {
    let server = open();
    put(&server, "Patient/p1", "").await;
    put(&server, "Patient/p1", r#","active":true"#).await;
    put(&server, "Condition/c1", r#","subject":{"reference":"Patient/p1"}"#).await;
    let past = r#"{"name":"expungePreviousVersions","valueBoolean":true}"#;
    assert_eq!(ask(&server, "Patient/p1/$expunge", past).await.status, 200);
    assert_eq!(server.get("/fhir/Patient/p1").await.status, 200);
    assert_eq!(server.get("/fhir/Patient/p1/_history/1").await.status, 404);
    assert_eq!(server.get("/fhir/Patient/p1/_history").await.entries(), ["Patient/p1"]);
}

#[tokio::test]
async fn expunge_minds_references_and_if_match() {
    let server = open();
    put(&server, "Patient/p1", "").await;
    put(&server, "Condition/c1", r#","subject":{"reference":"Patient/p1"}"#).await;
    let (_, remedy) = ask(&server, "Patient/p1/$expunge", "").await.refused(409, "conflict", "WARD-0412");
    assert!(remedy.contains("Condition/c1"), "{remedy}");
    let headers = [("content-type", "application/fhir+json"), ("if-match", "W/\"7\"")];
    let body = format!(r#"{{"resourceType":"Parameters","parameter":[{FORCE}]}}"#);
    server.send("POST", "/fhir/Patient/p1/$expunge", &headers, body).await.refused(412, "conflict", "WARD-0408");
    assert_eq!(ask(&server, "Patient/p1/$expunge", FORCE).await.status, 200);
    assert_eq!(server.get("/fhir/Patient/p1").await.status, 404);
    assert_eq!(server.get("/fhir/Condition/c1").await.status, 200);
}

/// A patient with a record, another one, and an appointment of both.
async fn hospital(server: &TestServer) {
    put(server, "Practitioner/d1", "").await;
    put(server, "Patient/p1", r#","generalPractitioner":[{"reference":"Practitioner/d1"}]"#).await;
    put(server, "Patient/p2", "").await;
    put(server, "Encounter/e1", r#","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p1"}"#).await;
    for number in 0..130 {
        let rest = r#","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"}"#;
        put(server, &format!("Observation/o{number}"), rest).await;
    }
    put(server, "Condition/c2", r#","subject":{"reference":"Patient/p2"}"#).await;
}

#[tokio::test]
async fn purge_takes_the_whole_record_and_no_more() {
    let server = open();
    hospital(&server).await;
    let reply = ask(&server, "Patient/p1/$purge", "").await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json_number().as_deref(), Some("WARD-0456"));
    assert!(reply.text().contains("132 resources with 132 versions"), "{}", reply.text());
    for path in ["Patient/p1", "Encounter/e1", "Observation/o0", "Observation/o129"] {
        assert_eq!(server.get(&format!("/fhir/{path}")).await.status, 404, "{path}");
    }
    for path in ["Patient/p2", "Condition/c2", "Practitioner/d1"] {
        assert_eq!(server.get(&format!("/fhir/{path}")).await.status, 200, "{path}");
    }
    assert_eq!(server.get("/fhir/_history?_count=100").await.entries().len(), 3);
    ask(&server, "Patient/p1/$purge", "").await.refused(404, "not-found", "WARD-0400");
}

#[tokio::test]
async fn purge_leaves_what_is_another_patients_too() {
    let server = open();
    hospital(&server).await;
    let members =
        r#","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/p1"}},{"entity":{"reference":"Patient/p2"}}]"#;
    put(&server, "Group/g1", members).await;
    let (_, remedy) = ask(&server, "Patient/p1/$purge", "").await.refused(409, "conflict", "WARD-0412");
    assert!(remedy.contains("Group/g1"), "{remedy}");
    assert_eq!(server.get("/fhir/Observation/o0").await.status, 200, "nothing is erased when it is refused");
    assert_eq!(ask(&server, "Patient/p1/$purge", FORCE).await.status, 200);
    assert_eq!(server.get("/fhir/Patient/p1").await.status, 404);
    assert_eq!(server.get("/fhir/Group/g1").await.status, 200);
}
