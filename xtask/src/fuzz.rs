//! `cargo xtask fuzz`: what comes in from outside, driven by coverage into every corner (libFuzzer on the stable toolchain).

mod build;
mod corpus;
mod round;

use std::num::NonZero;
use std::time::Duration;

use crate::Outcome;

/// The targets, each a file of `fuzz/targets`.
const TARGETS: [&str; 13] =
    ["json", "xml", "search", "bundle", "fhirpath", "patch", "package", "profile", "ecl", "jwt", "saml", "scopes", "policies"];

/// `[--seconds N] [TARGET…]`: builds the targets and runs them, as many at once as there are cores, each for so many seconds (60).
pub fn run(arguments: &[String]) -> Outcome {
    let usage = || format!("cargo xtask fuzz [--seconds N] [TARGET…], of these targets: {}", TARGETS.join(", "));
    let (mut seconds, mut chosen) = (60, Vec::new());
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match (word.as_str(), TARGETS.iter().find(|target| *target == word)) {
            ("--seconds", _) => seconds = words.next().and_then(|text| text.parse().ok()).ok_or_else(usage)?,
            (_, Some(target)) => chosen.push(*target),
            _ => return Err(usage()),
        }
    }
    let targets = if chosen.is_empty() { TARGETS.to_vec() } else { chosen };
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    fuzz(&targets, Duration::from_secs(seconds), cores)
}

/// Every target for half a minute, two at a time: part of `cargo xtask test`.
pub fn half_a_minute_each() -> Outcome {
    fuzz(&TARGETS, Duration::from_secs(30), 2)
}

fn fuzz(targets: &[&'static str], time: Duration, at_once: usize) -> Outcome {
    build::build(targets)?;
    let mut findings = Vec::new();
    for group in targets.chunks(at_once) {
        let runs: Vec<_> = group.iter().copied().map(|target| std::thread::spawn(move || round::run(target, time))).collect();
        for run in runs {
            match run.join().map_err(|_| "a fuzz run panicked".to_owned())? {
                Ok(line) => println!("{line}"),
                Err(finding) => findings.push(finding),
            }
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(findings.join("\n")) }
}
