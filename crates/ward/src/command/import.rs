//! `ward import PATH…`.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use fhir::object;

use super::{Failure, Run};
use crate::cli::Import;
use crate::import::pipeline::{Pipeline, Work};
use crate::import::rejects::Rejects;
use crate::import::source::{Found, Plan};
use crate::wiring;

/// Takes in all files. What is refused is reported with file, line and reason, and set aside; the rest goes on. Run again, nothing is written twice.
pub fn run(run: Run, arguments: Import) -> Result<(), Failure> {
    let plan = Plan::of(&arguments.paths).map_err(Failure::usage)?;
    let runtime = wiring::runtime()?;
    let engine = wiring::open_engine(&run.settings)?;
    let server = wiring::server(&run.settings, engine.clone());
    let done = Arc::new(AtomicU64::new(0));
    let longest = run.settings.max_bundle_bytes;
    let mut pipeline = Pipeline::new(server, "import", arguments.threads, Some(Rejects::new(&arguments.rejects)));
    pipeline.measure(done.clone(), plan.bytes);
    let summary = runtime.block_on(pipeline.run(move |take| {
        let mut go_on = true;
        plan.read(longest, &done, &mut |found| {
            go_on = take(match found {
                Found::Piece(piece) => Work::Piece(piece),
                Found::Broken(file, line, reason) => Work::Broken(file, line, reason),
                Found::Passed(file) => Work::Passed(file),
            });
            go_on
        });
        go_on
    }));
    runtime.block_on(engine.close());
    let summary = summary?;
    if run.json {
        let answer = object! {
            "written": summary.written, "unchanged": summary.unchanged, "rejected": summary.rejected, "rejects": arguments.rejects.display().to_string(),
            "per_second": summary.per_second,
        };
        println!("{}", fhir::json::to_string(&answer));
    } else {
        eprintln!(
            "{} written, {} unchanged, {} refused, in {:.1} s ({}/s)",
            summary.written, summary.unchanged, summary.rejected, summary.seconds, summary.per_second
        );
    }
    if summary.rejected > 0 {
        return Err(Failure::failed(format!("what was refused is in {}, with the reasons", arguments.rejects.display())));
    }
    Ok(())
}
