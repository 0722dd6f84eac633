//! So many requests of a class are worked on, so many wait; the others are told to come back.

use tokio::join;

use crate::faulty_store::Fault;
use crate::server::TestServer;

fn with(http: rest::Settings) -> TestServer {
    TestServer::with(interaction::Settings::default(), http)
}

#[tokio::test]
async fn sheds_what_neither_has_a_place_nor_can_wait_for_one() {
    let server = with(rest::Settings { max_searches: 1, max_queued: 0, ..rest::Settings::default() });
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    server.fail(Some(Fault::Dawdle));
    let (first, second, read) = join!(biased; server.get("/fhir/Patient"), server.get("/fhir/Patient"), server.get("/fhir/Patient/p1"));
    assert_eq!((first.status.as_u16(), read.status.as_u16()), (200, 200), "one is worked on, and a read needs no place");
    second.refused(503, "throttled", "WARD-0518");
    assert_eq!(second.header("retry-after"), "1");
    assert_eq!(server.get("/fhir/Patient").await.status, 200, "the place is free again");
    assert!(server.get("/metrics").await.text().contains("ward_http_shed_total{class=\"searches\"} 1\n"));
}

#[tokio::test]
async fn lets_wait_as_many_as_may() {
    let server = with(rest::Settings { max_searches: 1, max_queued: 1, ..rest::Settings::default() });
    server.fail(Some(Fault::Dawdle));
    let (first, second, third) = join!(biased; server.get("/fhir/Patient"), server.get("/fhir/Patient"), server.get("/fhir/Patient"));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
    third.refused(503, "throttled", "WARD-0518");
}

#[tokio::test]
async fn lets_nobody_wait_for_ever() {
    let queue_timeout = std::time::Duration::from_millis(1);
    let server = with(rest::Settings { max_searches: 1, queue_timeout, ..rest::Settings::default() });
    server.fail(Some(Fault::Hold));
    let (first, second) = join!(biased; server.get("/fhir/Patient"), async {
        let second = server.get("/fhir/Patient").await;
        server.fail(None);
        second
    });
    assert_eq!(first.status, 200);
    second.refused(503, "throttled", "WARD-0518");
}

#[tokio::test]
async fn classes_do_not_wait_for_each_other() {
    let server = with(rest::Settings { max_searches: 1, max_queued: 0, ..rest::Settings::default() });
    server.fail(Some(Fault::Dawdle));
    let transaction = r#"{"resourceType":"Bundle","type":"transaction"}"#;
    let (search, write, operation, bundle) = join!(biased;
        server.get("/fhir/Patient"),
        server.post("/fhir/Patient", r#"{"resourceType":"Patient"}"#),
        server.get("/fhir/$meta"),
        server.post("/fhir", transaction)
    );
    let statuses = [search, write, operation, bundle].map(|reply| reply.status.as_u16());
    assert_eq!(statuses, [200, 201, 200, 200]);
}
