//! One connection: a request goes out, the whole answer comes in.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection, opened when it is needed and again after it broke.
pub struct Connection {
    address: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
    body_at: usize,
}

impl Connection {
    /// A connection that is not open yet.
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), stream: None, buffer: Vec::new(), body_at: 0 }
    }

    /// Opens it, unless it is open. Whether it is open then.
    pub async fn open(&mut self) -> bool {
        if self.stream.is_none() {
            self.stream = TcpStream::connect(&self.address).await.ok();
        }
        self.stream.as_ref().is_some_and(|stream| stream.set_nodelay(true).is_ok())
    }

    /// Sends a request and reads the whole answer: its status, or `None` when the connection broke.
    pub async fn exchange(&mut self, request: &[u8]) -> Option<u16> {
        let answered = if self.open().await { self.try_exchange(request).await } else { None };
        if answered.is_none() {
            self.stream = None;
        }
        answered
    }

    /// The body of the last answer.
    pub fn body(&self) -> &[u8] {
        self.buffer.get(self.body_at..).unwrap_or_default()
    }

    async fn try_exchange(&mut self, request: &[u8]) -> Option<u16> {
        let stream = self.stream.as_mut()?;
        let buffer = &mut self.buffer;
        stream.write_all(request).await.ok()?;
        buffer.clear();
        let head_end = loop {
            if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(buffer).await.ok()? == 0 {
                return None;
            }
        };
        let head = std::str::from_utf8(&buffer[..head_end]).ok()?;
        let status = head.get(9..12)?.parse().ok()?;
        let length = head
            .lines()
            .find_map(|line| line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length")))
            .map_or(Some(0), |(_, value)| value.trim().parse::<usize>().ok())?;
        while buffer.len() < head_end + length {
            if stream.read_buf(buffer).await.ok()? == 0 {
                return None;
            }
        }
        self.body_at = head_end;
        Some(status)
    }
}
