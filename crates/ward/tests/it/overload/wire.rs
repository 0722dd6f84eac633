//! HTTP/1.1 as bytes, so that it can be spoken badly.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// What is held by clients that stall.
#[derive(Clone, Copy)]
pub struct Held {
    /// So many send a body of `body_bytes`, but for its end.
    pub bodies: usize,
    pub body_bytes: usize,
    /// So many ask for a large page, and do not read it.
    pub readers: usize,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

/// Connects. A client that reads slowly has a small buffer, so that the system does not read for it.
pub async fn connect(address: &str, reads_slowly: bool) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if reads_slowly {
        socket.set_recv_buffer_size(4096)?;
    }
    let address = address.parse().map_err(io::Error::other)?;
    tokio::time::timeout(Duration::from_secs(20), socket.connect(address)).await?
}

pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes()
}

pub fn post_head(path: &str, length: usize, more: &str) -> Vec<u8> {
    format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/fhir+json\r\ncontent-length: {length}\r\n{more}\r\n")
        .into_bytes()
}

pub fn post(path: &str, body: &[u8], more: &str) -> Vec<u8> {
    [post_head(path, body.len(), more).as_slice(), body].concat()
}

/// Sends a request, and reads its whole answer.
pub async fn exchange(stream: &mut TcpStream, request: &[u8]) -> io::Result<Answer> {
    stream.write_all(request).await?;
    answer(stream).await
}

/// Reads a whole answer.
pub async fn answer(stream: &mut TcpStream) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).to_ascii_lowercase();
    let status = head.get(9..12).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok()).unwrap_or(0);
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(Answer { status, head, body: bytes.split_off(head_end) })
}
