//! A small HTTP/1.1 load generator: so many connections, each one request after the other, for so long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a run of load measured.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Answers with a status below 300, a second.
    pub rate: f64,
    /// Other answers and broken connections.
    pub errors: u64,
    /// All but one in a hundred answers came within this many microseconds.
    pub p99_us: u64,
}

/// Makes the `n`-th request of a run: the whole text of an HTTP request.
pub type MakeRequest = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// Sends requests to `address` over `connections` connections for `seconds`, after a second of warming up.
pub async fn run(address: &str, connections: usize, seconds: f64, make: MakeRequest) -> Measured {
    let shared = Arc::new(Shared { next: AtomicU64::new(0), counting: AtomicBool::new(false), stop: AtomicBool::new(false) });
    let tasks: Vec<_> = (0..connections).map(|_| tokio::spawn(connection(address.to_owned(), make.clone(), shared.clone()))).collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    shared.counting.store(true, Ordering::Relaxed);
    let started = Instant::now();
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    shared.counting.store(false, Ordering::Relaxed);
    let elapsed = started.elapsed().as_secs_f64();
    shared.stop.store(true, Ordering::Relaxed);

    let mut latencies = Vec::new();
    let mut errors = 0;
    for task in tasks {
        if let Ok((times, failed)) = task.await {
            latencies.extend(times);
            errors += failed;
        }
    }
    latencies.sort_unstable();
    let p99_us = latencies.get(latencies.len() * 99 / 100).copied().unwrap_or_default();
    Measured { rate: latencies.len() as f64 / elapsed, errors, p99_us }
}

struct Shared {
    next: AtomicU64,
    counting: AtomicBool,
    stop: AtomicBool,
}

/// The latencies in microseconds and the number of failures of one connection.
async fn connection(address: String, make: MakeRequest, shared: Arc<Shared>) -> (Vec<u64>, u64) {
    let (mut latencies, mut errors) = (Vec::new(), 0);
    let mut stream = None;
    let mut buffer = Vec::with_capacity(1 << 16);
    while !shared.stop.load(Ordering::Relaxed) {
        let request = make(shared.next.fetch_add(1, Ordering::Relaxed));
        let started = Instant::now();
        let answered = exchange(&address, &mut stream, &request, &mut buffer).await;
        if !shared.counting.load(Ordering::Relaxed) {
            continue;
        }
        match answered {
            Some(status) if status < 300 => latencies.push(started.elapsed().as_micros() as u64),
            _ => errors += 1,
        }
    }
    (latencies, errors)
}

/// Sends a request and reads the whole answer: its status, or `None` when the connection broke.
pub async fn exchange(address: &str, stream: &mut Option<TcpStream>, request: &[u8], buffer: &mut Vec<u8>) -> Option<u16> {
    let answered = try_exchange(address, stream, request, buffer).await;
    if answered.is_none() {
        *stream = None;
    }
    answered
}

async fn try_exchange(address: &str, stream: &mut Option<TcpStream>, request: &[u8], buffer: &mut Vec<u8>) -> Option<u16> {
    let connected = match stream {
        Some(connected) => connected,
        none => {
            let fresh = TcpStream::connect(address).await.ok()?;
            fresh.set_nodelay(true).ok()?;
            none.insert(fresh)
        }
    };
    connected.write_all(request).await.ok()?;
    buffer.clear();
    let head_end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if connected.read_buf(buffer).await.ok()? == 0 {
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
        if connected.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    Some(status)
}
