//! Heads that never come as far as the routes are refused with an OperationOutcome too.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::server::TestServer;
use crate::socket::{exchange, serve};

#[tokio::test]
async fn tells_what_is_wrong_with_a_head() {
    let server = TestServer::new();
    let served = serve(&server).await;
    let many: String = (0..200).map(|number| format!("x-{number}: y\r\n")).collect();
    for (head, status, number) in [
        (format!("GET /health/live HTTP/1.1\r\nhost: a\r\n{many}\r\n"), "431", "WARD-0519"),
        (format!("GET /health/live HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "y".repeat(200_000)), "431", "WARD-0519"),
        (format!("GET /fhir/Patient?name={} HTTP/1.1\r\nhost: a\r\n\r\n", "x".repeat(100_000)), "414", "WARD-0511"),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), "400", "WARD-0520"),
        ("what is this\r\n\r\n".to_owned(), "400", "WARD-0520"),
    ] {
        let mut stream = TcpStream::connect(served.address).await.expect("connected");
        let answer = exchange(&mut stream, &head).await;
        let begin = &head[..head.len().min(40)];
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{begin}: {answer}");
        assert!(answer.contains("\"resourceType\":\"OperationOutcome\"") && answer.contains(number), "{begin}: {answer}");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.contains(&format!("content-length: {}", body.len())), "{answer}");
    }
}

#[tokio::test]
async fn answers_what_came_before_as_it_is() {
    let server = TestServer::new();
    let served = serve(&server).await;
    let mut stream = TcpStream::connect(served.address).await.expect("connected");
    let answer = exchange(&mut stream, "GET /fhir/Patient/none HTTP/1.1\r\nhost: a\r\n\r\nwhat is this\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("HTTP/1.1 400"), "{answer}");
}

#[tokio::test]
async fn there_are_only_so_many_long_heads_at_a_time() {
    let http = rest::Settings { head_memory_bytes: 64 << 10, ..Default::default() };
    let server = TestServer::with(interaction::Settings::default(), http);
    let served = serve(&server).await;
    let long = format!("GET /health/live HTTP/1.1\r\nhost: a\r\nx: {}", "y".repeat(60_000));
    let mut held = TcpStream::connect(served.address).await.expect("connected");
    held.write_all(long.as_bytes()).await.expect("sent");
    while !server.get("/metrics").await.text().contains("purpose=\"heads\"} 6") {
        tokio::task::yield_now().await;
    }
    let mut other = TcpStream::connect(served.address).await.expect("connected");
    let _ = other.write_all(long.as_bytes()).await;
    let mut told = Vec::new();
    let _ = other.read_to_end(&mut told).await;
    let told = String::from_utf8_lossy(&told);
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 503") && told.contains("WARD-0518"), "{told}");
    let mut short = TcpStream::connect(served.address).await.expect("connected");
    assert!(exchange(&mut short, "GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    assert!(exchange(&mut held, "\r\n\r\n").await.starts_with("HTTP/1.1 200"), "the first goes on");
}
