//! Reads by id, beside a bare handler.

use crate::bench::{Bench, no_errors};
use crate::page::Report;
use crate::page::line::{Line, figure, median};
use crate::server::Server;
use crate::{Failure, answers, hospital, load, requests};

/// How many connections there are.
pub const CONNECTIONS: usize = 64;

/// How many different resources are read.
const DIFFERENT: usize = 20_000;

/// Reads observations by id, and the same bytes from the bare server.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let ids = hospital::of_type(bench.hospital(), "Observation").take(DIFFERENT).map(hospital::id);
    let paths: Vec<String> = ids.map(|id| format!("/fhir/Observation/{id}")).collect();
    let beside = beside_bare(bench, "reads", &paths).await?;
    Ok(Report {
        lines: vec![
            Line::ratio("read by id, 64 connections", "/s", &beside.rates, "a bare axum handler, the same bytes from memory", 0.60),
            Line::at_most("its 99th percentile", "ms", &beside.p99_ms, None),
        ],
        text: format!(
            "{} observations, {} bytes each on average, read in scattered order; the bare handler has Ward's own answers in a hash map. {}",
            paths.len(),
            figure(beside.mean_bytes),
            beside.costs(),
        ),
    })
}

/// Ward and the bare server with the same requests.
pub struct Beside {
    /// Rates of Ward and of the bare server.
    pub rates: Vec<(f64, f64)>,
    /// Ward's latency.
    pub p99_ms: Vec<f64>,
    /// The processor time for one answer, in microseconds, of Ward and of the bare server.
    cpu_us: Vec<(f64, f64)>,
    /// How long a body is.
    pub mean_bytes: f64,
}

impl Beside {
    /// What an answer costs, as a sentence: it does not count the load generator's share of the machine.
    pub fn costs(&self) -> String {
        let (ours, bare): (Vec<f64>, Vec<f64>) = self.cpu_us.iter().copied().unzip();
        format!(
            "Processor time of the server for one answer: Ward {} µs, the bare handler {} µs.",
            figure(median(ours)),
            figure(median(bare))
        )
    }
}

/// Asks Ward and a bare server that has its answers for `paths`, in turn.
pub async fn beside_bare(bench: &mut Bench, name: &str, paths: &[String]) -> Result<Beside, Failure> {
    bench.server()?;
    let server = bench.running().ok_or("there is no server")?;
    beside(bench, server, name, paths).await
}

/// The same with another server.
pub async fn beside(bench: &Bench, server: &Server, name: &str, paths: &[String]) -> Result<Beside, Failure> {
    let recorded = bench.scratch.path(&format!("{name}.answers"));
    let (rounds, seconds) = (bench.arguments.rounds, bench.arguments.seconds);
    answers::record(&server.address, paths, &recorded).await?;
    let bytes: usize = answers::read(&recorded)?.iter().map(|(_, body)| body.len()).sum();
    let bare = Server::bare(&recorded)?;
    let mut beside = Beside { rates: Vec::new(), p99_ms: Vec::new(), cpu_us: Vec::new(), mean_bytes: bytes as f64 / paths.len() as f64 };
    for _ in 0..rounds {
        let (limit, bare_us) = loaded(&bare, paths, seconds).await?;
        let (ours, our_us) = loaded(server, paths, seconds).await?;
        beside.rates.push((ours.rate, limit.rate));
        beside.p99_ms.push(ours.percentile_ms(0.99));
        beside.cpu_us.push((our_us, bare_us));
    }
    Ok(beside)
}

/// A round of load, and what an answer cost the server in microseconds; the warming up counts as part of the round.
async fn loaded(server: &Server, paths: &[String], seconds: f64) -> Result<(load::Measured, f64), Failure> {
    let before = server.cpu_seconds();
    let measured = load::run(&server.address, CONNECTIONS, seconds, requests::gets(&server.address, paths)).await;
    no_errors("reads", measured.errors)?;
    let share = seconds / (seconds + 1.0);
    let us = (server.cpu_seconds() - before) * share * 1e6 / (measured.rate * seconds);
    Ok((measured, us))
}
