//! `cargo xtask bench`: Ward beside the machine's limits, and beside a peer.

use crate::engines::Engines;
use crate::{Outcome, clients, run};

/// Builds the release binaries, measures what `options` say, or everything, and writes it into `docs/benchmarks.md`.
pub fn bench(options: &[String]) -> Outcome {
    run("cargo", &["build", "--release", "--locked", "--package", "ward", "--package", "bench"])?;
    let engines = beside(options);
    let mut arguments: Vec<&str> = engines.iter().map(String::as_str).collect();
    arguments.extend(["target/release/bench", "target/release/ward", "docs/benchmarks.md"]);
    arguments.extend(options.iter().map(String::as_str));
    run("env", &arguments)
}

/// Where the engines of others are, as variables of the environment; those that do not install, or are not asked for, have none.
fn beside(options: &[String]) -> Vec<String> {
    // The values of the other options are numbers.
    let mut parts =
        options.iter().filter(|word| *word == "--profile" || word.starts_with(|letter: char| letter.is_ascii_lowercase())).peekable();
    if parts.peek().is_some() && parts.all(|part| !part.contains("conformance")) {
        return Vec::new();
    }
    let fhirpath = Engines::install().map(|engines| engines.variables());
    let installed = [fhirpath, clients::validators()]
        .into_iter()
        .filter_map(|variables| variables.inspect_err(|error| eprintln!("bench: without some of the engines of others: {error}")).ok());
    installed.flatten().collect()
}
