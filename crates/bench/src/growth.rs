//! Growth: the same work on stores of 10⁴, 10⁵, … resources.
//!
//! One store grows all the way; what is asked of it is drawn evenly from everything that it has, so that most of it was not asked for before.

mod filling;
mod questions;
mod sample;

use std::path::Path;
use std::process::Command;

use self::filling::{Filling, Rate};
use self::questions::QUESTIONS;
use self::sample::Sample;
use crate::bench::{Bench, no_errors};
use crate::page::Report;
use crate::page::chart::{self, Curve};
use crate::page::line::{Line, figure, median, spread};
use crate::reads::CONNECTIONS;
use crate::server::Server;
use crate::{Failure, files, load, requests};

/// What the rate of writes at the largest size should be, of that at the smallest.
const WRITES_STAY: f64 = 0.70;

/// The name of the chart, beside the page.
const CHART: &str = "growth.svg";

/// What was measured at a size.
struct Stage {
    resources: u64,
    import: Rate,
    create: Vec<f64>,
    create_p99_ms: f64,
    /// For each question.
    answers: Vec<Answers>,
    bytes_each: f64,
    memory_mb: f64,
}

/// How a question was answered.
struct Answers {
    rates: Vec<f64>,
    p99_ms: f64,
    /// Most likely for want of time: a search may take ten seconds.
    errors: u64,
}

impl Answers {
    fn cell(&self) -> String {
        let errors = if self.errors > 0 { format!(", **{} errors**", self.errors) } else { String::new() };
        format!("{} /s, {} ms{errors}", spread(&self.rates), figure(self.p99_ms))
    }

    fn rate(&self) -> f64 {
        median(self.rates.clone())
    }
}

/// Fills a store, and measures at each size.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let program = bench.arguments.ward.clone();
    let data_dir = bench.scratch.path("growth");
    let mut filling = Filling::new(&program, &data_dir, bench.scratch.path("growth.ndjson"));
    let mut stages = Vec::new();
    for &power in &bench.arguments.sizes {
        let resources = 10_u64.pow(power);
        let import = filling.fill_to(resources)?;
        filling.sample.settle();
        eprintln!("10^{power} resources are in, the last tenth with {:.0}/s", import.import);
        stages.push(stage(bench, &data_dir, resources, import, &filling.sample).await?);
    }
    let chart = chart::draw(&curves(&stages));
    std::fs::write(bench.arguments.output.with_file_name(CHART), chart)?;
    Ok(Report { lines: lines(&stages), text: text(&stages) })
}

async fn stage(bench: &Bench, data_dir: &Path, resources: u64, import: Rate, sample: &Sample) -> Result<Stage, Failure> {
    let (rounds, seconds) = (bench.arguments.rounds, bench.arguments.seconds / 2.0);
    let bytes_each = files::bytes(data_dir)? as f64 / resources as f64;
    let server = Server::ward(&bench.arguments.ward, data_dir)?;
    server.first_answer_ms("/health/ready").await?;
    let mut answers = Vec::new();
    for question in QUESTIONS {
        let paths = (question.paths)(sample);
        if paths.is_empty() {
            return Err(format!("{}: the smallest size is too small to ask this", question.name).into());
        }
        let (mut rates, mut p99, mut errors) = (Vec::new(), Vec::new(), 0);
        for _ in 0..rounds {
            let measured = load::run(&server.address, CONNECTIONS, seconds, requests::gets(&server.address, &paths)).await;
            rates.push(measured.rate);
            p99.push(measured.percentile_ms(0.99));
            errors += measured.errors;
        }
        answers.push(Answers { rates, p99_ms: median(p99), errors });
    }
    let memory_mb = server.memory_mb().0;
    server.stop()?;
    let (create, create_p99_ms) = match bench.arguments.sizes.last() {
        Some(&last) if resources < 10_u64.pow(last) => {
            // At small sizes they would soon outnumber what is there: they go into a copy.
            let copy = bench.scratch.path("growth-copy");
            copy_folder(data_dir, &copy)?;
            let measured = creates(bench, &copy, sample, seconds).await?;
            std::fs::remove_dir_all(copy)?;
            measured
        }
        _ => creates(bench, data_dir, sample, seconds).await?,
    };
    Ok(Stage { resources, import, create, create_p99_ms, answers, bytes_each, memory_mb })
}

async fn creates(bench: &Bench, data_dir: &Path, sample: &Sample, seconds: f64) -> Result<(Vec<f64>, f64), Failure> {
    let (mut rates, mut p99) = (Vec::new(), Vec::new());
    let server = Server::ward(&bench.arguments.ward, data_dir)?;
    server.first_answer_ms("/health/ready").await?;
    for _ in 0..bench.arguments.rounds {
        let make = requests::creates(&server.address, "Observation", &sample.bodies);
        let measured = load::run(&server.address, CONNECTIONS, seconds, make).await;
        no_errors("creates", measured.errors)?;
        rates.push(measured.rate);
        p99.push(measured.percentile_ms(0.99));
    }
    server.stop()?;
    Ok((rates, median(p99)))
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    let status = Command::new("cp").arg("--recursive").arg(from).arg(to).status()?;
    if status.success() { Ok(()) } else { Err(format!("cp: {status}").into()) }
}

/// The lines of the table: the writes, which have a target, and the search that changes most.
fn lines(stages: &[Stage]) -> Vec<Line> {
    let (Some(first), Some(last)) = (stages.first(), stages.last()) else { return Vec::new() };
    let power = |stage: &Stage| stage.resources.ilog10();
    let beside = format!("at 10^{}", power(first));
    let name = |work: &str| format!("{work} at 10^{} resources", power(last));
    let kept = |place: usize| last.answers[place].rate() / first.answers[place].rate();
    let steady: Vec<usize> = (0..QUESTIONS.len()).filter(|&place| QUESTIONS[place].grows.is_none()).collect();
    let worst = steady.into_iter().min_by(|&one, &other| kept(one).total_cmp(&kept(other)));
    let mut lines = vec![
        Line::ratio(&name("`import`"), "/s", &[(last.import.import, first.import.import)], &beside, WRITES_STAY),
        Line::ratio(&name("create, 64 connections,"), "/s", &pairs(&last.create, &first.create), &beside, WRITES_STAY),
    ];
    lines.extend(worst.map(|place| {
        let name = name(&format!("the search that slows down most ({})", QUESTIONS[place].name));
        let (ours, others) = (&last.answers[place].rates, &first.answers[place].rates);
        Line::at_most(&name, "/s", ours, None).with_note(&format!("{beside}: {}, ratio {:.2}", spread(others), kept(place)))
    }));
    lines
}

fn pairs(ours: &[f64], others: &[f64]) -> Vec<(f64, f64)> {
    ours.iter().copied().zip(others.iter().copied()).collect()
}

fn curves(stages: &[Stage]) -> Vec<Curve> {
    let curve = |name: &str, rate: &dyn Fn(&Stage) -> f64| Curve {
        name: name.to_owned(),
        points: stages.iter().map(|stage| (stage.resources as f64, rate(stage))).collect(),
    };
    let mut curves = vec![curve("import", &|stage| stage.import.import), curve("create", &|stage| median(stage.create.clone()))];
    curves
        .extend(QUESTIONS.iter().enumerate().map(|(place, question)| curve(question.name, &|stage| stage.answers[place].rate().max(0.1))));
    curves
}

fn text(stages: &[Stage]) -> String {
    let head: String = stages.iter().map(|stage| format!(" 10^{} |", stage.resources.ilog10())).collect();
    let mut text = format!(
        "![rates over the number of resources]({CHART})\n\nThe synthetic hospital with more and more patients, in one store. `import`: over the last tenth of each size. The others: \
         64 connections; rates a second, and in milliseconds what 99 of 100 took. What is asked is drawn evenly from all that is there.\n\n| work |{head}\n|---|{}\n",
        "---|".repeat(stages.len())
    );
    let mut row = |name: &str, cell: &dyn Fn(&Stage) -> String| {
        let cells: String = stages.iter().map(|stage| format!(" {} |", cell(stage))).collect();
        text.push_str(&format!("| {name} |{cells}\n"));
    };
    row("`import`", &|stage| format!("{} /s", figure(stage.import.import)));
    row("with start, opening and closing", &|stage| format!("{} /s", figure(stage.import.process)));
    row("create", &|stage| format!("{} /s, {} ms", spread(&stage.create), figure(stage.create_p99_ms)));
    for (place, question) in QUESTIONS.iter().enumerate() {
        let name = format!("{}: `{}`", question.name, question.example);
        row(&name, &|stage| stage.answers[place].cell());
    }
    row("bytes on disk for a resource", &|stage| figure(stage.bytes_each));
    row("memory after the searches, MB", &|stage| figure(stage.memory_mb));
    text.push_str("\nEach answer has the same size at every size of the store, but for these exceptions:\n\n");
    for question in QUESTIONS {
        if let Some(why) = question.grows {
            text.push_str(&format!("- {}: {why}\n", question.name));
        }
    }
    text
}
