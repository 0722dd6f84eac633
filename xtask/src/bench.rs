//! `cargo xtask bench`: Ward beside the machine's limits, and beside a peer.

use crate::engines::Engines;
use crate::{Outcome, run};

/// Builds the release binaries, measures what `options` say, or everything, and writes it into `docs/benchmarks.md`.
pub fn bench(options: &[String]) -> Outcome {
    run("cargo", &["build", "--release", "--locked", "--package", "ward", "--package", "bench"])?;
    let engines = beside(options);
    let mut arguments: Vec<&str> = engines.iter().map(String::as_str).collect();
    arguments.extend(["target/release/bench", "target/release/ward", "docs/benchmarks.md"]);
    arguments.extend(options.iter().map(String::as_str));
    run("env", &arguments)
}

/// Where the engines of others are, as variables of the environment; none where they do not install, or are not asked for.
fn beside(options: &[String]) -> Vec<String> {
    let all = options.iter().all(|option| option != "--only" && option != "--profile");
    if !all && options.iter().all(|option| !option.contains("conformance")) {
        return Vec::new();
    }
    match Engines::install() {
        Ok(engines) => engines.variables().to_vec(),
        Err(error) => {
            eprintln!("bench: without the engines of others: {error}");
            Vec::new()
        }
    }
}
