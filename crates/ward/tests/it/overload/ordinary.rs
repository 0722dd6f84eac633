//! Clients who mean well: one request after the other, each of which has to be answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::wire;

/// What became of their requests.
#[derive(Debug, Default)]
pub struct Ordinary {
    /// How long each took, in microseconds, from the first to the last.
    pub times_us: Vec<u64>,
    /// Those that were not answered as they should be.
    pub failed: Vec<String>,
}

impl Ordinary {
    pub fn percentile_us(&self, percent: usize) -> u64 {
        self.times_us.get((self.times_us.len() * percent / 100).min(self.times_us.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    pub fn add(&mut self, other: Ordinary) {
        self.times_us.extend(other.times_us);
        self.times_us.sort_unstable();
        self.failed.extend(other.failed);
    }
}

/// The requests of a client, with what they are answered.
fn requests(number: u64) -> [(Vec<u8>, u16); 4] {
    let patient = format!(r#"{{"resourceType":"Patient","name":[{{"family":"Ordinary{number}"}}]}}"#);
    [
        (wire::get("/fhir/Patient/storm-0"), 200),
        (wire::get("/fhir/Patient?family=Storm&_count=5"), 200),
        (wire::post("/fhir/Patient", patient.as_bytes(), ""), 201),
        (wire::get("/health/ready"), 200),
    ]
}

/// What the clients and whoever waits for them share.
#[derive(Default)]
pub struct Course {
    /// Whether they stop.
    pub stop: AtomicBool,
    /// How many requests were answered so far.
    pub answered: AtomicUsize,
}

/// One client, until it is told to stop.
pub async fn client(address: String, course: Arc<Course>) -> Ordinary {
    let mut seen = Ordinary::default();
    let mut stream = None;
    for number in 0_u64.. {
        for (request, expected) in requests(number) {
            if course.stop.load(Ordering::Relaxed) {
                return seen;
            }
            let started = Instant::now();
            match tokio::time::timeout(Duration::from_secs(60), send(&address, &mut stream, &request)).await {
                Ok(Ok(status)) if status == expected => {
                    seen.times_us.push(started.elapsed().as_micros() as u64);
                    course.answered.fetch_add(1, Ordering::Relaxed);
                }
                other => {
                    seen.failed.push(format!("{}: {other:?}", String::from_utf8_lossy(&request[..request.len().min(40)])));
                    stream = None;
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    seen
}

async fn send(address: &str, stream: &mut Option<tokio::net::TcpStream>, request: &[u8]) -> std::io::Result<u16> {
    let connected = match stream {
        Some(connected) => connected,
        none => none.insert(wire::connect(address, false).await?),
    };
    Ok(wire::exchange(connected, request).await?.status)
}
