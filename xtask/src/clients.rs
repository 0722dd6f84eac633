//! `cargo xtask clients`: clients that nobody here wrote, each with a day's work, and libraries that read every answer.
//!
//! Between the clients and the server stands a proxy that keeps every answer; afterwards npm's `fhir` and PyPI's `fhir.resources` are asked
//! to read them all. A sweep adds answers of every kind that no client happens to ask for.

mod access;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::demo::Demo;
use crate::tools::{npm, python};
use crate::{Outcome, run};

/// Where the scripts are.
const NODE: &str = "tests/clients/node";
const PYTHON: &str = "tests/clients/python";

/// A day's work each, with the client of that name.
const NODE_DAYS: [&str; 3] = ["fhir-kit-client.mjs", "medplum-core.mjs", "fhirclient.mjs"];
const PYTHON_DAYS: [&str; 3] = ["sweep.py", "fhirpy_day.py", "fhirclient_day.py"];

/// Where the answers are kept.
const RECORDED: &str = "target/tmp/recorded";

/// Both parts, or with `open` or `access` one: clients that know of no tokens, and clients that sign in.
pub fn run_asked(asked: &[String]) -> Outcome {
    match asked.first().map(String::as_str) {
        None => run_open().and_then(|()| access::run_all()),
        Some("open") => run_open(),
        Some("access") => access::run_all(),
        Some(other) => Err(format!("cargo xtask clients [open|access], not {other}")),
    }
}

/// Lets every client do its work on one open server, and has all answers read.
fn run_open() -> Outcome {
    let python = python(&format!("{PYTHON}/requirements.txt"))?.join("python");
    let node = node_scripts()?;
    let demo = Demo::start("clients", 100)?;
    let recorder = Recorder::start(&python, &demo)?;
    for script in PYTHON_DAYS {
        run(&text(&python), &[&format!("{PYTHON}/{script}"), &recorder.address])?;
    }
    for script in NODE_DAYS {
        run("node", &[&text(&node.join(script)), &recorder.address])?;
    }
    drop(recorder);
    run("node", &[&text(&node.join("parse-recorded.mjs")), RECORDED])?;
    run(&text(&python), &[&format!("{PYTHON}/parse_recorded.py"), RECORDED])?;
    crate::outside::run_all()
}

/// Where npm's `fhir` and PyPI's `fhir.resources` are, for judging resources as fast as they can: variables of the environment, `NAME=value`.
pub fn validators() -> Result<[String; 2], String> {
    let (node, python) = (node_scripts()?.join("validate.mjs"), python(&format!("{PYTHON}/requirements.txt"))?.join("python"));
    Ok([format!("WARD_FHIR_NODE={}", node.display()), format!("WARD_FHIR_PYTHON={}", python.display())])
}

/// The scripts for Node, beside the packages that they import: that is where Node looks for them.
fn node_scripts() -> Result<PathBuf, String> {
    let folder = npm(&format!("{NODE}/package.json"))?;
    for script in NODE_DAYS.iter().chain(&["parse-recorded.mjs", "validate.mjs"]) {
        std::fs::copy(Path::new(NODE).join(script), folder.join(script)).map_err(|error| format!("{script}: {error}"))?;
    }
    Ok(folder)
}

/// The proxy that keeps the answers. It ends when it is dropped.
struct Recorder {
    process: Child,
    /// The FHIR endpoint behind it.
    address: String,
}

impl Recorder {
    fn start(python: &Path, demo: &Demo) -> Result<Self, String> {
        if Path::new(RECORDED).exists() {
            std::fs::remove_dir_all(RECORDED).map_err(|error| format!("{RECORDED}: {error}"))?;
        }
        let port = demo.address.rsplit(':').next().unwrap_or_default();
        let mut process = Command::new(python)
            .args([&format!("{PYTHON}/recorder.py"), port, RECORDED])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the recorder: {error}"))?;
        let mut line = String::new();
        let said = process.stdout.take().ok_or("the recorder says nothing")?;
        BufReader::new(said).read_line(&mut line).map_err(|error| format!("the recorder: {error}"))?;
        Ok(Self { process, address: format!("http://127.0.0.1:{}/fhir", line.trim()) })
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
