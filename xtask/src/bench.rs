//! `cargo xtask bench`: Ward beside the machine's limits.

use crate::{Outcome, run};

/// Builds the release binaries, measures, and writes `docs/benchmarks.md`.
pub fn bench() -> Outcome {
    run("cargo", &["build", "--release", "--locked", "--package", "ward", "--package", "bench"])?;
    run("target/release/bench", &["run", "target/release/ward", "docs/benchmarks.md"])
}
