//! How many resources of Synthea's one core judges by base R4: `cargo bench -p profile --bench base`. Under callgrind, `-- once` judges each once.

use std::hint::black_box;
use std::time::Instant;

use fhir::Value;
use fhir::check::{Allowances, check_with};
use profile::base::{Options, check};

fn main() {
    let Some(folder) = published::data("synthea/r4-transactions") else { return };
    let mut files: Vec<_> = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "gz"));
    files.sort();
    let bundles: Vec<Value> = files.iter().take(20).map(|file| fhir::json::parse(&published::gunzip(file)).expect("JSON")).collect();
    let resources: Vec<&Value> = bundles.iter().flat_map(|bundle| bundle.list("entry")).filter_map(|entry| entry.get("resource")).collect();
    let is_counted = std::env::args().any(|argument| argument == "once");
    let allowances = Allowances { conditional_references: true };
    let structure = |resource: &Value| check_with(resource, allowances).len();
    let base = |resource: &Value| {
        let mut issues = Vec::new();
        check(resource, &Options::default(), &mut issues);
        issues.len()
    };
    if is_counted {
        println!("{} resources", resources.len());
        resources.iter().for_each(|resource| _ = black_box(base(resource)));
        return;
    }
    let bytes: usize = resources.iter().map(|resource| fhir::json::to_string(resource).len()).sum();
    println!("{} resources of {} bytes", resources.len(), bytes / resources.len());
    rate("fhir::check", &resources, structure);
    rate("base::check", &resources, base);
    rate("both", &resources, |resource| structure(resource) + base(resource));
}

/// The best of some rounds: other work on the machine only makes it slower.
fn rate(name: &str, resources: &[&Value], judge: impl Fn(&Value) -> usize) {
    let mut best = f64::MAX;
    let mut issues = 0;
    for _ in 0..8 {
        let start = Instant::now();
        issues = resources.iter().map(|resource| judge(black_box(resource))).sum();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!(
        "{name}: {:.0} resources/s, {:.2} µs each, {issues} issues",
        resources.len() as f64 / best,
        best * 1e6 / resources.len() as f64
    );
}
