//! The search that a chart makes most: the newest observations of a patient with a code, beside a bare handler.

use std::collections::BTreeSet;

use fhir::Value;

use crate::bench::Bench;
use crate::files::write_ndjson;
use crate::page::Report;
use crate::page::line::{Line, figure};
use crate::server::Server;
use crate::{Failure, hospital, reads, ward};

/// How many different searches are made.
const DIFFERENT: usize = 5_000;

/// Searches by patient and code, and the same bytes from the bare server.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let paths = of_charts(bench.hospital());
    let beside = reads::beside_bare(bench, "searches", &paths).await?;
    let anew = anew(bench, &paths).await?;
    let name = "Observation by patient and code, newest 20, 64 connections";
    Ok(Report {
        lines: vec![
            Line::ratio(name, "/s", &beside.rates, "a bare axum handler, the same bytes from memory", 0.30),
            Line::at_most("its 99th percentile", "ms", &beside.p99_ms, Some(5.0)),
            Line::ratio("the same, each found anew", "/s", &anew.rates, "a bare axum handler, the same bytes from memory", 0.30),
            Line::at_most("its 99th percentile", "ms", &anew.p99_ms, Some(5.0)),
        ],
        text: format!(
            "{} pairs of a patient and a code that the patient has; an answer has {} bytes on average. {} Ward keeps what it has found as long as \
             nothing has changed it, and these are asked many times; found anew (`answers_mb = 0`): {} The other searches are below, beside a \
             peer and as the store grows.",
            paths.len(),
            figure(beside.mean_bytes),
            beside.costs(),
            anew.costs(),
        ),
    })
}

/// The searches: each for a patient and a code that the patient has.
pub fn of_charts(hospital: &[Value]) -> Vec<String> {
    let observations = hospital::of_type(hospital, "Observation");
    let pairs: BTreeSet<(&str, String)> =
        observations.filter_map(|observation| Some((hospital::patient(observation)?, hospital::code(observation)?))).collect();
    let path = |(patient, code): &(&str, String)| format!("/fhir/Observation?patient={patient}&code={code}&_sort=-date&_count=20");
    let step = pairs.len().div_ceil(DIFFERENT).max(1);
    pairs.iter().step_by(step).map(path).collect()
}

/// The same searches of a server that keeps no answers.
async fn anew(bench: &mut Bench, paths: &[String]) -> Result<reads::Beside, Failure> {
    let (file, data_dir) = (bench.scratch.path("searched.ndjson"), bench.scratch.path("searched"));
    write_ndjson(bench.hospital().iter(), &file)?;
    ward::import(&bench.arguments.ward, &data_dir, &[file])?;
    let server = Server::ward_with(&bench.arguments.ward, &data_dir, &["access=open", "answers_mb=0"])?;
    reads::beside(bench, &server, "searches-anew", paths).await
}
