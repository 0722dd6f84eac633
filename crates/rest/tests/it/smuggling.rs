//! Requests that two servers could read as different ones, over raw sockets: a proxy before this one must never see another request than it.

use tokio::net::TcpStream;

use crate::server::TestServer;
use crate::socket::{exchange, serve};

const HIDDEN: &str = "GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n";

/// The status of each answer.
fn answers(answer: &str) -> Vec<&str> {
    let statuses = answer.match_indices("HTTP/1.").filter_map(|(at, _)| answer.get(at + 9..at + 12));
    statuses.filter(|status| status.bytes().all(|byte| byte.is_ascii_digit())).collect()
}

/// Heads that are refused, each with what is wrong with it.
const REFUSED: [(&str, &str); 22] = [
    ("lengths that contradict", "content-length: 4\r\ncontent-length: 5\r\n"),
    ("a list of lengths", "content-length: 4, 5\r\n"),
    ("a length with a sign", "content-length: +4\r\n"),
    ("a length below zero", "content-length: -1\r\n"),
    ("a length in hexadecimals", "content-length: 0x4\r\n"),
    ("a length too large", "content-length: 99999999999999999999\r\n"),
    ("an empty length", "content-length:\r\n"),
    ("a length with a space in it", "content-length: 1 2\r\n"),
    ("an unknown transfer coding", "transfer-encoding: xchunked\r\n"),
    ("chunked that is not the last", "transfer-encoding: chunked, identity\r\n"),
    ("a coding after chunked", "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n"),
    ("a vertical tab in a coding", "transfer-encoding: \x0bchunked\r\n"),
    ("a space before the colon", "content-length : 4\r\n"),
    ("a tab before the colon", "transfer-encoding\t: chunked\r\n"),
    ("a name folded away", "x: y\r\n content-length: 4\r\n"),
    ("a tab that folds", "x: y\r\n\ttransfer-encoding: chunked\r\n"),
    ("a zero byte in a value", "x: a\0b\r\n"),
    ("a bare CR in a value", "x: a\rcontent-length: 4\r\n"),
    ("a bare CR that ends a line", "x: a\r\rcontent-length: 4\r\n"),
    ("a name with a space", "x y: z\r\n"),
    ("a line without a colon", "nothing\r\n"),
    ("an empty name", ": z\r\n"),
];

#[tokio::test]
async fn refuses_heads_that_can_be_read_in_two_ways() {
    let server = TestServer::new();
    let served = serve(&server).await;
    for (what, head) in REFUSED {
        let mut stream = TcpStream::connect(served.address).await.expect("connected");
        let text = format!("POST /fhir/Patient HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{head}\r\n{HIDDEN}");
        let answer = exchange(&mut stream, &text).await;
        let statuses = answers(&answer);
        assert!(statuses.len() == 1 && statuses[0].starts_with('4'), "{what}: {answer}");
    }
}

#[tokio::test]
async fn refuses_lines_that_end_in_half_a_line_break() {
    let server = TestServer::new();
    let served = serve(&server).await;
    for text in [
        "GET /health/live HTTP/1.1\nhost: a\n\n",
        "GET /health/live HTTP/1.1\r\nhost: a\nx: y\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nhost: a\r\nx: y\n\r\n",
        "GET /health/live HTTP/1.1\r\nhost: a\r\n\n",
        "GET /health/live HTTP/1.1\rhost: a\r\r",
    ] {
        let mut stream = TcpStream::connect(served.address).await.expect("connected");
        let answer = exchange(&mut stream, &format!("{text}{HIDDEN}")).await;
        assert_eq!(answers(&answer), ["400"], "{text:?}: {answer}");
    }
    let mut stream = TcpStream::connect(served.address).await.expect("connected");
    for part in ["GET /health/live HTTP/1.1\r", "\nhost: a\r\n", "x: y\r\n\r", "\n"] {
        tokio::io::AsyncWriteExt::write_all(&mut stream, part.as_bytes()).await.expect("sent");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(answers(&exchange(&mut stream, "").await), ["200"], "a line break may come in two pieces");
}

#[tokio::test]
async fn takes_nothing_behind_a_body_whose_end_is_told_in_two_ways() {
    let server = TestServer::new();
    let served = serve(&server).await;
    for head in [
        "content-length: 6\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 6\r\n",
        "transfer-encoding: chunked\r\n",
        "Transfer-Encoding: CHUNKED\r\n",
    ] {
        let mut stream = TcpStream::connect(served.address).await.expect("connected");
        let text = format!("POST /fhir/Patient HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{head}\r\n0\r\n\r\n{HIDDEN}");
        let answer = exchange(&mut stream, &text).await;
        assert_eq!(answers(&answer), ["400"], "{head}: {answer}");
        assert!(answer.contains("WARD-0501"), "{answer}");
    }
}

#[tokio::test]
async fn takes_nothing_behind_chunks_that_are_broken() {
    let server = TestServer::new();
    let served = serve(&server).await;
    for chunks in
        ["0x1\r\n{\r\n0\r\n\r\n", "-1\r\n{\r\n", "1\r\n{0\r\n\r\n", "ffffffffffffffff1\r\n{", "z\r\n", "1;\n{\r\n0\r\n\r\n", "\r\n"]
    {
        let mut stream = TcpStream::connect(served.address).await.expect("connected");
        let head = "POST /fhir/Patient HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        let answer = exchange(&mut stream, &format!("{head}{chunks}{HIDDEN}")).await;
        let statuses = answers(&answer);
        assert!(statuses.len() <= 1 && statuses.iter().all(|status| status.starts_with('4')), "{chunks:?}: {answer}");
    }
}

#[tokio::test]
async fn takes_no_request_for_two_hosts_or_none() {
    let server = TestServer::new();
    let served = serve(&server).await;
    let address = served.address;
    for (text, status) in [
        ("GET /health/live HTTP/1.1\r\n\r\n", "400"),
        ("GET /health/live HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", "400"),
        ("GET /health/live HTTP/1.1\r\nhost: a\r\nHost: a\r\n\r\n", "400"),
        ("GET /health/live HTTP/1.1\r\nhost: a, b\r\n\r\n", "400"),
        ("GET /health/live HTTP/1.1\r\nhost: user@a\r\n\r\n", "400"),
        ("GET /health/live HTTP/1.1\r\nhost: a/b\r\n\r\n", "400"),
        ("GET http://b/health/live HTTP/1.1\r\nhost: a\r\n\r\n", "400"),
        ("GET http://a/health/live HTTP/1.1\r\nhost: A\r\n\r\n", "200"),
        ("GET /health/live HTTP/1.0\r\n\r\n", "200"),
        ("GET /health/live HTTP/1.1\r\nhost: [::1]:8080\r\n\r\n", "200"),
        ("CONNECT b:80 HTTP/1.1\r\nhost: b:80\r\n\r\n", "404"),
    ] {
        let mut stream = TcpStream::connect(address).await.expect("connected");
        let answer = exchange(&mut stream, text).await;
        assert_eq!(answers(&answer), [status], "{text:?}: {answer}");
        assert!(status != "400" || (answer.contains("WARD-0528") && answer.contains("connection: close")), "{answer}");
    }
}

#[tokio::test]
async fn puts_nothing_into_a_head_that_came_from_outside() {
    let server = TestServer::new();
    let served = serve(&server).await;
    for path in ["/fhir/Patient/a%0d%0aset-cookie:%20a=b", "/fhir/Patient?_id=%0d%0aset-cookie:%20a=b", "/%0aset-cookie:%20a=b"] {
        let mut stream = TcpStream::connect(served.address).await.expect("connected");
        let answer = exchange(&mut stream, &format!("GET {path} HTTP/1.1\r\nhost: a\r\nx-request-id: a b\r\n\r\n")).await;
        let head = answer.split("\r\n\r\n").next().unwrap_or_default();
        assert!(!head.to_ascii_lowercase().contains("\nset-cookie") && !head.contains("x-request-id: a b"), "{answer}");
    }
    let content = r#"{"resourceType":"Binary","id":"b1","contentType":"text/html\r\nset-cookie: a=b","data":"aGVsbG8="}"#;
    let reply = server.put("/fhir/Binary/b1", content).await;
    let read = server.get("/fhir/Binary/b1").await;
    assert!(!read.headers.contains_key("set-cookie"), "{}", reply.status);
}
