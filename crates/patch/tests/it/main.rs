//! Patches: one module for each language, one for the published suites, one for random patches.

mod fhirpath_patch;
mod json_patch;
mod merge_patch;
mod random;
mod suites;
mod xml_patch;
