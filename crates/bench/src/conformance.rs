//! The engines that give FHIR its meaning, each on one core and beside engines of others that install from a registry.
//!
//! A figure is a function in a file of its own, which adds its lines to the report.

mod fhirpath;

use crate::Failure;
use crate::bench::Bench;
use crate::page::Report;

/// Measures one engine after the other.
pub fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let mut report = Report::default();
    fhirpath::measure(bench, &mut report)?;
    Ok(report)
}
