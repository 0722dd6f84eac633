//! The cells, built once, and run for each mutant until one is red.

use std::path::Path;
use std::process::{Command, Output};

use crate::Outcome;

/// What notices, in the order in which it is asked: packages, and the tests of each by their beginning. The first are the cells of the matrix; the last are the tests of
/// single rules.
const SUITES: [(&str, &[&str]); 4] =
    [("conformance", &["roles::"]), ("interaction", &["access::"]), ("conformance", &["hidden::"]), ("access", &[""])];

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

/// The first test that is red while a check is out; `None`: all are green.
pub fn first_red(copy: &Path, mutant: Option<usize>) -> Result<Option<String>, String> {
    for (package, tests) in SUITES {
        let mut command = command(copy, package);
        command.args(["--fail-fast", "--failure-output", "never", "--status-level", "fail"]).args(tests);
        if let Some(number) = mutant {
            command.env("WARD_MUTANT", number.to_string());
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

/// A run of the tests of a package of the copy. The target folder is that of the repository: the libraries of others are in there, and the copy's own get other names.
fn command(copy: &Path, package: &str) -> Command {
    let mut command = Command::new("cargo");
    let target = std::env::current_dir().map_or_else(|_| "target".into(), |here| here.join("target"));
    command.args(["nextest", "run", "--locked", "--test", "it", "--package", package]).current_dir(copy);
    command.env("CARGO_TARGET_DIR", target).env("RUST_BACKTRACE", "0").env_remove("WARD_MUTANT");
    command
}
