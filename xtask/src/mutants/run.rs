//! The cells, built once, and run for each mutant until one is red.

use std::path::Path;
use std::process::{Command, Output};

use crate::Outcome;

/// What notices, in the order in which it is asked: a package, and the beginning of its tests. The first are the cells of the matrix, over HTTP; then the same
/// questions to the interactions, single rules and the gate, twin databases, and the front door.
const SUITES: [(&str, &str); 5] =
    [("conformance", "roles::"), ("interaction", "access::"), ("access", ""), ("conformance", "hidden::"), ("rest", "")];

/// Builds what notices, with the libraries of others that are built already.
pub fn build(copy: &Path) -> Outcome {
    for (package, _) in SUITES {
        match command(copy, package).arg("--no-run").status() {
            Ok(status) if status.success() => {}
            other => return Err(format!("{package} with all mutants is not built: {other:?}")),
        }
    }
    Ok(())
}

/// The first test that is red while these checks are out; `None`: all are green. What noticed it the last time (`package test`) is asked before all others.
pub fn first_red(copy: &Path, out: &[usize], last: Option<&str>) -> Result<Option<String>, String> {
    let last = last.and_then(|by| by.split_once(' '));
    for (package, tests) in last.into_iter().chain(SUITES) {
        let mut command = command(copy, package);
        command.args(["--max-fail", "1:immediate", "--failure-output", "never", "--status-level", "fail", "--no-tests", "pass", tests]);
        // The first red cell is enough, and some types stand for all.
        command.env("WARD_CELLS", "few");
        if !out.is_empty() {
            command.env("WARD_MUTANT", out.iter().map(usize::to_string).collect::<Vec<_>>().join(","));
        }
        let output = command.output().map_err(|error| format!("cargo nextest: {error}"))?;
        if !output.status.success() {
            return Ok(Some(red(&output, package)));
        }
    }
    Ok(None)
}

/// The name of the first test that failed.
fn red(output: &Output, package: &str) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = text.lines().find(|line| ["FAIL", "SIGABRT", "SIGSEGV"].iter().any(|word| line.trim_start().starts_with(word)));
    let name = line.and_then(|line| line.split_whitespace().last()).unwrap_or("unknown");
    format!("{package} {name}")
}

/// A run of the tests of a package of the copy, in a target folder of its own: cargo would take its crates for those of the repository. Optimised a little, since
/// everything is built once and run for each mutant.
fn command(copy: &Path, package: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(["nextest", "run", "--locked", "--lib", "--test", "it", "--package", package]).current_dir(copy);
    command
        .env("CARGO_TARGET_DIR", "target")
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        .env("RUST_BACKTRACE", "0")
        .env_remove("WARD_MUTANT");
    command.env("RUSTFLAGS", "--cap-lints allow -C debuginfo=0");
    command
}
