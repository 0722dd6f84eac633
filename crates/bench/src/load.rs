//! A small HTTP/1.1 load generator.
//!
//! Here the closed loop: so many connections, each one request after the other, for so long. [`open`] is the open loop, [`exchange`]
//! one connection.

pub mod exchange;
pub mod open;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use self::exchange::Connection;
use crate::requests::MakeRequest;

/// What a run of load measured.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Answers with a status below 300, a second.
    pub rate: f64,
    /// Other answers and broken connections.
    pub errors: u64,
    /// How long the good answers took, in microseconds, rising.
    latencies: Vec<u64>,
}

impl Measured {
    /// What `latencies` (in microseconds, in any order) and failures come to over `seconds`.
    fn new(mut latencies: Vec<u64>, errors: u64, seconds: f64) -> Self {
        latencies.sort_unstable();
        Self { rate: latencies.len() as f64 / seconds, errors, latencies }
    }

    /// Within how many milliseconds that share of the answers came; 0 when there was none.
    pub fn percentile_ms(&self, share: f64) -> f64 {
        let place = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(place.min(self.latencies.len().saturating_sub(1))).map_or(0.0, |&us| us as f64 / 1000.0)
    }
}

struct Shared {
    next: AtomicU64,
    counting: AtomicBool,
    stop: AtomicBool,
}

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
    let (mut latencies, mut errors) = (Vec::new(), 0);
    for task in tasks {
        match task.await {
            Ok((times, failed)) => {
                latencies.extend(times);
                errors += failed;
            }
            Err(_) => errors += 1,
        }
    }
    Measured::new(latencies, errors, elapsed)
}

/// The latencies in microseconds and the number of failures of one connection.
async fn connection(address: String, make: MakeRequest, shared: Arc<Shared>) -> (Vec<u64>, u64) {
    let (mut latencies, mut errors) = (Vec::new(), 0);
    let mut connection = Connection::new(&address);
    while !shared.stop.load(Ordering::Relaxed) {
        let request = make(shared.next.fetch_add(1, Ordering::Relaxed));
        let started = Instant::now();
        let answered = connection.exchange(&request).await;
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

/// Sends each of `requests` once over `connections` connections: how long each took, in order of their ends, and the seconds of it all.
pub async fn once(address: &str, connections: usize, requests: Vec<Vec<u8>>) -> Measured {
    let (next, requests) = (Arc::new(AtomicU64::new(0)), Arc::new(requests));
    let started = Instant::now();
    let tasks: Vec<_> = (0..connections)
        .map(|_| {
            let (address, next, requests) = (address.to_owned(), next.clone(), requests.clone());
            tokio::spawn(async move {
                let (mut latencies, mut errors) = (Vec::new(), 0);
                let mut connection = Connection::new(&address);
                while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    let sent = Instant::now();
                    match connection.exchange(request).await {
                        Some(status) if status < 300 => latencies.push(sent.elapsed().as_micros() as u64),
                        _ => errors += 1,
                    }
                }
                (latencies, errors)
            })
        })
        .collect();
    let (mut latencies, mut errors) = (Vec::new(), 0);
    for task in tasks {
        let (times, failed) = task.await.unwrap_or((Vec::new(), 1));
        latencies.extend(times);
        errors += failed;
    }
    Measured::new(latencies, errors, started.elapsed().as_secs_f64())
}
