//! Where the definitions are read from: a folder of gzipped bundles, or HL7's npm package.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::Command;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::{ORIGIN, repository};

/// A folder with HL7's definition bundles.
pub(super) struct Source {
    directory: PathBuf,
}

/// A bundle, by its name in a folder and in the package.
#[derive(Clone, Copy)]
pub(super) enum Bundle {
    Types,
    Resources,
    SearchParameters,
    Expansions,
    Extensions,
    Profiles,
    ValueSets,
    V2Tables,
    V3CodeSystems,
    ConceptMaps,
}

impl Bundle {
    /// `NAME.json.gz` in a folder of the shared data, `Bundle-NAME.json` in the package: the bytes inside are the same.
    fn file_names(self) -> [&'static str; 2] {
        match self {
            Bundle::Types => ["profiles-types.json.gz", "Bundle-types.json"],
            Bundle::Resources => ["profiles-resources.json.gz", "Bundle-resources.json"],
            Bundle::SearchParameters => ["search-parameters.json.gz", "Bundle-searchParams.json"],
            Bundle::Extensions => ["extension-definitions.json.gz", "Bundle-extensions.json"],
            Bundle::Profiles => ["profiles-others.json.gz", "Bundle-profiles-others.json"],
            Bundle::ValueSets => ["valuesets.json.gz", "Bundle-valuesets.json"],
            Bundle::V2Tables => ["v2-tables.json.gz", "Bundle-v2-valuesets.json"],
            Bundle::V3CodeSystems => ["v3-codesystems.json.gz", "Bundle-v3-valuesets.json"],
            Bundle::ConceptMaps => ["conceptmaps.json.gz", "Bundle-conceptmaps.json"],
            Bundle::Expansions => ["valueset-expansions.json.gz", "Bundle-valueset-expansions.json"],
        }
    }
}

impl Source {
    /// The folder named on the command line; else the shared data beside the repository (`WARD_SHARED` names another
    /// place); else HL7's package, which npm fetches into `target/`.
    pub(super) fn find(directory: Option<PathBuf>) -> Result<Self, String> {
        if let Some(directory) = directory {
            return match directory.is_dir() {
                true => Ok(Self { directory }),
                false => Err(format!("{} is no folder: name one with HL7's R4 4.0.1 definition bundles", directory.display())),
            };
        }
        Self::beside().map_or_else(Self::fetch, Ok)
    }

    /// The shared data beside the repository, when it is there.
    pub(super) fn beside() -> Option<Self> {
        let shared = std::env::var_os("WARD_SHARED").map_or_else(|| repository().join("../shared"), PathBuf::from);
        let directory = shared.join("data/fhir-r4/definitions");
        directory.is_dir().then_some(Self { directory })
    }

    fn fetch() -> Result<Self, String> {
        let folder = repository().join("target/definitions");
        let directory = folder.join("package");
        if directory.join("Bundle-types.json").is_file() {
            return Ok(Self { directory });
        }
        fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
        let archive = format!("{}.tgz", ORIGIN.replace('@', "-"));
        run(Command::new("npm").args(["pack", "--silent", ORIGIN]).current_dir(&folder))?;
        run(Command::new("tar").args(["-xzf", &archive]).current_dir(&folder))?;
        Ok(Self { directory })
    }

    /// The resources in a bundle, in their order.
    pub(super) fn resources(&self, bundle: Bundle) -> Result<Vec<Value>, String> {
        let mut bundle = self.read(bundle)?;
        let entries = bundle["entry"].as_array_mut().map(std::mem::take).unwrap_or_default();
        Ok(entries.into_iter().map(|mut entry| entry["resource"].take()).collect())
    }

    fn read(&self, bundle: Bundle) -> Result<Value, String> {
        let [zipped, plain] = bundle.file_names().map(|name| self.directory.join(name));
        let path = if plain.is_file() { plain } else { zipped };
        let describe = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", path.display());
        let stored = fs::read(&path).map_err(|error| describe(&error))?;
        let mut text = Vec::new();
        match path.extension().is_some_and(|extension| extension == "gz") {
            true => _ = GzDecoder::new(stored.as_slice()).read_to_end(&mut text).map_err(|error| describe(&error))?,
            false => text = stored,
        }
        serde_json::from_slice(&text).map_err(|error| describe(&error))
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let told = format!("{command:?}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{told} failed ({status}): is the registry reachable? Or name a folder with the definition bundles")),
        Err(error) => Err(format!("{told} could not be started: {error}. Or name a folder with the definition bundles")),
    }
}
