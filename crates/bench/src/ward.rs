//! Ward's commands that are not `serve`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use fhir::Value;

use crate::Failure;
use crate::conformance::others::VARIABLES;

/// What an import came to.
pub struct Imported {
    /// How many a second, by the import's own account: from the first read to the last that is durable.
    pub per_second: f64,
    /// How many a second with the start of the process, the opening of the store and its closing.
    pub per_second_of_process: f64,
}

/// Imports files and folders into a data directory. Nothing may be refused.
pub fn import(ward: &Path, data_dir: &Path, paths: &[PathBuf]) -> Result<Imported, Failure> {
    let started = Instant::now();
    let mut command = command(ward, data_dir);
    command.args(["--json", "import", "--rejects"]).arg(data_dir.with_extension("rejects"));
    let output = run(command.args(paths))?;
    let seconds = started.elapsed().as_secs_f64();
    let summary = fhir::json::parse(&output.stdout).map_err(|error| format!("import: {error}"))?;
    let number = |name: &str| summary.get(name).and_then(Value::as_number).unwrap_or("0").parse::<f64>();
    let written = number("written")?;
    Ok(Imported { per_second: number("per_second")?, per_second_of_process: written / seconds })
}

/// All current resources of a data directory, without the stamps that the store gave them.
pub fn export(ward: &Path, data_dir: &Path) -> Result<Vec<Value>, Failure> {
    let output = run(command(ward, data_dir).arg("export"))?;
    let lines = output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| fhir::json::parse(line).map_err(|error| format!("export: {error}").into())).collect()
}

/// Loads code systems into a data directory.
pub fn load(ward: &Path, data_dir: &Path, paths: &[PathBuf]) -> Result<(), Failure> {
    run(command(ward, data_dir).args(["terminology", "load"]).args(paths)).map(drop)
}

/// Adds a package to a data directory.
pub fn add(ward: &Path, data_dir: &Path, package: &Path) -> Result<(), Failure> {
    run(command(ward, data_dir).args(["package", "add"]).arg(package)).map(drop)
}

/// A token for a data directory.
pub fn token(ward: &Path, data_dir: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let output = run(command(ward, data_dir).arg("token").args(arguments))?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn command(ward: &Path, data_dir: &Path) -> Command {
    let mut command = Command::new(ward);
    VARIABLES.iter().for_each(|name| _ = command.env_remove(name));
    command.arg("--data-dir").arg(data_dir);
    command
}

fn run(command: &mut Command) -> Result<Output, Failure> {
    let output = command.output()?;
    match output.status.success() {
        true => Ok(output),
        false => Err(format!("{command:?}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into()),
    }
}
