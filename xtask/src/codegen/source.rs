//! Where the definitions are read from: a folder of gzipped bundles.

use std::fs::File;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::{list, repository, text};

/// A folder with HL7's definition bundles, each as `NAME.json.gz`.
pub(super) struct Source {
    directory: PathBuf,
}

impl Source {
    /// The folder named on the command line, or the shared data beside the repository (`WARD_SHARED` names another place).
    pub(super) fn find(directory: Option<PathBuf>) -> Result<Self, String> {
        let directory = directory.unwrap_or_else(|| {
            let shared = std::env::var_os("WARD_SHARED").map_or_else(|| repository().join("../shared"), PathBuf::from);
            shared.join("data/fhir-r4/definitions")
        });
        if directory.is_dir() {
            return Ok(Self { directory });
        }
        Err(format!("no definitions in {}: name a folder with HL7's R4 4.0.1 bundles (profiles-types.json.gz, …)", directory.display()))
    }

    /// The resources of one type in the bundles of these names, in their order.
    pub(super) fn resources(&self, resource_type: &str, bundles: &[&str]) -> Result<Vec<Value>, String> {
        let mut resources = Vec::new();
        for name in bundles {
            let path = self.directory.join(format!("{name}.json.gz"));
            let describe = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", path.display());
            let file = File::open(&path).map_err(|error| describe(&error))?;
            let bundle: Value = serde_json::from_reader(std::io::BufReader::new(GzDecoder::new(file))).map_err(|error| describe(&error))?;
            let entries = list(&bundle, "entry").iter().map(|entry| &entry["resource"]);
            resources.extend(entries.filter(|resource| text(resource, "resourceType") == resource_type).cloned());
        }
        Ok(resources)
    }
}
