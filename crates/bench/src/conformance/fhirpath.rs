//! FHIRPath: how often a second an expression is evaluated on a parsed Patient.

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use ::fhirpath::{Context, Expression, Item};
use fhir::Value;

use crate::Failure;
use crate::bench::Bench;
use crate::hospital;
use crate::page::Report;
use crate::page::line::{Line, median, spread};

const EXPRESSION: &str = "name.where(use='official').given";

/// How many a second there should be.
const AT_LEAST: f64 = 1_000_000.0;

/// How long each engine evaluates in a round, in seconds.
const SECONDS: f64 = 1.0;

/// An engine of others: its name, where `cargo xtask bench` says that it is, and how it is called.
struct Other {
    name: &'static str,
    program: String,
    script: String,
}

/// Evaluates on the first patient of the hospital, all engines in turn.
pub fn measure(bench: &mut Bench, report: &mut Report) -> Result<(), Failure> {
    let patient = hospital::of_type(bench.hospital(), "Patient").next().ok_or("the hospital has no patient")?.clone();
    let file = bench.scratch.path("patient.json");
    std::fs::write(&file, fhir::json::to_string(&patient))?;
    let others = others();
    let (mut ours, mut theirs) = (Vec::new(), vec![Vec::new(); others.len()]);
    let mut versions = vec![String::new(); others.len()];
    for _ in 0..bench.arguments.rounds {
        ours.push(rate(&patient)?);
        for (index, other) in others.iter().enumerate() {
            let answer = Command::new(&other.program).args([&other.script, EXPRESSION]).arg(&file).arg(SECONDS.to_string()).output()?;
            let answer = fhir::json::parse(&answer.stdout).map_err(|_| format!("{} gave no figure", other.name))?;
            let number = |name| answer.get(name).and_then(Value::as_number).and_then(|number| number.parse::<f64>().ok());
            if number("items") != Some(items(&patient)? as f64) {
                return Err(format!("{} finds something else", other.name).into());
            }
            theirs[index].push(number("per_second").ok_or("the figure is missing")?);
            versions[index] = answer.text("version").unwrap_or_default().to_owned();
        }
    }
    let mut line = Line::at_least(&format!("FHIRPath `{EXPRESSION}` on a parsed Patient, one core"), "/s", &ours, AT_LEAST);
    for ((other, rates), version) in others.iter().zip(&theirs).zip(&versions) {
        let times = median(ours.clone()) / median(rates.clone());
        line = line.with_note(&format!("{} {version}: {} /s, {times:.0} times slower", other.name, spread(rates)));
    }
    report.lines.push(if others.is_empty() { line.with_note("the engines of others did not install") } else { line });
    report.text.push_str("The expressions are parsed and the resources read beforehand, for all engines.\n");
    Ok(())
}

/// The engines of others that were installed.
fn others() -> Vec<Other> {
    let folder = |name| std::env::var(name).ok();
    let node = folder("WARD_FHIRPATH_NODE").map(|script| Other { name: "npm `fhirpath`", program: "node".to_owned(), script });
    let python = folder("WARD_FHIRPATH_PYTHON").map(|program| Other {
        name: "PyPI `fhirpathpy`",
        program,
        script: "tests/fhirpath/evaluate.py".to_owned(),
    });
    node.into_iter().chain(python).collect()
}

/// How many items the expression finds.
fn items(patient: &Value) -> Result<usize, Failure> {
    Ok(Expression::parse(EXPRESSION)?.evaluate(&Context::new(patient), &Item::resource(patient))?.len())
}

/// Evaluations a second.
fn rate(patient: &Value) -> Result<f64, Failure> {
    let expression = Expression::parse(EXPRESSION)?;
    let (context, item) = (Context::new(patient), Item::resource(patient));
    let (started, mut count) = (Instant::now(), 0);
    while started.elapsed().as_secs_f64() < SECONDS {
        for _ in 0..1000 {
            black_box(expression.evaluate(black_box(&context), black_box(&item))?);
        }
        count += 1000;
    }
    Ok(f64::from(count) / started.elapsed().as_secs_f64())
}
