//! A small HTTP/1.1 client: one connection a request.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        let found = self.head.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.trim())
    }

    /// The body as a tree.
    pub fn json(&self) -> fhir::Value {
        fhir::json::parse(&self.body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }
}

/// Sends a request; `None` when the connection breaks before the whole answer is there.
pub fn try_send(address: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(120))).ok()?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let head_end = answer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8(answer[..head_end].to_vec()).ok()?;
    let status = head.get(9..12)?.parse().ok()?;
    let body = answer.split_off(head_end);
    // The answer to HEAD says how long the one to GET would be.
    let body = if method == "HEAD" { body } else { unchunked(&head, body)? };
    Some(Answer { status, head, body })
}

/// The body, checked to be complete.
fn unchunked(head: &str, body: Vec<u8>) -> Option<Vec<u8>> {
    let lower = head.to_ascii_lowercase();
    if !lower.contains("transfer-encoding: chunked") {
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length:")).map(|text| text.trim().parse::<usize>());
        return length.is_none_or(|length| length == Ok(body.len())).then_some(body);
    }
    let mut whole = Vec::new();
    let mut rest = body.as_slice();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(end + 2..end + 2 + size)?);
        rest = rest.get(end + 4 + size..)?;
    }
}

/// A client that keeps its connection: for many requests.
pub struct Client {
    address: String,
    stream: TcpStream,
}

impl Client {
    /// Connects.
    pub fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("the option can be set");
        stream.set_read_timeout(Some(Duration::from_secs(120))).expect("the option can be set");
        Self { address: address.to_owned(), stream }
    }

    /// Sends a request, and expects a whole answer with a length.
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n", self.address, body.len());
        headers.iter().for_each(|(name, value)| request.push_str(&format!("{name}: {value}\r\n")));
        let whole = [request.as_bytes(), b"\r\n", body].concat();
        self.stream.write_all(&whole).expect("the request is sent");
        let (mut answer, mut buffer) = (Vec::new(), [0; 65_536]);
        let head_end = loop {
            if let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            answer.extend_from_slice(self.read(&mut buffer));
        };
        let head = String::from_utf8(answer[..head_end].to_vec()).expect("a head is text");
        let status = head[9..12].parse().expect("a status");
        let mut whole = Answer { status, head, body: answer.split_off(head_end) };
        let length = whole.header("content-length").parse().unwrap_or(0);
        while whole.body.len() < length {
            whole.body.extend_from_slice(self.read(&mut buffer));
        }
        assert_eq!(whole.body.len(), length, "{method} {path}: the answer has its length");
        whole
    }

    fn read<'a>(&mut self, buffer: &'a mut [u8]) -> &'a [u8] {
        let count = self.stream.read(buffer).expect("the answer is read");
        assert!(count > 0, "the connection ended within an answer");
        &buffer[..count]
    }
}
