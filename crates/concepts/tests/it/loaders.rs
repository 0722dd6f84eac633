//! The loaders: each against what is published, and against small files that break a rule.

mod archives;
mod csv;
mod fhir_code_system;
mod icd_10_cm;
mod icd_10_pcs;
mod lists;
mod loinc;
mod mutated;
mod refused;
mod rxnorm;
mod snomed;
mod snomed_edition;
mod snomed_gps;

use std::path::Path;

/// Writes a file of a source.
fn put(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
    std::fs::write(path, text).expect("written");
}

/// What the format of a source was found to be.
fn format(path: &Path) -> &'static str {
    concepts::loader::detect(path).unwrap_or_else(|failure| panic!("{failure}")).name
}
