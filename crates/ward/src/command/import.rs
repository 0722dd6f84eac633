//! `ward import PATH…`.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use fhir::object;

use super::{Failure, Run};
use crate::cli::Import;
use crate::import::ledger::{Rejected, Summary};
use crate::import::pipeline::Pipeline;
use crate::import::rejects::Rejects;
use crate::import::source::Plan;
use crate::import::target::Target;
use crate::remote::Remote;
use crate::{tenants, wiring};

/// Takes in all files. What is refused is reported with file, line and reason, and set aside; the rest goes on. Run again, nothing is there twice.
pub fn run(run: Run, arguments: Import) -> Result<(), Failure> {
    super::refuse_tenant_of_server(&run, &arguments.endpoint)?;
    let plan = Plan::of(&arguments.paths).map_err(Failure::usage)?;
    let longest = run.settings.max_bundle_bytes;
    let take_in = async |target: Target| {
        let (done, bytes) = (Arc::new(AtomicU64::new(0)), plan.bytes);
        let mut pipeline = Pipeline::new(target, arguments.threads, Rejected::File(Rejects::new(&arguments.rejects)));
        pipeline.measure(done.clone(), bytes);
        pipeline.run(move |take| plan.read(longest, &done, &mut |found| take(found.into()))).await
    };
    let summary = match &arguments.endpoint.url {
        Some(url) => {
            let remote = Remote::new(url, arguments.endpoint.bearer().as_deref(), &run.settings.ca_file)?;
            wiring::runtime()?.block_on(take_in(Target::server(remote)))?
        }
        None => wiring::with_server(&run.settings, async |server| {
            let tenancy = tenants::named_in(&server.store, run.tenant.as_deref()).await?;
            let base_url = tenants::base_url(&run.settings, &tenancy);
            take_in(Target::store_of(server, tenancy.tenant(), base_url, "import")).await
        })?,
    };
    tell(&summary, &arguments.rejects, run.json)
}

fn tell(summary: &Summary, rejects: &Path, json: bool) -> Result<(), Failure> {
    if json {
        let answer = object! {
            "written": summary.written, "unchanged": summary.unchanged, "rejected": summary.rejected, "rejects": rejects.display().to_string(),
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
        return Err(Failure::failed(format!("what was refused is in {}, with the reasons", rejects.display())));
    }
    Ok(())
}
