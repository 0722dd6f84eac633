//! The shared load harness, and a peer's figures beside Ward's.

mod peer;

use std::path::{Path, PathBuf};
use std::process::Command;

use fhir::Value;

use self::peer::{PEER, Peer};
use crate::Failure;
use crate::bench::Bench;
use crate::page::Report;
use crate::page::line::{Line, figure, median, spread};
use crate::server::{Server, WITH_MANY_FILES};

/// How many times the peer's rate a search should have.
const TIMES: f64 = 20.0;

/// How long each workload lasts, in seconds: as when the peer was measured.
const SECONDS: &str = "6";

const NAME: &str = "the searches of the shared harness";

/// Runs the harness against a server with an empty store.
pub fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let Some(harness) = published::shared("bench/bench.py") else {
        return Ok(Report { lines: vec![Line::skipped(NAME, "the shared harness is not here")], text: String::new() });
    };
    let data_dir = bench.scratch.path("harness");
    let server = Server::ward(&bench.arguments.ward, &data_dir)?;
    let result = run(bench, &harness, &server, &data_dir)?;
    let record = result.get("servers").and_then(|servers| servers.get("ward")).ok_or("the harness has no result of ward")?;
    let measured: Vec<(Peer, Workload)> = PEER.into_iter().filter_map(|peer| Some((peer, Workload::of(record, peer.workload)?))).collect();
    let mut lines: Vec<Line> = measured
        .iter()
        .filter(|(peer, _)| peer.workload.starts_with("search-"))
        .map(|(peer, ours)| {
            let beside = format!("the peer, one process: {}; three: {}", figure(peer.one.rate), figure(peer.three.rate));
            Line::times(&format!("{}, 16 connections", peer.workload), &ours.rates, (peer.one.rate, peer.three.rate), TIMES)
                .with_note(&beside)
        })
        .collect();
    let faults = Faults::of(record);
    lines.push(Line::at_most("answers of the harness's searches that differ from what was loaded", "", &[faults.wrong as f64], Some(0.0)));
    let (now, most) = server.memory_mb();
    lines.push(Line::at_most("memory after the whole harness: load, reads, searches, writes, transactions", "MB", &[now], Some(400.0)));
    lines.push(Line::at_most("the most it held meanwhile", "MB", &[most], None));
    if let Some(server) = bench.running() {
        lines.push(Line::at_most("memory of the server of the parts above, after them", "MB", &[server.memory_mb().0], Some(400.0)));
    }
    Ok(Report { lines, text: text(record, &measured, &faults) })
}

/// What the harness writes when it has run.
fn run(bench: &Bench, harness: &Path, server: &Server, data_dir: &Path) -> Result<Value, Failure> {
    let (profile, output) = (bench.scratch.path("harness.profile.json"), bench.scratch.path("harness.json"));
    let port = server.address.rsplit(':').next().unwrap_or_default();
    let size = format!("du --summarize --bytes {} | cut --fields=1", data_dir.display());
    let text = format!(r#"{{"base_url": "http://{}/fhir", "ports": {{"ward": [{port}]}}, "db_size_cmd": "{size}"}}"#, server.address);
    std::fs::write(&profile, text)?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| std::env::current_dir().map(|here| here.join("target/loadgen")), |folder| Ok(PathBuf::from(folder)))?;
    let mut command = Command::new("sh");
    command.args(WITH_MANY_FILES).arg("python3").arg(harness).arg("run").arg("--server").arg(format!("ward={}", profile.display()));
    if let Some(synthea) = published::data("synthea/r4-transactions") {
        command.arg("--synthea").arg(synthea);
    }
    let rounds = bench.arguments.rounds.to_string();
    command.args([
        "--duration",
        SECONDS,
        "--repeats",
        &rounds,
        "--connections",
        "16",
        "--mixed-connections",
        "64,1000",
        "--tx-connections",
        "8",
    ]);
    command
        .args(["--groups", "load,read,search,create,update,mixed,transaction", "--out"])
        .arg(&output)
        .arg("--work")
        .arg(bench.scratch.folder("harness-plans")?);
    // The folder of the harness may be one that cannot be written to.
    command.env("CARGO_TARGET_DIR", target).env("PYTHONDONTWRITEBYTECODE", "1").stdout(std::process::Stdio::null());
    let status = command.status()?;
    if !status.success() {
        return Err(format!("the harness: {status}").into());
    }
    fhir::json::parse(&std::fs::read(output)?).map_err(|error| error.message.into())
}

/// What the harness measured of a workload, round by round.
struct Workload {
    rates: Vec<f64>,
    p50_ms: f64,
    p99_ms: f64,
    errors: f64,
    /// The share of the machine's processors, of a hundred, that went to neither the server nor the load generator.
    others: f64,
}

impl Workload {
    fn of(record: &Value, workload: &str) -> Option<Self> {
        let (name, is_transaction) = match workload {
            "load" => return Self::of_load(record.get("load")?),
            name => (name, name.starts_with("transaction")),
        };
        let runs = record.get("runs")?.get(name)?.as_array()?;
        let all = |key: &str| runs.iter().filter_map(|run| number(run.get("all")?, key)).collect::<Vec<_>>();
        let rates = match is_transaction {
            true => runs.iter().filter_map(|run| Some(number(run.get("all")?, "entries_ok")? / number(run, "seconds_to_last")?)).collect(),
            false => all("rps"),
        };
        let errors = all("errors").iter().chain(&all("entries_bad")).sum();
        let others = median(runs.iter().filter_map(|run| number(run, "other_busy_percent")).collect());
        Some(Self { rates, p50_ms: median(all("p50_ms")), p99_ms: median(all("p99_ms")), errors, others })
    }

    fn of_load(load: &Value) -> Option<Self> {
        let all = load.get("all")?;
        Some(Self {
            rates: vec![number(load, "resources_per_second")?],
            p50_ms: number(all, "p50_ms")?,
            p99_ms: number(all, "p99_ms")?,
            errors: number(load, "failed_bundles")?,
            others: number(load, "other_busy_percent")?,
        })
    }
}

/// What the harness found when it compared answers with what it had loaded.
struct Faults {
    checked: u64,
    wrong: u64,
    samples: Vec<String>,
}

impl Faults {
    fn of(record: &Value) -> Self {
        let mut faults = Self { checked: 0, wrong: 0, samples: Vec::new() };
        for (_, found) in record.get("verify").and_then(Value::as_object).into_iter().flat_map(|found| found.iter()) {
            faults.checked += number(found, "checked").unwrap_or(0.0) as u64;
            faults.wrong += number(found, "faults").unwrap_or(0.0) as u64;
            faults.samples.extend(found.list("samples").filter_map(Value::as_str).map(str::to_owned));
        }
        faults
    }
}

fn number(value: &Value, name: &str) -> Option<f64> {
    value.get(name)?.as_number()?.parse().ok()
}

fn text(record: &Value, measured: &[(Peer, Workload)], faults: &Faults) -> String {
    let mut text = format!(
        "The load harness of `../shared/bench`, {SECONDS} s for each workload, 16 connections where the name says nothing else. {} The peer was measured on the same machine \
         with the same harness, and not in this run: ratios below two would be noise. The ratio is to one process of the peer, then to three.\n\n\
         | workload | Ward /s | p50 / p99 ms | errors | others busy | one process of the peer /s | p50 / p99 ms | ratio | three processes /s | p50 / p99 ms | ratio |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
        peer::SOURCE
    );
    for (peer, ours) in measured {
        let Peer { workload, one, three } = peer;
        let rate = median(ours.rates.clone());
        text.push_str(&format!(
            "| {workload} | {} | {} / {} | {} | {:.0} % | {} | {} / {} | {:.1} | {} | {} / {} | {:.1} |\n",
            spread(&ours.rates),
            figure(ours.p50_ms),
            figure(ours.p99_ms),
            ours.errors,
            ours.others,
            figure(one.rate),
            figure(one.p50_ms),
            figure(one.p99_ms),
            rate / one.rate,
            figure(three.rate),
            figure(three.p50_ms),
            figure(three.p99_ms),
            rate / three.rate,
        ));
    }
    let bytes = record.get("load").and_then(|load| number(load, "db_bytes_per_resource")).unwrap_or(0.0);
    text.push_str(&format!(
        "\nOf {} answers that were compared with what was loaded, {} differed. After the load a resource took {bytes:.0} bytes on disk.",
        faults.checked, faults.wrong
    ));
    for sample in &faults.samples {
        text.push_str(&format!("\n- `{sample}`"));
    }
    text
}
