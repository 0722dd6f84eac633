//! The memory of bodies and answers is bounded in sum, and given back.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;

use crate::server::{Reply, TestServer};
use crate::socket::serve;

const JSON: (&str, &str) = ("content-type", "application/fhir+json");

/// A server with a megabyte for large bodies and for answers.
fn small(stall_timeout: Duration) -> TestServer {
    let queue_timeout = Duration::from_millis(50);
    let http =
        rest::Settings { body_memory_bytes: 1 << 20, answer_memory_bytes: 1 << 20, queue_timeout, stall_timeout, ..Default::default() };
    TestServer::with(interaction::Settings::default(), http)
}

/// A body of so many bytes of which all but the last come.
fn unfinished(bytes: usize) -> Body {
    let sent = Bytes::from(vec![b' '; bytes - 1]);
    Body::from_stream(stream::iter([Ok::<_, std::io::Error>(sent)]).chain(stream::pending()))
}

async fn taken_bytes(server: &TestServer, purpose: &str) -> u64 {
    let text = server.get("/metrics").await.text();
    let name = format!("ward_http_memory_bytes{{purpose=\"{purpose}\"}} ");
    text.lines().find_map(|line| line.strip_prefix(&name)).expect("the metric").parse().expect("a number")
}

fn patient(bytes: usize) -> String {
    format!(r#"{{"resourceType":"Patient","name":[{{"text":"{}"}}]}}"#, "x".repeat(bytes))
}

#[tokio::test]
async fn a_large_body_waits_for_room_and_a_small_one_does_not() {
    let server = small(Duration::from_secs(3600));
    let headers = [JSON, ("content-length", "900000")];
    let held = server.send("POST", "/fhir/Patient", &headers, unfinished(900_000));
    let others = async {
        let length = (300_000 + 50).to_string();
        let large = server.send("POST", "/fhir/Patient", &[JSON, ("content-length", &length)], patient(300_000)).await;
        let small = server.post("/fhir/Patient", r#"{"resourceType":"Patient"}"#).await;
        (large, small, taken_bytes(&server, "bodies").await)
    };
    let (large, small, taken) = tokio::select! { biased; held = held => panic!("{held:?}"), others = others => others };
    large.refused(503, "throttled", "WARD-0518");
    assert_eq!(large.header("retry-after"), "1");
    assert_eq!((small.status.as_u16(), taken), (201, 900_096));
    assert_eq!(taken_bytes(&server, "bodies").await, 0, "a client that is gone holds nothing");
    assert_eq!(server.post("/fhir/Patient", &patient(300_000)).await.status, 201, "there is room again");
}

#[tokio::test]
async fn a_body_that_stalls_is_given_up() {
    let server = small(Duration::from_millis(50));
    let reply: Reply = server.send("POST", "/fhir/Patient", &[JSON], unfinished(900_000)).await;
    reply.refused(408, "timeout", "WARD-0508");
    assert_eq!(taken_bytes(&server, "bodies").await, 0);
}

#[tokio::test]
async fn bombs_and_chunks_take_no_more_than_there_is() {
    use std::io::Write;
    let server = small(Duration::from_secs(3600));
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&vec![b' '; 1_500_000]).expect("a vector takes it");
    let bomb = encoder.finish().expect("a vector takes it");
    let headers = [JSON, ("content-length", "900000")];
    let held = server.send("POST", "/fhir/Patient", &headers, unfinished(900_000));
    let others = async {
        let bomb = server.send("POST", "/fhir/Patient", &[JSON, ("content-encoding", "gzip")], bomb.clone()).await;
        let pieces: Vec<_> = (0..20).map(|_| Ok::<_, std::io::Error>(vec![b' '; 50_000])).collect();
        let chunks = server.send("POST", "/fhir/Patient", &[JSON], Body::from_stream(stream::iter(pieces))).await;
        (bomb, chunks)
    };
    let (bomb, chunks) = tokio::select! { biased; held = held => panic!("{held:?}"), others = others => others };
    bomb.refused(503, "throttled", "WARD-0518");
    chunks.refused(503, "throttled", "WARD-0518");
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let server = small(Duration::from_millis(100));
    let name = format!(r#"{{"text":"{}"}}"#, "x".repeat(1_000_000));
    let patient = format!(r#"{{"resourceType":"Patient","id":"large","name":[{}]}}"#, vec![name; 15].join(","));
    assert_eq!(server.put("/fhir/Patient/large", &patient).await.status, 201);
    let served = serve(&server).await;
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    let mut stream = socket.connect(served.address).await.expect("connected");
    stream.write_all(b"GET /fhir/Patient/large HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("sent");
    // More than all of it takes all of it.
    while taken_bytes(&server, "answers").await < 1 << 20 {
        tokio::task::yield_now().await;
    }
    server.get("/fhir/Patient/large").await.refused(503, "throttled", "WARD-0518");
    let given_back = async {
        while taken_bytes(&server, "answers").await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), given_back).await.expect("the connection is ended, and its memory given back");
}
