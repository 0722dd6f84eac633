//! `cargo xtask test`: everything that proves Ward, with one command.

use std::process::Command;

use crate::{Outcome, run};

/// Checks the rules of the repository and runs the tests of all crates. Needs nothing but cargo and a C compiler;
/// uses `cargo nextest` where it is installed.
pub fn test() -> Outcome {
    crate::tidy::tidy()?;
    match crate::codegen::source_is_there() {
        true => crate::codegen::run(&["--check".to_owned()])?,
        false => println!("skipped: the definitions to generate from were not found"),
    }
    let nextest = Command::new("cargo").args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success());
    if nextest {
        run("cargo", &["nextest", "run", "--workspace", "--locked", "--no-fail-fast"])?;
        return run("cargo", &["test", "--workspace", "--locked", "--doc", "--quiet"]);
    }
    run("cargo", &["test", "--workspace", "--locked", "--no-fail-fast"])
}
