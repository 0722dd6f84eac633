//! The targets, compiled with the instrumentation that libFuzzer steers by.

use std::path::PathBuf;
use std::process::Command;

use crate::Outcome;

/// LLVM's coverage instrumentation, as its own passes: they need no nightly compiler.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Where everything of the fuzz targets is: their build, what they have learnt, what they found.
pub const FOLDER: &str = "target/fuzz";

/// Builds these targets. What runs while they are built is not instrumented: that is why the platform is named.
pub fn build(targets: &[&str]) -> Outcome {
    let platform = platform()?;
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--locked", "--quiet", "--manifest-path", "fuzz/Cargo.toml", "--target", &platform]);
    cargo.args(targets.iter().flat_map(|target| ["--bin", target])).env("CARGO_TARGET_DIR", FOLDER).env("RUSTFLAGS", FLAGS);
    eprintln!("$ cargo build, of the fuzz targets {}", targets.join(", "));
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the fuzz targets could not be built: {status}")),
        Err(error) => Err(format!("cargo: {error}")),
    }
}

/// The program of a target.
pub fn program(target: &str) -> Result<PathBuf, String> {
    Ok([FOLDER, &platform()?, "release", target].iter().collect())
}

/// The platform that the compiler runs on.
fn platform() -> Result<String, String> {
    let output = Command::new("rustc").arg("-vV").output().map_err(|error| format!("rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not say which platform it runs on".to_owned())
}
