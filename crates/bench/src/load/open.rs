//! The open loop: requests are due at fixed times, whether the server keeps up or not.
//!
//! A latency counts from when a request was due, not from when it could be sent: a server that stands still for a second makes every
//! request of that second late.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Measured;
use super::exchange::Connection;
use crate::requests::MakeRequest;

/// How many connections are opened at a time.
const OPENED_AT_A_TIME: usize = 100;

/// Opens `connections` connections and keeps them open; then, for `seconds`, `rate` requests are due each second, spread evenly over the
/// connections. The rate measured is that of good answers; connections that could not be opened count as errors.
pub async fn run(address: &str, connections: usize, rate: f64, seconds: f64, make: MakeRequest) -> Measured {
    let mut opened = Vec::with_capacity(connections);
    while opened.len() < connections {
        let batch: Vec<_> = (opened.len()..connections.min(opened.len() + OPENED_AT_A_TIME))
            .map(|_| {
                let mut connection = Connection::new(address);
                tokio::spawn(async move { connection.open().await.then_some(connection) })
            })
            .collect();
        for connection in batch {
            opened.push(connection.await.ok().flatten());
        }
    }
    let refused = opened.iter().filter(|connection| connection.is_none()).count() as u64;
    let (first_due, gap) = (Instant::now() + Duration::from_millis(100), Duration::from_secs_f64(1.0 / rate));
    let total = (rate * seconds) as u64;
    let stride = connections as u64;
    let tasks: Vec<_> = opened
        .into_iter()
        .enumerate()
        .filter_map(|(place, connection)| {
            let (connection, make) = (connection?, make.clone());
            let due = (place as u64..total).step_by(stride as usize).map(move |n| (n, first_due + gap.mul_f64(n as f64)));
            Some(tokio::spawn(requests_when_due(connection, make, due.collect())))
        })
        .collect();
    let (mut latencies, mut errors) = (Vec::new(), refused);
    for task in tasks {
        let (times, failed) = task.await.unwrap_or((Vec::new(), 1));
        latencies.extend(times);
        errors += failed;
    }
    Measured::new(latencies, errors, seconds)
}

/// The latencies in microseconds and the number of failures of one connection, which stays open all the time.
async fn requests_when_due(mut connection: Connection, make: MakeRequest, due: Arc<[(u64, Instant)]>) -> (Vec<u64>, u64) {
    let (mut latencies, mut errors) = (Vec::new(), 0);
    for &(n, at) in due.iter() {
        tokio::time::sleep_until(at).await;
        match connection.exchange(&make(n)).await {
            Some(status) if status < 300 => latencies.push(at.elapsed().as_micros() as u64),
            _ => errors += 1,
        }
    }
    (latencies, errors)
}
