//! So many connections are open; those that ask nothing give way to those that do.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::server::TestServer;
use crate::socket::{Served, exchange, serve};

const GET: &str = "GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n";

/// The beginning of a request that is not finished.
const BEGUN: &str = "POST /fhir/Patient HTTP/1.1\r\nhost: a\r\ncontent-type: application/fhir+json\r\ncontent-length: 100\r\n\r\n{";

async fn two_at_once() -> (TestServer, Served) {
    let server = TestServer::with(interaction::Settings::default(), rest::Settings { max_connections: 2, ..Default::default() });
    let served = serve(&server).await;
    (server, served)
}

async fn connect(served: &Served) -> TcpStream {
    TcpStream::connect(served.address).await.expect("connected")
}

async fn until_begun(server: &TestServer, requests: usize) {
    let line = format!("ward_http_requests_in_flight {requests}\n");
    while !server.get("/metrics").await.text().contains(&line) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn who_comes_when_all_are_busy_is_told_to_come_back() {
    let (server, served) = two_at_once().await;
    let (mut first, mut second) = (connect(&served).await, connect(&served).await);
    for stream in [&mut first, &mut second] {
        stream.write_all(BEGUN.as_bytes()).await.expect("sent");
    }
    until_begun(&server, 2).await;
    let mut third = connect(&served).await;
    let mut answer = String::new();
    third.read_to_string(&mut answer).await.expect("an answer, and the end");
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("\r\nretry-after: 1\r\n") && answer.contains("WARD-0518"), "{answer}");
    drop(first);
    while !exchange(&mut connect(&served).await, GET).await.starts_with("HTTP/1.1 200") {}
}

#[tokio::test]
async fn who_asks_nothing_for_the_longest_gives_way() {
    let (_server, served) = two_at_once().await;
    let mut first = connect(&served).await;
    assert!(exchange(&mut first, GET).await.starts_with("HTTP/1.1 200"));
    let mut second = connect(&served).await;
    assert!(exchange(&mut second, GET).await.starts_with("HTTP/1.1 200"));
    // Before one of them has been quiet for a second, it is refused.
    while !exchange(&mut connect(&served).await, GET).await.starts_with("HTTP/1.1 200") {}
    assert_eq!(first.read(&mut [0; 1]).await.unwrap_or(0), 0, "the first was ended");
    assert!(exchange(&mut second, GET).await.starts_with("HTTP/1.1 200"), "the second was not");
}

#[tokio::test]
async fn who_asks_nothing_for_too_long_is_ended() {
    let http = rest::Settings { idle_timeout: Duration::from_millis(10), ..Default::default() };
    let server = TestServer::with(interaction::Settings::default(), http);
    let served = serve(&server).await;
    let (mut silent, mut idle) = (connect(&served).await, connect(&served).await);
    let _ = exchange(&mut idle, GET).await;
    for stream in [&mut silent, &mut idle] {
        let ended = tokio::time::timeout(Duration::from_secs(60), stream.read(&mut [0; 1])).await;
        assert_eq!(ended.expect("it is ended").unwrap_or(0), 0);
    }
}
