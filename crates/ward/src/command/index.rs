//! `ward index check|rebuild`.

use fhir::object;

use super::{Failure, Run};
use crate::cli::Index;
use crate::progress::Progress;
use crate::wiring;

/// Compares the index with the truth, or makes it anew.
pub fn run(run: Run, arguments: Index) -> Result<(), Failure> {
    let engine = wiring::open_engine(&run.settings)?;
    let result = match arguments {
        Index::Check => check(&engine, run.json),
        Index::Rebuild => rebuild(&engine),
    };
    engine.close();
    result
}

fn check(engine: &store_embedded::Embedded, json: bool) -> Result<(), Failure> {
    let report = engine.check_index().map_err(|error| Failure::failed(error.to_string()))?;
    if json {
        let differences: Vec<_> = report.differences.iter().map(|line| line.as_str().into()).collect();
        println!("{}", fhir::json::to_string(&object! { "resources": report.resources, "differences": differences }));
    } else {
        report.differences.iter().for_each(|line| println!("{line}"));
        eprintln!("{} resources compared, {} differences", report.resources, report.differences.len());
    }
    if report.differences.is_empty() {
        return Ok(());
    }
    Err(Failure::failed("the index does not agree with the database: run `ward index rebuild`"))
}

fn rebuild(engine: &store_embedded::Embedded) -> Result<(), Failure> {
    let mut progress = Progress::start();
    let mut last = 0;
    engine
        .rebuild_index(&mut |done, all| {
            last = done;
            progress.show(done, done as f64 / all.max(1) as f64);
        })
        .map_err(|error| Failure::failed(error.to_string()))?;
    progress.clear();
    eprintln!("{last} versions indexed in {:.1} s", progress.seconds());
    Ok(())
}
