//! `cargo xtask licences`: what Ward is built on may be built on.

use std::process::Command;

use serde_json::Value;

use crate::{Outcome, run};

/// Licences that ask for no more than a notice, or are about single files.
const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that must not come in, and why.
const BANNED: [(&str, &str); 3] = [
    ("openssl-sys", "TLS is rustls"),
    ("native-tls", "TLS is rustls"),
    ("rsa", "RUSTSEC-2023-0071: its private key operations can be timed"),
];

/// Refuses a dependency whose licence is not in the list or that is banned; then asks for known vulnerabilities, where the
/// list of them can be had.
pub fn licences() -> Outcome {
    let output =
        Command::new("cargo").args(["metadata", "--format-version", "1", "--locked"]).output().map_err(|error| error.to_string())?;
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    let problems: Vec<String> = packages.iter().filter_map(problem).collect();
    if !problems.is_empty() {
        return Err(problems.join("\n"));
    }
    println!("licences: {} packages, all allowed", packages.len());
    advisories()
}

fn problem(package: &Value) -> Option<String> {
    let name = package["name"].as_str()?;
    if let Some((_, why)) = BANNED.iter().find(|(banned, _)| *banned == name) {
        return Some(format!("{name} must not be a dependency: {why}"));
    }
    let licence = package["license"].as_str().unwrap_or("none");
    (!allows(licence)).then(|| format!("{name} has the licence {licence}, which is not in the list of xtask/src/licences.rs"))
}

/// Whether an SPDX expression can be met with [`ALLOWED`] licences: one side of each OR, both of each AND.
fn allows(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" AND ").all(|part| part.split(" OR ").any(|licence| ALLOWED.contains(&licence.trim())))
}

fn advisories() -> Outcome {
    let installed = Command::new("cargo").args(["audit", "--version"]).output().is_ok_and(|output| output.status.success());
    if !installed {
        println!("advisories: skipped, `cargo audit` is not installed");
        return Ok(());
    }
    let fetched = Command::new("cargo").args(["audit", "--quiet"]).output().map_err(|error| error.to_string())?;
    if String::from_utf8_lossy(&fetched.stderr).contains("couldn't fetch") {
        println!("advisories: skipped, the advisory database cannot be reached");
        return Ok(());
    }
    run("cargo", &["audit"])
}
