//! `ward index check|rebuild`.

use fhir::object;
use store_embedded::Embedded;

use super::{Failure, Run};
use crate::cli::Index;
use crate::progress::Progress;
use crate::wiring;

/// Compares the index with the truth, or makes it anew.
pub fn run(run: Run, arguments: Index) -> Result<(), Failure> {
    wiring::with_engine(&run.settings, async |engine| match arguments {
        Index::Check => check(&engine, run.json).await,
        Index::Rebuild => rebuild(&engine).await,
    })
}

async fn check(engine: &Embedded, json: bool) -> Result<(), Failure> {
    let mut progress = Progress::start("versions");
    let report = engine.check_index(move |compared| progress.show(compared.done, compared.total)).await;
    let report = report.map_err(|error| Failure::failed(error.to_string()))?;
    if json {
        let told: Vec<_> = report.told.iter().map(|line| line.as_str().into()).collect();
        let answer = object! {
            "versions": report.versions, "resources": report.resources, "entries": report.entries, "differences": report.differences, "told": told,
        };
        println!("{}", fhir::json::to_string(&answer));
    } else {
        report.told.iter().for_each(|line| println!("{line}"));
        let (resources, entries) = (report.resources, report.entries);
        eprintln!("{} versions, {resources} resources and {entries} entries compared, {} differences", report.versions, report.differences);
    }
    if report.is_clean() {
        return Ok(());
    }
    Err(Failure::failed("the index does not agree with the database: run `ward index rebuild`"))
}

async fn rebuild(engine: &Embedded) -> Result<(), Failure> {
    let mut progress = Progress::start("versions");
    let rebuilt = engine.rebuild_index(move |indexed| progress.show(indexed.done, indexed.total)).await;
    rebuilt.map_err(|error| Failure::failed(error.to_string()))?;
    eprintln!("the index is made anew");
    Ok(())
}
