//! Over a real socket: HTTP/1.1, HTTP/2, pipelining, compression, timeouts, draining.

use std::io::Read;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Version};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::server::TestServer;

pub(crate) struct Served {
    pub(crate) address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<std::io::Result<bool>>,
}

pub(crate) async fn serve(server: &TestServer) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let shutdown = async {
        let _ = stopped.await;
    };
    let done = tokio::spawn(rest::serve(listener, server.router.clone(), server.app.clone(), shutdown));
    Served { address, stop, done }
}

/// Sends text as it is, and reads until the server closes or nothing has come for a while.
pub(crate) async fn exchange(stream: &mut TcpStream, text: &str) -> String {
    stream.write_all(text.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let mut buffer = vec![0; 65536];
    while let Ok(Ok(read @ 1..)) = tokio::time::timeout(Duration::from_millis(300), stream.read(&mut buffer)).await {
        answer.extend_from_slice(&buffer[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn answers_pipelined_requests_in_order() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    let served = serve(&server).await;
    let mut stream = TcpStream::connect(served.address).await.expect("connected");
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
    let answer = exchange(&mut stream, &format!("{}{}{}", get("/fhir/Patient/p1"), get("/fhir/Patient/none"), get("/health/live"))).await;
    let statuses: Vec<_> = answer.match_indices("HTTP/1.1 ").map(|(at, _)| answer[at + 9..at + 12].to_owned()).collect();
    assert_eq!(statuses, ["200", "404", "200"], "{answer}");
}

#[tokio::test]
async fn speaks_http2_to_those_who_know() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    let served = serve(&server).await;
    let stream = TcpStream::connect(served.address).await.expect("connected");
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
    tokio::spawn(connection);
    let requests = (0..50).map(|_| {
        let url = format!("http://{}/fhir/Patient/p1", served.address);
        sender.send_request(Request::get(url).body(Empty::<Bytes>::new()).expect("a request"))
    });
    for answer in futures_util::future::join_all(requests).await {
        let answer = answer.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_2));
        assert!(answer.into_body().collect().await.expect("a body").to_bytes().starts_with(b"{\"resourceType\":\"Patient\""));
    }
}

#[tokio::test]
async fn compresses_for_those_who_ask() {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    let served = serve(&server).await;
    for (encoding, path, compressed) in [
        ("gzip", "/fhir/metadata", true),
        ("br", "/fhir/metadata", true),
        ("zstd", "/fhir/metadata", true),
        ("gzip", "/fhir/Patient/p1", false),
    ] {
        let stream = TcpStream::connect(served.address).await.expect("connected");
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("HTTP/1.1");
        tokio::spawn(connection);
        let request = Request::get(path).header("host", "a").header("accept-encoding", encoding).body(Empty::<Bytes>::new());
        let answer = sender.send_request(request.expect("a request")).await.expect("an answer");
        let found = answer.headers().get("content-encoding").map(|value| value.to_str().expect("plain").to_owned());
        assert_eq!(found, compressed.then(|| encoding.to_owned()), "{path}");
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        if encoding == "gzip" && compressed {
            let mut text = String::new();
            flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut text).expect("gzip");
            assert!(text.starts_with("{\"resourceType\":\"CapabilityStatement\"") && text.len() > 4 * body.len());
        }
    }
}

#[tokio::test]
async fn survives_those_who_do_not_speak_http() {
    let server = TestServer::new();
    let served = serve(&server).await;
    for rubbish in ["\0\0\0\0\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /fhir/\0 HTTP/1.1\r\nhost: a\r\n\r\n", "GET /a b c HTTP/1.1\r\n\r\n"]
    {
        let mut stream = TcpStream::connect(served.address).await.expect("connected");
        let answer = exchange(&mut stream, rubbish).await;
        assert!(answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.0 4"), "{rubbish:?}: {answer}");
    }
    for length in [64_001, 65_000, 100_000] {
        let mut stream = TcpStream::connect(served.address).await.expect("connected");
        let long = format!("GET /fhir/Patient?name={} HTTP/1.1\r\nhost: a\r\n\r\n", "x".repeat(length));
        let answer = exchange(&mut stream, &long).await;
        // Beyond 64 KiB the connection's own parser refuses it, which knows no FHIR.
        assert!(answer.starts_with("HTTP/1.1 414") && (length > 65_534 || answer.contains("WARD-0511")), "{length}: {answer}");
    }
    let mut stream = TcpStream::connect(served.address).await.expect("connected");
    assert!(exchange(&mut stream, "GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn gives_up_on_heads_and_bodies_that_do_not_come() {
    let short = Duration::from_millis(100);
    let http = rest::Settings { head_timeout: short, body_timeout: short, ..rest::Settings::default() };
    let server = TestServer::with(interaction::Settings::default(), http);
    let served = serve(&server).await;
    let mut stream = TcpStream::connect(served.address).await.expect("connected");
    stream.write_all(b"GET /health/live HTTP/1.1\r\nhost:").await.expect("sent");
    let closed = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut Vec::new())).await;
    assert!(closed.is_ok(), "the connection is closed");
    let mut stream = TcpStream::connect(served.address).await.expect("connected");
    let head = "POST /fhir/Patient HTTP/1.1\r\nhost: a\r\ncontent-type: application/fhir+json\r\ncontent-length: 100\r\n\r\n{";
    let answer = exchange(&mut stream, head).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("WARD-0508"), "{answer}");
}

#[tokio::test]
async fn tells_a_client_that_sends_too_much_while_it_sends() {
    let server = TestServer::new();
    let served = serve(&server).await;
    let mut stream = TcpStream::connect(served.address).await.expect("connected");
    let head = "POST /fhir/Patient HTTP/1.1\r\nhost: a\r\ncontent-type: application/fhir+json\r\ncontent-length: 20000000\r\n\r\n";
    // All of it is sent before anything is read, as simple clients do.
    let answer = exchange(&mut stream, &format!("{head}{}", "x".repeat(20_000_000))).await;
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("WARD-0504"), "{answer}");
    let mut waiting = TcpStream::connect(served.address).await.expect("connected");
    let answer = exchange(&mut waiting, &head.replace("host: a", "host: a\r\nexpect: 100-continue")).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "told at once, and not to go on: {answer}");
}

#[tokio::test]
async fn lets_requests_in_flight_finish_when_it_stops() {
    let server = TestServer::new();
    let served = serve(&server).await;
    let mut busy = TcpStream::connect(served.address).await.expect("connected");
    let body = r#"{"resourceType":"Patient","id":"p1"}"#;
    let head =
        format!("PUT /fhir/Patient/p1 HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    busy.write_all(head.as_bytes()).await.expect("sent");
    let mut idle = TcpStream::connect(served.address).await.expect("connected");
    assert!(exchange(&mut idle, "GET /health/ready HTTP/1.1\r\nhost: a\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    served.stop.send(()).expect("still serving");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(TcpStream::connect(served.address).await.is_err(), "no new connections");
    assert!(!served.done.is_finished(), "it waits for the one in flight");
    assert!(exchange(&mut busy, body).await.starts_with("HTTP/1.1 201"));
    let ended = tokio::time::timeout(Duration::from_secs(5), served.done).await.expect("it ends").expect("without panic");
    assert!(ended.expect("without error"), "nothing was cut off");
}
