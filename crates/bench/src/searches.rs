//! The search that a chart makes most: the newest observations of a patient with a code, beside a bare handler.

use std::collections::BTreeSet;

use crate::bench::Bench;
use crate::page::Report;
use crate::page::line::{Line, figure};
use crate::{Failure, hospital, reads};

/// How many different searches are made.
const DIFFERENT: usize = 5_000;

/// Searches by patient and code, and the same bytes from the bare server.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let observations = hospital::of_type(bench.hospital(), "Observation");
    let pairs: BTreeSet<(&str, String)> =
        observations.filter_map(|observation| Some((hospital::patient(observation)?, hospital::code(observation)?))).collect();
    let path = |(patient, code): &(&str, String)| format!("/fhir/Observation?patient={patient}&code={code}&_sort=-date&_count=20");
    let step = pairs.len().div_ceil(DIFFERENT).max(1);
    let paths: Vec<String> = pairs.iter().step_by(step).map(path).collect();
    let beside = reads::beside_bare(bench, "searches", &paths).await?;
    let name = "Observation by patient and code, newest 20, 64 connections";
    Ok(Report {
        lines: vec![
            Line::ratio(name, "/s", &beside.rates, "a bare axum handler, the same bytes from memory", 0.30),
            Line::at_most("its 99th percentile", "ms", &beside.p99_ms, Some(5.0)),
        ],
        text: format!(
            "{} pairs of a patient and a code that the patient has; an answer has {} bytes on average. {} The other searches are below, beside a \
             peer and as the store grows.",
            paths.len(),
            figure(beside.mean_bytes),
            beside.costs(),
        ),
    })
}
