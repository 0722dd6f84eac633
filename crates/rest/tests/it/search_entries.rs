//! What an entry of a searchset says beside the resource: its score, and where in another resource it stands.

use crate::server::{Reply, TestServer};

async fn ward() -> TestServer {
    let server = TestServer::new();
    for (path, resource) in [
        ("Patient/p1", r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Meier","given":["Anna"]}],"gender":"female"}"#),
        ("Patient/p2", r#"{"resourceType":"Patient","id":"p2","name":[{"family":"Schmidt"}]}"#),
        (
            "Observation/o1",
            r#"{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"Pulse"},"subject":{"reference":"Patient/p1"}}"#,
        ),
        (
            "MedicationRequest/r1",
            r##"{"resourceType":"MedicationRequest","id":"r1","contained":[{"resourceType":"Medication","id":"m","code":{"coding":[{"code":"asp"}]}},{"resourceType":"Medication","id":"n","code":{"coding":[{"code":"ibu"}]},"manufacturer":{"reference":"#o"}},{"resourceType":"Organization","id":"o","name":"Inner"}],"status":"active","intent":"order","medicationReference":{"reference":"#m"},"subject":{"reference":"Patient/p1"},"supportingInformation":[{"reference":"#n"}]}"##,
        ),
    ] {
        let reply = server.put(&format!("/fhir/{path}"), resource).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
    }
    server
}

/// The addresses of what matches, below the endpoint, in order.
fn found(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let bundle = reply.json();
    let urls = bundle.list("entry").filter_map(|entry| entry.text("fullUrl"));
    urls.map(|url| url.trim_start_matches("http://ward.test/fhir/").to_owned()).collect()
}

#[tokio::test]
async fn scores_what_is_only_like_it() {
    let server = ward().await;
    let reply = server.get("/fhir/Patient?_like=ana%20maier").await;
    assert_eq!(found(&reply), ["Patient/p1"]);
    assert!(reply.text().contains(r#""search":{"mode":"match","score":0."#), "{}", reply.text());
    assert_eq!(found(&server.get("/fhir/Patient?_sounds=shmit").await), ["Patient/p2"]);
}

#[tokio::test]
async fn answers_contained_resources_alone() {
    let server = ward().await;
    let around = server.get("/fhir/Medication?code=asp&_contained=true").await;
    assert_eq!(found(&around), ["MedicationRequest/r1"]);
    let alone = server.get("/fhir/Medication?code=asp&_contained=true&_containedType=contained").await;
    assert_eq!(found(&alone), ["MedicationRequest/r1#m"]);
    assert_eq!(alone.json().get("total").and_then(|total| total.as_number()), Some("1"));
    for (query, expected) in [("manufacturer.name=other", ""), ("manufacturer.name=inner", "MedicationRequest/r1#n")] {
        let chained = server.get(&format!("/fhir/Medication?{query}&_contained=true&_containedType=contained")).await;
        assert_eq!(found(&chained).join(" "), expected, "{query}: {}", chained.text());
    }
    let counted = server.get("/fhir/Medication?_contained=true&_containedType=contained&_summary=count").await.text();
    assert!(counted.contains("count the resources around"), "{counted}");
    let resource = alone.json().list("entry").next().and_then(|entry| entry.get("resource").cloned()).expect("a resource");
    assert_eq!((resource.resource_type(), resource.text("id")), (Some("Medication"), Some("m")));
}
