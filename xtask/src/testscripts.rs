//! `cargo xtask testscripts`: TestScripts that nobody here wrote, run against a server.

use std::path::{Path, PathBuf};

use crate::demo::Demo;
use crate::tools::python;
use crate::{Outcome, run};

/// The scripts with their fixtures, and FHIR's own examples, below the folder of shared data.
const SCRIPTS: &str = "suites/testscript/testscripts.zip";
const EXAMPLES: &str = "fhir-r4/examples/r4-examples-json.zip";

/// Runs all scripts on a fresh server; says that it skips them where they are not to be had.
pub fn run_all() -> Outcome {
    let shared = std::env::var_os("WARD_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from).join("data");
    let (scripts, examples) = (shared.join(SCRIPTS), shared.join(EXAMPLES));
    if !scripts.exists() || !examples.exists() {
        println!("skipped: the TestScripts were not found");
        return Ok(());
    }
    let python = python("tests/testscript/requirements.txt")?.join("python");
    let demo = Demo::start("testscripts", 1)?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let base = format!("{}/fhir", demo.address);
    run(&text(&python), &["tests/testscript/run.py", &base, &text(&scripts), &text(&examples), "tests/testscript/known.txt"])
}
