//! `ward seed --patients N`.

use fhir::object;
use fhir::primitive::{Precision, Temporal};

use super::{Failure, Run};
use crate::cli::Seed;
use crate::wiring;

/// Writes the synthetic hospital into the data directory. The same numbers give the same resources: run again, nothing changes.
pub fn run(run: Run, arguments: Seed) -> Result<(), Failure> {
    let today = match &arguments.today {
        None => wiring::today(),
        Some(text) => match Temporal::parse(text) {
            Some(day) if day.precision == Precision::Day => (day.year, day.month, day.day),
            _ => return Err(Failure::usage(format!("--today takes a day such as 2026-01-31, not {text:?}"))),
        },
    };
    let summary =
        wiring::with_server(&run.settings, async |server| crate::demo::seed(&server, arguments.patients, arguments.seed, today).await)?;
    if run.json {
        let answer = object! { "written": summary.written, "unchanged": summary.unchanged, "rejected": summary.rejected };
        println!("{}", fhir::json::to_string(&answer));
    } else {
        eprintln!("{} written, {} unchanged, in {:.1} s", summary.written, summary.unchanged, summary.seconds);
    }
    if summary.rejected > 0 {
        return Err(Failure::failed(format!("{} resources were refused", summary.rejected)));
    }
    Ok(())
}
