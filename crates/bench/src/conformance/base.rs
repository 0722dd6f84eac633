//! Base R4: how many resources of Synthea one core judges by FHIR's own rules, those of structure included.

use std::hint::black_box;

use fhir::Value;
use fhir::check::{Allowances, check_with};
use profile::base::{Options, check};

use super::others::{Other, beside};
use super::{rate, skipped, synthea};
use crate::Failure;
use crate::bench::Bench;
use crate::files::write_ndjson;
use crate::page::Report;
use crate::page::line::{Line, median};

const WORK: &str = "base R4 validation of a resource of Synthea, one core";

/// How many a second there should be.
const AT_LEAST: f64 = 40_000.0;

/// How many Bundles are read.
const BUNDLES: usize = 20;

/// How many resources the engines of others are given: they read them all before they begin.
const FOR_OTHERS: usize = 2_000;

/// Judges the resources of some Bundles, all engines in turn.
pub fn measure(bench: &mut Bench, report: &mut Report) -> Result<(), Failure> {
    let Some(resources) = synthea("synthea/r4-transactions", BUNDLES)? else {
        report.lines.push(skipped(WORK));
        return Ok(());
    };
    let step = resources.len().div_ceil(FOR_OTHERS);
    let file = bench.scratch.path("judged.ndjson");
    write_ndjson(resources.iter().step_by(step), &file)?;
    let mut others = others();
    let (mut ours, mut structure) = (Vec::new(), Vec::new());
    for _ in 0..bench.arguments.rounds {
        structure.push(rate(&resources, |resource| drop(black_box(by_structure(resource)))));
        ours.push(rate(&resources, |resource| _ = black_box(by_structure(resource).len() + by_rules(resource))));
        for other in &mut others {
            other.measure(&[], &file)?;
        }
    }
    report.lines.push(beside(Line::at_least(WORK, "/s", &ours, AT_LEAST), &ours, &others));
    let bytes: usize = resources.iter().map(|resource| fhir::json::to_string(resource).len()).sum();
    report.text.push_str(&format!(
        "Base R4: {} resources of {} bytes on average, parsed beforehand; {:.1} µs each, of which {:.1} µs for structure. The engines of others get every \
         {step}th of them, parsed beforehand too; neither looks at FHIR's invariants.\n\n",
        resources.len(),
        bytes / resources.len(),
        1e6 / median(ours),
        1e6 / median(structure),
    ));
    Ok(())
}

fn by_structure(resource: &Value) -> Vec<fhir::Issue> {
    // What they refer to is told by identifiers: that is right in a transaction.
    check_with(resource, Allowances { conditional_references: true })
}

fn by_rules(resource: &Value) -> usize {
    let mut issues = Vec::new();
    check(resource, &Options::default(), &mut issues);
    issues.len()
}

/// The engines of others that were installed.
fn others() -> Vec<Other> {
    let node = Other::of_node("npm `fhir`, validation", "WARD_FHIR_NODE");
    let python = Other::of_python("PyPI `fhir.resources`, construction", "WARD_FHIR_PYTHON", "tests/clients/python/construct.py");
    node.into_iter().chain(python).collect()
}
