//! `ward import PATH…`.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use fhir::object;

use super::{Failure, Run};
use crate::cli::Import;
use crate::import::pipeline::Pipeline;
use crate::import::rejects::Rejects;
use crate::import::source::Plan;
use crate::wiring;

/// Takes in all files. What is refused is reported with file, line and reason, and set aside; the rest goes on. Run again, nothing is written twice.
pub fn run(run: Run, arguments: Import) -> Result<(), Failure> {
    let plan = Plan::of(&arguments.paths).map_err(Failure::usage)?;
    let (done, bytes) = (Arc::new(AtomicU64::new(0)), plan.bytes);
    let longest = run.settings.max_bundle_bytes;
    let summary = wiring::with_engine(&run.settings, async |engine| {
        let server = wiring::server(&run.settings, engine);
        let mut pipeline = Pipeline::new(server, "import", arguments.threads, Some(Rejects::new(&arguments.rejects)));
        pipeline.measure(done.clone(), bytes);
        pipeline.run(move |take| plan.read(longest, &done, &mut |found| take(found.into()))).await
    })?;
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
