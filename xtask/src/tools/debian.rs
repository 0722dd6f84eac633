//! Programs of Debian.

use std::process::Command;

use crate::{Outcome, run};

/// Installs a Debian package, unless its program is there.
pub fn debian(program: &str, package: &str) -> Outcome {
    if Command::new(program).arg("--version").output().is_ok() {
        return Ok(());
    }
    let installed = run("apt-get", &["update", "--quiet"]).and_then(|()| run("apt-get", &["install", "--yes", "--quiet", package]));
    installed.map_err(|error| format!("the tests use {program}, and it could not be installed: {error}"))
}
