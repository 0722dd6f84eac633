//! `cargo xtask engines`: FHIRPath as others have it, asked the same as Ward's.

use std::path::{Path, PathBuf};

use crate::tools::{npm, python};
use crate::{Outcome, run};

/// Where the scripts are, and what they import.
const FOLDER: &str = "tests/fhirpath";

/// The script for Node beside the package that it imports, and Python with its package.
pub struct Engines {
    node: PathBuf,
    python: PathBuf,
}

impl Engines {
    /// Installs them.
    pub fn install() -> Result<Self, String> {
        let node = npm(&format!("{FOLDER}/package.json"))?.join("evaluate.mjs");
        std::fs::copy(Path::new(FOLDER).join("evaluate.mjs"), &node).map_err(|error| format!("{}: {error}", node.display()))?;
        Ok(Self { node, python: python(&format!("{FOLDER}/requirements.txt"))?.join("python") })
    }

    /// Where they are, as variables of the environment: `NAME=value`.
    pub fn variables(&self) -> [String; 2] {
        let [node, python] = [&self.node, &self.python].map(|path| path.display());
        [format!("WARD_FHIRPATH_NODE={node}"), format!("WARD_FHIRPATH_PYTHON={python}")]
    }
}

/// Compares the answers of all engines to the same questions.
pub fn compare() -> Outcome {
    let variables = Engines::install()?.variables();
    let test = ["cargo", "test", "--quiet", "--locked", "--package", "fhirpath", "--test", "it", "engines", "--", "--nocapture"];
    let mut arguments: Vec<&str> = variables.iter().map(String::as_str).collect();
    arguments.extend(test);
    run("env", &arguments)
}
