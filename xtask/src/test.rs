//! `cargo xtask test`: everything that proves Ward, with one command.

use std::process::Command;

use crate::{Outcome, run};

/// Installs what the tests use beside cargo and a C compiler, checks the rules of the repository, and runs the tests of all crates;
/// with `cargo nextest` where it is installed.
pub fn test() -> Outcome {
    install("curl")?;
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

/// Installs a program from Debian's package of the same name, unless it is there.
fn install(program: &str) -> Outcome {
    if Command::new(program).arg("--version").output().is_ok() {
        return Ok(());
    }
    let installed = run("apt-get", &["update", "--quiet"]).and_then(|()| run("apt-get", &["install", "--yes", "--quiet", program]));
    installed.map_err(|error| format!("the tests use {program}, and it could not be installed: {error}"))
}
