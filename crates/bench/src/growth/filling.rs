//! Filling a store to a size, from a stream of resources.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::sample::Sample;
use crate::page::line::median;
use crate::{Failure, hospital, ward};

/// How many resources one file and one import have at most: so much is on the disk twice.
const CHUNK: u64 = 250_000;

/// More patients than 10⁷ resources need: the stream ends before.
const PATIENTS: u32 = 1_000_000;

/// How often a store that begins empty is filled for its rate: one import of 10⁴ resources is over in less than a second.
const FIRST_ROUNDS: usize = 5;

/// How many resources went in a second.
pub struct Rate {
    /// From the first read to the last resource that is durable.
    pub import: f64,
    /// With the start of the process, the opening of the store and its closing.
    pub process: f64,
}

/// A store that is being filled.
pub struct Filling<'a> {
    program: &'a Path,
    data_dir: &'a Path,
    chunk: PathBuf,
    stream: seed::Hospital,
    filled: u64,
    /// What can be asked of it.
    pub sample: Sample,
}

impl<'a> Filling<'a> {
    /// An empty one. `chunk` is the file through which resources go.
    pub fn new(program: &'a Path, data_dir: &'a Path, chunk: PathBuf) -> Self {
        Self { program, data_dir, chunk, stream: hospital::stream(PATIENTS), filled: 0, sample: Sample::default() }
    }

    /// Fills it until it has `resources`: the rate of the last tenth, a second. The first time it is the rate of all, since a tenth is too little.
    pub fn fill_to(&mut self, resources: u64) -> Result<Rate, Failure> {
        if self.filled == 0 && resources <= CHUNK {
            return self.fill_first(resources);
        }
        self.fill(resources - resources / 10)?;
        self.fill(resources)
    }

    /// Fills fresh stores with the same resources, and keeps the last: the median of the rates.
    fn fill_first(&mut self, resources: u64) -> Result<Rate, Failure> {
        self.write(resources)?;
        let mut rates = Vec::new();
        for round in 0..FIRST_ROUNDS {
            if round > 0 {
                std::fs::remove_dir_all(self.data_dir)?;
            }
            rates.push(self.import()?);
        }
        let middle = |figure: fn(&ward::Imported) -> f64| median(rates.iter().map(figure).collect());
        Ok(Rate { import: middle(|rate| rate.per_second), process: middle(|rate| rate.per_second_of_process) })
    }

    /// Fills on to a size.
    fn fill(&mut self, resources: u64) -> Result<Rate, Failure> {
        let (from, started) = (self.filled, Instant::now());
        let (mut seconds, mut process_seconds) = (0.0, 0.0);
        while self.filled < resources {
            let count = (resources - self.filled).min(CHUNK);
            self.write(count)?;
            let imported = self.import()?;
            seconds += count as f64 / imported.per_second;
            process_seconds += count as f64 / imported.per_second_of_process;
            eprintln!("{} resources after {:.0} s", self.filled, started.elapsed().as_secs_f64());
        }
        let count = (resources - from) as f64;
        Ok(Rate { import: count / seconds, process: count / process_seconds })
    }

    fn write(&mut self, count: u64) -> Result<(), Failure> {
        let mut output = std::io::BufWriter::new(std::fs::File::create(&self.chunk)?);
        for resource in self.stream.by_ref().take(count as usize) {
            writeln!(output, "{}", fhir::json::to_string(&resource))?;
            self.sample.add(&resource);
        }
        self.filled += count;
        Ok(output.flush()?)
    }

    fn import(&self) -> Result<ward::Imported, Failure> {
        ward::import(self.program, self.data_dir, std::slice::from_ref(&self.chunk))
    }
}
