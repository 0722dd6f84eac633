//! FHIRPath: how often a second an expression is evaluated on a parsed Patient.

use std::hint::black_box;

use ::fhirpath::{Context, Expression, Item};
use fhir::Value;

use super::others::{Other, beside};
use super::rate;
use crate::Failure;
use crate::bench::Bench;
use crate::hospital;
use crate::page::Report;
use crate::page::line::Line;

const EXPRESSION: &str = "name.where(use='official').given";

/// How many a second there should be.
const AT_LEAST: f64 = 1_000_000.0;

/// Other expressions, of which nothing is asked.
const MORE: [&str; 4] = [
    "Patient.telecom.where(system='phone')",
    "birthDate <= @2020-01-01 and active",
    "identifier.value | name.family",
    "Patient.deceased.exists() and Patient.deceased != false",
];

/// Evaluates on the first patient of the hospital, all engines in turn.
pub fn measure(bench: &mut Bench, report: &mut Report) -> Result<(), Failure> {
    let patient = hospital::of_type(bench.hospital(), "Patient").next().ok_or("the hospital has no patient")?.clone();
    let file = bench.scratch.path("patient.json");
    std::fs::write(&file, fhir::json::to_string(&patient))?;
    let mut others = others();
    let found = items(&patient)? as f64;
    let mut ours = Vec::new();
    for _ in 0..bench.arguments.rounds {
        ours.push(evaluations(&patient, EXPRESSION)?);
        for other in &mut others {
            if other.measure(&[EXPRESSION], &file)? != Some(found) {
                return Err(format!("{} finds something else", other.name()).into());
            }
        }
    }
    let line = Line::at_least(&format!("FHIRPath `{EXPRESSION}` on a parsed Patient, one core"), "/s", &ours, AT_LEAST);
    report.lines.push(beside(line, &ours, &others));
    report
        .text
        .push_str("FHIRPath: the expressions are parsed and the resources read beforehand, for all engines. Others on the same Patient:");
    for expression in MORE {
        report.text.push_str(&format!(" `{expression}` {:.0} ns;", 1e9 / evaluations(&patient, expression)?));
    }
    let parses = rate(&[EXPRESSION], |text| drop(black_box(Expression::parse(text))));
    report.text.push_str(&format!(" to parse the one above {:.0} ns.\n\n", 1e9 / parses));
    Ok(())
}

/// The engines of others that were installed.
fn others() -> Vec<Other> {
    let node = Other::of_node("npm `fhirpath`", "WARD_FHIRPATH_NODE");
    let python = Other::of_python("PyPI `fhirpathpy`", "WARD_FHIRPATH_PYTHON", "tests/fhirpath/evaluate.py");
    node.into_iter().chain(python).collect()
}

/// How many items the expression finds.
fn items(patient: &Value) -> Result<usize, Failure> {
    Ok(Expression::parse(EXPRESSION)?.evaluate(&Context::new(patient), &Item::resource(patient))?.len())
}

/// Evaluations a second.
fn evaluations(patient: &Value, expression: &str) -> Result<f64, Failure> {
    let expression = Expression::parse(expression)?;
    let (context, item) = (Context::new(patient), Item::resource(patient));
    // A clock is looked at now and then only: that takes as long as an evaluation.
    Ok(rate(&[(); 1000], |()| drop(black_box(expression.evaluate(black_box(&context), black_box(&item))))))
}
