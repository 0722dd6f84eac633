//! `$graph`.

use crate::server::{Reply, TestServer};

async fn ward() -> TestServer {
    let server = TestServer::new();
    for (path, rest) in [
        ("Practitioner/d1", r#""active":true"#),
        ("Organization/o1", r#""name":"Ward""#),
        ("Patient/p1", r#""generalPractitioner":[{"reference":"Practitioner/d1"},{"reference":"Organization/o1"}]"#),
        (
            "Observation/a",
            r#""status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"},"performer":[{"reference":"Practitioner/d1"}]"#,
        ),
        ("Observation/b", r#""status":"amended","code":{"text":"x"},"subject":{"reference":"Patient/p1"}"#),
    ] {
        let (kind, id) = path.split_once('/').expect("a type and an id");
        let reply = server.put(&format!("/fhir/{path}"), &format!(r#"{{"resourceType":"{kind}","id":"{id}",{rest}}}"#)).await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text());
    }
    server
}

async fn graph(server: &TestServer, start: &str, links: &str) -> Reply {
    let graph = format!(
        r#"{{"resourceType":"GraphDefinition","id":"g","url":"http://g/one","version":"2","name":"G","status":"active","start":"{start}","link":[{links}]}}"#
    );
    let stored = server.put("/fhir/GraphDefinition/g", &graph).await;
    assert!(stored.status.is_success(), "{}", stored.text());
    server.get("/fhir/Patient/p1/$graph?graph=http://g/one").await
}

fn found(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let body = reply.json();
    assert_eq!(fhir::check::check(&body), []);
    let result = body.list("parameter").next().expect("a parameter").clone();
    assert_eq!(result.text("name"), Some("result"));
    let bundle = result.get("resource").expect("a Bundle");
    assert_eq!(bundle.text("type"), Some("collection"));
    let name = |entry: &fhir::Value| {
        entry.text("fullUrl").and_then(|url| url.strip_prefix("http://ward.test/fhir/")).expect("an address").to_owned()
    };
    bundle.list("entry").map(name).collect()
}

const BACKWARD: &str = r#"{"target":[{"type":"Observation","params":"subject={ref}&status=final","link":[{"path":"Observation.performer","target":[{"type":"Practitioner"}]}]}]}"#;

#[tokio::test]
async fn follows_paths_and_searches() {
    let server = ward().await;
    let forward = r#"{"path":"Patient.generalPractitioner","target":[{"type":"Organization"}]}"#;
    assert_eq!(found(&graph(&server, "Patient", forward).await), ["Patient/p1", "Organization/o1"]);
    assert_eq!(found(&graph(&server, "Patient", BACKWARD).await), ["Patient/p1", "Observation/a", "Practitioner/d1"]);
    let both = format!("{forward},{BACKWARD}");
    assert_eq!(found(&graph(&server, "Patient", &both).await).len(), 4);
    for name in ["http://g/one|2", "GraphDefinition/g", "http://ward.test/fhir/GraphDefinition/g"] {
        assert_eq!(found(&server.get(&format!("/fhir/Patient/p1/$graph?graph={name}")).await).len(), 4, "{name}");
    }
}

#[tokio::test]
async fn refuses_graphs_that_cannot_be_followed() {
    let server = ward().await;
    server.get("/fhir/Patient/p1/$graph?graph=http://g/none").await.refused(400, "not-found", "WARD-0454");
    server.get("/fhir/Patient/p1/$graph").await.refused(400, "required", "WARD-0443");
    server.get("/fhir/Patient/none/$graph?graph=http://g/one").await.refused(404, "not-found", "WARD-0400");
    let broken = |links: &'static str, code: &'static str, number: &'static str, place: &'static str| {
        let server = &server;
        async move {
            let refused = graph(server, "Patient", links).await;
            assert_eq!(refused.refused(422, code, number).0, place, "{links}");
        }
    };
    broken(r#"{"path":"Patient.name.where(","target":[{"type":"Patient"}]}"#, "invalid", "WARD-0454", "GraphDefinition.link[0].path").await;
    broken(r#"{"target":[{"type":"Observation"}]}"#, "required", "WARD-0454", "GraphDefinition.link[0].target[0].params").await;
    broken(
        r#"{"target":[{"type":"Observation","params":"subjet={ref}"}]}"#,
        "not-supported",
        "WARD-0300",
        "GraphDefinition.link[0].target[0].params",
    )
    .await;
    broken(
        r#"{"path":"Patient.managingOrganization","min":1,"target":[{"type":"Organization"}]}"#,
        "business-rule",
        "WARD-0454",
        "GraphDefinition.link[0]",
    )
    .await;
    broken(
        r#"{"max":"1","target":[{"type":"Observation","params":"subject={ref}"}]}"#,
        "business-rule",
        "WARD-0454",
        "GraphDefinition.link[0]",
    )
    .await;
    let rules = r#"{"path":"Patient.generalPractitioner","target":[{"type":"Practitioner","compartment":[{"use":"requirement","code":"Patient","rule":"identical"}]}]}"#;
    broken(rules, "not-supported", "WARD-0454", "GraphDefinition.link[0].target").await;
    graph(&server, "Observation", BACKWARD).await.refused(400, "invalid", "WARD-0454");
    server.get("/fhir/Patient/p1/$graph?graph=http://g/one|9").await.refused(400, "not-found", "WARD-0454");
}
