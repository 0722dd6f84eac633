//! All ways in which a definition is written.

use super::{definition, found, put, unknown};
use crate::server::TestServer;

const JSON: (&str, &str) = ("content-type", "application/fhir+json");

fn own() -> String {
    definition("own", "Patient", "own", "string", "Patient.name.family")
}

async fn filled() -> TestServer {
    let server = TestServer::new();
    put(&server, "Patient/a", r#""name":[{"family":"Muster"}]"#).await;
    unknown(&server, "Patient?own=muster").await;
    server
}

/// Everything that writes has it in force when it answers.
#[tokio::test]
async fn write_a_definition() {
    let bundle = |kind: &str| {
        let request = r#""request":{"method":"POST","url":"SearchParameter"}"#;
        format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"resource":{},{request}}}]}}"#, own())
    };
    for (method, path, header, body) in [
        ("POST", "/fhir/SearchParameter", JSON, own()),
        ("POST", "/fhir/SearchParameter", ("if-none-exist", "code=own"), own()),
        ("PUT", "/fhir/SearchParameter/own", JSON, own()),
        ("PUT", "/fhir/SearchParameter?url=http://ward.test/SearchParameter/own", JSON, own()),
        ("POST", "/fhir", JSON, bundle("batch")),
        ("POST", "/fhir", JSON, bundle("transaction")),
    ] {
        let server = filled().await;
        let reply = server.send(method, path, &[JSON, header], body).await;
        assert!(reply.status.is_success(), "{method} {path}: {}", reply.text());
        assert_eq!(found(&server, "Patient?own=muster").await, ["a"], "{method} {path}");
    }
}

#[tokio::test]
async fn patch_and_delete_one() {
    let server = filled().await;
    let patch = async |status: &str| {
        let patch = format!(r#"[{{"op":"replace","path":"/status","value":"{status}"}}]"#);
        let reply = server.send("PATCH", "/fhir/SearchParameter/own", &[("content-type", "application/json-patch+json")], patch).await;
        assert!(reply.status.is_success(), "{}", reply.text());
    };
    assert!(server.put("/fhir/SearchParameter/own", &own().replace("active", "draft")).await.status.is_success());
    unknown(&server, "Patient?own=muster").await;
    patch("active").await;
    assert_eq!(found(&server, "Patient?own=muster").await, ["a"]);
    patch("retired").await;
    unknown(&server, "Patient?own=muster").await;
    patch("active").await;
    assert!(server.delete("/fhir/SearchParameter?url=http://ward.test/SearchParameter/own").await.status.is_success());
    unknown(&server, "Patient?own=muster").await;
}

/// What is refused in a transaction takes the whole of it along.
#[tokio::test]
async fn a_transaction_with_a_bad_one_writes_nothing() {
    let server = filled().await;
    let bad = own().replace("Patient.name.family", "Patient.nmae");
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{{"resourceType":"Patient"}},"request":{{"method":"POST","url":"Patient"}}}},{{"resource":{bad},"request":{{"method":"POST","url":"SearchParameter"}}}}]}}"#
    );
    let (place, _) = server.post("/fhir", &bundle).await.refused(422, "invalid", "WARD-0346");
    assert!(place.contains("entry[1]"), "{place}");
    assert_eq!(found(&server, "Patient").await, ["a"]);
}
