//! `GET …/_history`.

use fhir::Value;

use crate::server::TestServer;

async fn three_versions() -> TestServer {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    server.advance_ms(60_000);
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1","active":true}"#).await;
    server.put("/fhir/Group/g1", r#"{"resourceType":"Group","id":"g1","type":"person","actual":true}"#).await;
    server.advance_ms(60_000);
    server.delete("/fhir/Patient/p1").await;
    server
}

#[tokio::test]
async fn lists_the_versions_newest_first() {
    let server = three_versions().await;
    let reply = server.get("/fhir/Patient/p1/_history").await;
    let bundle = reply.json();
    assert_eq!((bundle.text("type"), bundle.get("total").and_then(Value::as_number)), (Some("history"), Some("3")));
    let told: Vec<_> = bundle
        .list("entry")
        .map(|entry| {
            let (request, response) = (entry.get("request").expect("request"), entry.get("response").expect("response"));
            (request.text("method"), request.text("url"), response.text("status"), response.text("etag"), entry.get("resource").is_some())
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("DELETE"), Some("Patient/p1"), Some("204 No Content"), Some("W/\"3\""), false),
            (Some("PUT"), Some("Patient/p1"), Some("200 OK"), Some("W/\"2\""), true),
            (Some("POST"), Some("Patient"), Some("201 Created"), Some("W/\"1\""), true),
        ]
    );
    assert_eq!(bundle.list("entry").next().and_then(|entry| entry.text("fullUrl")), Some("http://ward.test/fhir/Patient/p1"));
}

#[tokio::test]
async fn pages_and_narrows() {
    let server = three_versions().await;
    let page = server.get("/fhir/Patient/p1/_history?_count=2").await;
    assert_eq!(page.json().list("entry").count(), 2);
    let next = page.link("next").expect("a next page");
    let last = server.get(next.strip_prefix("http://ward.test").expect("its own address")).await;
    assert_eq!((last.entries(), last.link("next")), (vec!["Patient/p1".to_owned()], None));
    let since = server.get("/fhir/Patient/p1/_history?_since=2026-11-21T08:01:00Z").await;
    assert_eq!(since.json().list("entry").count(), 2);
    assert_eq!(server.get("/fhir/Patient/_history").await.json().list("entry").count(), 3);
    assert_eq!(server.get("/fhir/_history").await.json().list("entry").count(), 4);
}

#[tokio::test]
async fn refuses_what_it_does_not_know() {
    let server = three_versions().await;
    server.get("/fhir/Patient/p1/_history?_since=soon").await.refused(400, "value", "WARD-0440");
    server.get("/fhir/Patient/p1/_history?_list=42").await.refused(400, "value", "WARD-0440");
    server.get("/fhir/Patient/p1/_history?_sort=_lastUpdated").await.refused(400, "value", "WARD-0440");
    server.get("/fhir/Patient/p1/_history?_count=1&_count=2").await.refused(400, "value", "WARD-0440");
    server.get("/fhir/Patient/p1/_history?name=x").await.refused(400, "value", "WARD-0440");
    server.get("/fhir/Patient/p1/_history?_count=-1").await.refused(400, "value", "WARD-0440");
    server.get("/fhir/Patient/none/_history").await.refused(404, "not-found", "WARD-0400");
}

#[tokio::test]
async fn lists_what_was_current_at_a_time() {
    let server = three_versions().await;
    let at = async |path: &str, at: &str| {
        let reply = server.get(&format!("/fhir{path}/_history?_at={at}")).await;
        let bundle = reply.json();
        let versions = bundle.list("entry").filter_map(|entry| Some(entry.get("response")?.text("etag")?.to_owned()));
        versions.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(at("/Patient/p1", "2026-11-21T08:00:30Z").await, "W/\"1\"");
    assert_eq!(at("/Patient/p1", "2026-11-21T08:01:30Z").await, "W/\"2\"");
    assert_eq!(at("/Patient/p1", "2026-11-21T08:02:30Z").await, "");
    assert_eq!(at("/Patient/p1", "2026-11-21").await, "W/\"3\" W/\"2\" W/\"1\"");
    assert_eq!(at("/Patient/p1", "2026-11-20").await, "");
    assert_eq!(at("", "2026-11-21T08:01:30Z").await, "W/\"1\" W/\"2\"");
    let page = server.get("/fhir/_history?_at=2026-11-21&_count=3&_sort=-_lastUpdated").await;
    assert_eq!((page.json().list("entry").count(), page.json().get("total").and_then(Value::as_number)), (3, Some("4")));
    let next = page.link("next").expect("a next page");
    let last = server.get(next.strip_prefix("http://ward.test").expect("its own address")).await;
    assert_eq!((last.json().list("entry").count(), last.link("next")), (1, None));
}

#[tokio::test]
async fn keeps_the_history_of_what_is_gone() {
    let server = three_versions().await;
    let history = server.get("/fhir/Patient/p1/_history").await;
    assert_eq!((history.status.as_u16(), history.json().list("entry").count()), (200, 3));
    let only_total = server.get("/fhir/Patient/p1/_history?_count=0").await.json();
    assert_eq!((only_total.get("total").and_then(Value::as_number), only_total.list("entry").count()), (Some("3"), 0));
}
