//! `cargo xtask bench`: Ward beside the machine's limits, and beside a peer.

use crate::{Outcome, run};

/// Builds the release binaries, measures what `options` say, or everything, and writes it into `docs/benchmarks.md`.
pub fn bench(options: &[String]) -> Outcome {
    run("cargo", &["build", "--release", "--locked", "--package", "ward", "--package", "bench"])?;
    let mut arguments = vec!["target/release/ward", "docs/benchmarks.md"];
    arguments.extend(options.iter().map(String::as_str));
    run("target/release/bench", &arguments)
}
