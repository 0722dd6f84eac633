//! Engines of others that do the same: `cargo xtask bench` installs them, and says in the environment where they are.

use std::path::Path;
use std::process::Command;

use fhir::Value;

use super::SECONDS;
use crate::Failure;
use crate::page::line::{Line, median, spread};

/// The variables that say where they are. Ward takes what begins like them for its settings, so it is not given them.
pub const VARIABLES: [&str; 4] = ["WARD_FHIRPATH_NODE", "WARD_FHIRPATH_PYTHON", "WARD_FHIR_NODE", "WARD_FHIR_PYTHON"];

/// An engine of others.
pub struct Other {
    /// What it is, and what it does.
    name: &'static str,
    program: String,
    script: String,
    version: String,
    rates: Vec<f64>,
}

impl Other {
    /// The engine whose script for Node a variable names; `None` when it was not installed.
    pub fn of_node(name: &'static str, variable: &str) -> Option<Self> {
        Some(Self::new(name, "node".to_owned(), std::env::var(variable).ok()?))
    }

    /// The engine whose Python a variable names; `None` when it was not installed.
    pub fn of_python(name: &'static str, variable: &str, script: &str) -> Option<Self> {
        Some(Self::new(name, std::env::var(variable).ok()?, script.to_owned()))
    }

    fn new(name: &'static str, program: String, script: String) -> Self {
        Self { name, program, script, version: String::new(), rates: Vec::new() }
    }

    /// Takes one measurement: what the script is given beside a file and the seconds. What it says that it found.
    pub fn measure(&mut self, before: &[&str], file: &Path) -> Result<Option<f64>, Failure> {
        let answer = Command::new(&self.program).arg(&self.script).args(before).arg(file).arg(SECONDS.to_string()).output()?;
        let answer = fhir::json::parse(&answer.stdout)
            .map_err(|_| format!("{} gave no figure: {}", self.name, String::from_utf8_lossy(&answer.stderr)))?;
        let number = |name| answer.get(name).and_then(Value::as_number).and_then(|number| number.parse::<f64>().ok());
        self.rates.push(number("per_second").ok_or("the figure is missing")?);
        self.version = answer.text("version").unwrap_or_default().to_owned();
        Ok(number("items"))
    }

    /// Its name, for messages.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// The line with what the others did, and how much faster Ward is.
pub fn beside(line: Line, ours: &[f64], others: &[Other]) -> Line {
    if others.is_empty() {
        return line.with_note("the engines of others did not install");
    }
    others.iter().fold(line, |line, Other { name, version, rates, .. }| {
        let times = median(ours.to_vec()) / median(rates.clone());
        line.with_note(&format!("{name} {version}: {} /s, one {}th of it", spread(rates), crate::page::line::figure(times.round())))
    })
}
