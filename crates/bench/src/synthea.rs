//! Synthea's patients, where the shared data is here.

use std::path::PathBuf;

use crate::Failure;
use crate::files::Scratch;

/// What a part says where the data is not here.
pub const MISSING: &str = "the shared data is not here";

/// A transaction Bundle.
pub struct Bundle {
    /// Its text, without white space.
    pub text: String,
    /// How many resources it has.
    pub resources: usize,
}

/// Transaction Bundles, those that others refer to first; `None` where the shared data is not here.
pub fn bundles() -> Result<Option<Vec<Bundle>>, Failure> {
    let Some(folder) = published::data("synthea/r4-transactions") else { return Ok(None) };
    let mut files: Vec<PathBuf> = folder.read_dir()?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "gz"));
    files.sort_by_key(|file| (!file.to_string_lossy().contains("Information"), file.clone()));
    let read = |file: &PathBuf| {
        let bundle = fhir::json::parse(&published::gunzip(file)).map_err(|error| error.message)?;
        Ok(Bundle { text: fhir::json::to_string(&bundle), resources: bundle.list("entry").count() })
    };
    files.iter().map(read).collect::<Result<_, Failure>>().map(Some)
}

/// The Bundles as files in a folder, which is returned, in their order by name.
pub fn files(bundles: &[Bundle], scratch: &Scratch) -> Result<PathBuf, Failure> {
    let folder = scratch.folder("synthea")?;
    for (place, bundle) in bundles.iter().enumerate() {
        std::fs::write(folder.join(format!("{place:03}.json")), &bundle.text)?;
    }
    Ok(folder)
}
