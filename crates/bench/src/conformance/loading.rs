//! Loading the code systems and the guide that a hospital of the United States begins with; later starts; the memory with them loaded.

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::bench::Bench;
use crate::page::Report;
use crate::page::line::{Line, figure};
use crate::server::Server;
use crate::{Failure, ward};

/// How long it may take, and a start with them, and the memory then.
const LOADING_S: f64 = 10.0;
const START_MS: f64 = 200.0;
const MEMORY_MB: f64 = 250.0;

/// What is loaded.
pub struct Sources {
    code_systems: [PathBuf; 2],
    guide: PathBuf,
}

impl Sources {
    /// Where it is; `None` where the shared data is not here.
    pub fn find() -> Option<Self> {
        let code_systems = [published::data("codes/snomed-gps")?, published::data("codes/icd-10-cm")?];
        Some(Self { code_systems, guide: published::data("ig/us-core-8.0.0.tgz")? })
    }

    /// Loads all of it into a data directory: the seconds of the code systems and of the guide, both with the start of their processes.
    fn load(&self, program: &Path, data_dir: &Path) -> Result<(f64, f64), Failure> {
        let started = Instant::now();
        ward::load(program, data_dir, &self.code_systems)?;
        let code_systems = started.elapsed().as_secs_f64();
        ward::add(program, data_dir, &self.guide)?;
        Ok((code_systems, started.elapsed().as_secs_f64() - code_systems))
    }
}

/// Loads, starts, and asks `questions` once each. The data directory that was filled last.
pub async fn measure(bench: &mut Bench, sources: &Sources, questions: &[String], report: &mut Report) -> Result<PathBuf, Failure> {
    let program = bench.arguments.ward.clone();
    let (mut seconds, mut of_guide, mut start_ms, mut memory_mb) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut data_dir = PathBuf::new();
    for round in 0..bench.arguments.rounds {
        data_dir = bench.scratch.path(&format!("loaded-{round}"));
        let (code_systems, guide) = sources.load(&program, &data_dir)?;
        seconds.push(code_systems + guide);
        of_guide.push(guide);
        let server = Server::ward(&program, &data_dir)?;
        start_ms.push(server.first_answer_ms(&questions[0]).await?);
        for question in questions {
            server.first_answer_ms(question).await?;
        }
        memory_mb.push(server.memory_mb().0);
        server.stop()?;
    }
    report.lines.extend([
        Line::at_most("loading SNOMED's Global Patient Set, ICD-10-CM and US Core 8", "s", &seconds, Some(LOADING_S)),
        Line::at_most("a later start with them, to the first answer of `$lookup`", "ms", &start_ms, Some(START_MS)),
        Line::at_most("memory with them, after questions about each", "MB", &memory_mb, Some(MEMORY_MB)),
    ]);
    report.text.push_str(&format!(
        "Loading: `ward terminology load` and `ward package add` into a new data directory, each with the start of its process; the guide takes {} s of it. \
         Before the memory is measured, {} questions are asked of SNOMED CT, ICD-10-CM and the guide's value sets and profiles.\n\n",
        figure(crate::page::line::median(of_guide)),
        questions.len(),
    ));
    Ok(data_dir)
}
