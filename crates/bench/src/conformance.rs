//! What gives FHIR its meaning: FHIRPath, validation and terminology, each beside engines of others that install from a registry.
//!
//! A figure is a function in a file of its own, which adds its lines to the report. What one core does is measured in this process, the rest over HTTP.

mod base;
mod fhirpath;
mod loading;
mod membership;
pub mod others;
mod terminology;
mod us_core;
mod writes;

use std::hint::black_box;

use fhir::Value;
use rustix::time::{ClockId, clock_gettime};

use crate::Failure;
use crate::bench::Bench;
use crate::page::Report;
use crate::page::line::Line;

/// How much processor time each engine has in a round, in seconds.
const SECONDS: f64 = 1.0;

/// Measures one engine after the other.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let mut report = Report::default();
    report.text.push_str("Rates of one core are by the processor time that the work takes, Ward's and that of the others alike, in turn, round by round.\n\n");
    base::measure(bench, &mut report)?;
    writes::measure(bench, &mut report).await?;
    us_core::measure(bench, &mut report)?;
    fhirpath::measure(bench, &mut report)?;
    membership::measure(bench, &mut report)?;
    terminology::measure(bench, &mut report).await?;
    Ok(report)
}

/// How many of `things` one core works through in a second of its time: what else the machine does takes none of that.
fn rate<T>(things: &[T], mut work: impl FnMut(&T)) -> f64 {
    let (started, mut count) = (thread_seconds(), 0);
    loop {
        things.iter().for_each(|thing| work(black_box(thing)));
        count += things.len();
        let seconds = thread_seconds() - started;
        if seconds >= SECONDS {
            return count as f64 / seconds;
        }
    }
}

/// The processor time that this thread has used so far, in seconds.
fn thread_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The resources in transaction Bundles of Synthea below the shared data, as many Bundles as are wanted; `None` where the data is not here.
fn synthea(folder: &str, bundles: usize) -> Result<Option<Vec<Value>>, Failure> {
    let Some(folder) = published::data(folder) else { return Ok(None) };
    let mut files: Vec<_> = folder.read_dir()?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "gz"));
    files.sort();
    let mut resources = Vec::new();
    for file in files.iter().take(bundles) {
        let bundle = fhir::json::parse(&published::gunzip(file)).map_err(|error| error.message)?;
        resources.extend(bundle.list("entry").filter_map(|entry| entry.get("resource")).cloned());
    }
    Ok(Some(resources))
}

/// A figure that needs the shared data, where that is not here.
fn skipped(work: &str) -> Line {
    Line::skipped(work, crate::synthea::MISSING)
}
