//! US Core: how many resources of Synthea one core judges by the profiles that they claim, their codes looked up.

use std::hint::black_box;

use fhir::Value;
use fhir::library::{Shelf, Stacked};
use interaction::Rulebook;
use package::{Limits, Package, Wanted};
use profile::binding::Nobody;
use profile::{Options, Plans, validate};

use super::{rate, skipped, synthea};
use crate::Failure;
use crate::bench::Bench;
use crate::page::Report;
use crate::page::line::{Line, median};

const WORK: &str = "US Core validation of a US Core resource of Synthea, one core";

/// How many a second there should be.
const AT_LEAST: f64 = 10_000.0;

/// How many patients' Bundles are read.
const BUNDLES: usize = 6;

/// Judges the resources that claim a profile.
pub fn measure(bench: &mut Bench, report: &mut Report) -> Result<(), Failure> {
    let guide = published::data("ig/us-core-3.1.1.tgz");
    let (Some(mut resources), Some(guide)) = (synthea("synthea/r4-uscore-2021", BUNDLES)?, guide) else {
        report.lines.push(skipped(WORK));
        return Ok(());
    };
    resources.retain(|resource| resource.get("meta").is_some_and(|meta| meta.get("profile").is_some()));
    let guide = Package::read(&std::fs::read(guide)?, Wanted::default(), Limits::default()).map_err(|issue| issue.to_string())?;
    let shelf = Shelf::new(guide.content.resources.into_iter().map(|resource| resource.value));
    let library = Stacked { upper: &shelf, lower: base::library() };
    let (rulebook, plans, options) = (Rulebook::default(), Plans::new(), Options::default());
    let everything = |resource: &Value| rulebook.everything(resource, &[], &library).len();
    let profiles = |resource: &Value| validate(resource, &[], &options, &plans, &library, &Nobody).len();
    // What is compiled once is compiled before it is measured.
    let issues: usize = resources.iter().map(|resource| everything(resource) + profiles(resource)).sum();
    let (mut all, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..bench.arguments.rounds {
        all.push(rate(&resources, |resource| _ = black_box(everything(resource))));
        alone.push(rate(&resources, |resource| _ = black_box(profiles(resource))));
    }
    report.lines.push(Line::at_least(WORK, "/s", &all, AT_LEAST));
    report.text.push_str(&format!(
        "US Core 3.1.1: {} resources, each by FHIR's own rules, by the profiles that it claims, and with its codes looked up: {:.1} µs, of which {:.1} µs for \
         the profiles. {issues} issues are told of them, warnings and hints included. No engine on npm or PyPI judges by the profiles of a guide.\n\n",
        resources.len(),
        1e6 / median(all),
        1e6 / median(alone),
    ));
    Ok(())
}
