//! `GET /fhir?…`, `POST /fhir/_search`, `GET /fhir/Patient/1/Observation?…`; pages back, scores, contained resources alone.

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
            r##"{"resourceType":"MedicationRequest","id":"r1","contained":[{"resourceType":"Medication","id":"m","code":{"coding":[{"code":"asp"}]}},{"resourceType":"Medication","id":"n","code":{"coding":[{"code":"ibu"}]}}],"status":"active","intent":"order","medicationReference":{"reference":"#m"},"subject":{"reference":"Patient/p1"},"supportingInformation":[{"reference":"#n"}]}"##,
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
async fn searches_the_whole_system() {
    let server = ward().await;
    let reply = server.get("/fhir?_type=Patient,Observation&_sort=_id").await;
    assert_eq!(found(&reply), ["Observation/o1", "Patient/p1", "Patient/p2"]);
    assert_eq!(reply.link("self").as_deref(), Some("http://ward.test/fhir?_type=Patient,Observation&_sort=_id"));
    assert_eq!(found(&server.get("/fhir/?_id=p1,r1&_sort=_id").await), ["Patient/p1", "MedicationRequest/r1"]);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let posted = server.send("POST", "/fhir/_search", &form, "_type=Patient&name=meier".to_owned()).await;
    assert_eq!(found(&posted), ["Patient/p1"]);
    server.get("/fhir?name=x").await.refused(400, "not-supported", "WARD-0300");
}

#[tokio::test]
async fn searches_compartments() {
    let server = ward().await;
    assert_eq!(found(&server.get("/fhir/Patient/p1/Observation").await), ["Observation/o1"]);
    let all = server.get("/fhir/Patient/p1/*?_sort=_id").await;
    assert_eq!(found(&all), ["Observation/o1", "Patient/p1", "MedicationRequest/r1"]);
    assert_eq!(all.link("self").as_deref(), Some("http://ward.test/fhir/Patient/p1/*?_sort=_id"));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let posted = server.send("POST", "/fhir/Patient/p1/Observation/_search", &form, "status=final".to_owned()).await;
    assert_eq!(found(&posted), ["Observation/o1"]);
    server.get("/fhir/Patient/p1/Location").await.refused(404, "not-found", "WARD-0342");
    server.get("/fhir/Location/p1/Patient").await.refused(404, "not-found", "WARD-0342");
    server.get("/fhir/Patient/p1/Observations").await.refused(404, "not-supported", "WARD-0403");
}

#[tokio::test]
async fn pages_lead_forth_and_back() {
    let server = ward().await;
    let follow = |link: Option<String>| link.expect("a link").trim_start_matches("http://ward.test").to_owned();
    let first = server.get("/fhir/Patient?_sort=_id&_count=1").await;
    assert_eq!((found(&first), first.link("prev")), (vec!["Patient/p1".to_owned()], None));
    let second = server.get(&follow(first.link("next"))).await;
    assert_eq!(found(&second), ["Patient/p2"]);
    assert_eq!(found(&server.get(&follow(second.link("prev"))).await), ["Patient/p1"]);
    assert_eq!(found(&server.get(&follow(second.link("first"))).await), ["Patient/p1"]);
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
    let resource = alone.json().list("entry").next().and_then(|entry| entry.get("resource").cloned()).expect("a resource");
    assert_eq!((resource.resource_type(), resource.text("id")), (Some("Medication"), Some("m")));
}
