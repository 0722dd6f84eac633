//! Many connections: a mixed load on a thousand, and ten thousand that are open while a thousand requests a second come in.

use std::sync::Arc;

use fhir::Value;

use crate::bench::Bench;
use crate::load::Measured;
use crate::page::Report;
use crate::page::line::Line;
use crate::requests::MakeRequest;
use crate::{Failure, hospital, load, requests};

/// How many connections ask as fast as they are answered.
const BUSY: usize = 1000;

/// How many connections are open, and how many requests are due each second on all of them together.
const OPEN: usize = 10_000;
const RATE: f64 = 1000.0;

/// Sends the mixed load on many connections.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let (rounds, seconds) = (bench.arguments.rounds, bench.arguments.seconds);
    bench.hospital();
    let address = bench.server()?.address.clone();
    let make = mixed(&address, bench.hospital());
    let (mut busy, mut open) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        busy.push(load::run(&address, BUSY, seconds, make.clone()).await);
    }
    for _ in 0..rounds {
        open.push(load::open::run(&address, OPEN, RATE, 3.0 * seconds, make.clone()).await);
    }
    let each = |runs: &[Measured], figure: fn(&Measured) -> f64| runs.iter().map(figure).collect::<Vec<_>>();
    let p50 = |run: &Measured| run.percentile_ms(0.50);
    Ok(Report {
        lines: vec![
            Line::at_most("80 % reads, 15 % searches, 5 % creates at 1,000 connections: 99th percentile", "ms", &each(&busy, |run| run.percentile_ms(0.99)), Some(100.0)),
            Line::at_most("its rate", "/s", &each(&busy, |run| run.rate), None),
            Line::at_most("its errors", "", &each(&busy, |run| run.errors as f64), Some(0.0)),
            Line::at_most("the same, 1,000 requests/s on 10,000 open connections: 95th percentile", "ms", &each(&open, |run| run.percentile_ms(0.95)), Some(50.0)),
            Line::at_most("its median", "ms", &each(&open, p50), None),
            Line::at_most("its errors", "", &each(&open, |run| run.errors as f64), Some(0.0)),
        ],
        text: "The reads are of observations by id, the searches by patient and code, newest 20, the creates of observations. On a thousand connections each \
               sends its next request when it has the answer to the one before. On ten thousand, requests are due at fixed times, spread over all connections; a \
               latency counts from when the request was due. Server and generator are two processes, both started with `ulimit -n` at what the system allows."
            .to_owned(),
    })
}

/// The mixed load.
fn mixed(address: &str, resources: &[Value]) -> MakeRequest {
    let observations: Vec<&Value> = hospital::of_type(resources, "Observation").take(20_000).collect();
    let reads: Vec<String> = observations.iter().map(|one| format!("/fhir/Observation/{}", hospital::id(one))).collect();
    let searches: Vec<String> = observations
        .iter()
        .step_by(4)
        .filter_map(|one| Some((hospital::patient(one)?, hospital::code(one)?)))
        .map(|(patient, code)| format!("/fhir/Observation?patient={patient}&code={code}&_sort=-date&_count=20"))
        .collect();
    let bodies: Vec<String> = observations.iter().take(5_000).map(|one| hospital::without_id(one)).collect();
    let (reads, searches) = (requests::gets(address, &reads), requests::gets(address, &searches));
    let creates = requests::creates(address, "Observation", &bodies);
    Arc::new(move |n| match requests::scattered(n, 100) {
        0..80 => reads(n),
        80..95 => searches(n),
        _ => creates(n),
    })
}
