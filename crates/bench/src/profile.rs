//! Where the time goes: samples of the processor while the server works, by `perf`.
//!
//! What the samples mean is said in words in `words/profile.md`, by whoever has looked at them.

mod categories;
mod samples;

use std::path::Path;
use std::process::{Child, Command};

use self::categories::CATEGORIES;
use self::samples::Samples;
use crate::bench::{Bench, no_errors};
use crate::conformance::others::VARIABLES;
use crate::page::Report;
use crate::reads::CONNECTIONS;
use crate::requests::MakeRequest;
use crate::{Failure, files, hospital, load, requests};

/// What there is to say of the samples.
const WORDS: &str = include_str!("../words/profile.md");

/// How many functions are named.
const FUNCTIONS: usize = 10;

/// How often a second each processor is looked at.
const FREQUENCY: &str = "997";

/// Takes samples of reads, creates, searches and an import.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    if Command::new("perf").arg("--version").output().is_err() {
        return Ok(Report { lines: Vec::new(), text: format!("{WORDS}\nNo samples were taken here: there is no `perf`.") });
    }
    let mut text = format!("{WORDS}\nShares of the processor time of the server's process, by `perf record --event cpu-clock`.\n");
    let observations: Vec<_> = hospital::of_type(bench.hospital(), "Observation").take(20_000).cloned().collect();
    let ids: Vec<String> = observations.iter().map(|one| format!("/fhir/Observation/{}", hospital::id(one))).collect();
    let searches: Vec<String> = observations
        .iter()
        .filter_map(|one| Some((hospital::patient(one)?, hospital::code(one)?)))
        .map(|(patient, code)| format!("/fhir/Observation?patient={patient}&code={code}&_sort=-date&_count=20"))
        .collect();
    let bodies: Vec<String> = observations.iter().take(5_000).map(hospital::without_id).collect();
    let address = bench.server()?.address.clone();
    for (name, make) in [
        ("Read by id", requests::gets(&address, &ids)),
        ("Search by patient and code, newest 20", requests::gets(&address, &searches)),
        ("Create", requests::creates(&address, "Observation", &bodies)),
    ] {
        text.push_str(&section(name, &of_server(bench, &address, make).await?));
    }
    text.push_str(&section("Import", &of_import(bench)?));
    Ok(Report { lines: Vec::new(), text })
}

/// Samples of the server under a load.
async fn of_server(bench: &mut Bench, address: &str, make: MakeRequest) -> Result<Samples, Failure> {
    let (file, seconds) = (bench.scratch.path("perf.data"), bench.arguments.seconds.max(4.0));
    let process = bench.server()?.process().to_string();
    let mut recording = record(&file, &["--pid", &process, "--", "sleep", &(seconds + 1.0).to_string()])?;
    let measured = load::run(address, CONNECTIONS, seconds, make).await;
    no_errors("the load", measured.errors)?;
    recording.wait()?;
    Samples::of(&file)
}

fn of_import(bench: &mut Bench) -> Result<Samples, Failure> {
    let (source, data_dir, file) = (bench.scratch.path("profile.ndjson"), bench.scratch.path("profiled"), bench.scratch.path("perf.data"));
    files::write_ndjson(bench.hospital().iter(), &source)?;
    let [ward, data_dir, source] = [&bench.arguments.ward, &data_dir, &source].map(|path| path.to_string_lossy().into_owned());
    record(&file, &["--", &ward, "--data-dir", &data_dir, "--json", "import", &source])?.wait()?;
    Samples::of(&file)
}

fn record(file: &Path, rest: &[&str]) -> Result<Child, Failure> {
    let mut command = Command::new("perf");
    VARIABLES.iter().for_each(|name| _ = command.env_remove(name));
    command.args(["record", "--quiet", "--event", "cpu-clock", "--freq", FREQUENCY, "--output"]).arg(file).args(rest);
    Ok(command.stdout(std::process::Stdio::null()).spawn()?)
}

fn section(name: &str, samples: &Samples) -> String {
    let mut text = format!("\n### {name}\n\n| what | share |\n|---|---|\n");
    for (category, share) in samples.by_category(CATEGORIES) {
        text.push_str(&format!("| {category} | {:.1} % |\n", share * 100.0));
    }
    text.push_str("\nThe functions with most:\n\n");
    for (function, share) in samples.functions().iter().take(FUNCTIONS) {
        text.push_str(&format!("1. `{function}`, {:.1} %\n", share * 100.0));
    }
    text
}
