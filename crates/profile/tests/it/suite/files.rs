//! The files of the suite.

use std::collections::HashMap;

use fhir::{Issue, IssueCode, Value};

use crate::packages;

/// All files by name.
pub struct Files(HashMap<String, Vec<u8>>);

impl Files {
    pub fn new(files: Vec<(String, Vec<u8>)>) -> Self {
        Self(files.into_iter().collect())
    }

    /// A resource in JSON or XML, by its file's name.
    pub fn resource(&self, name: &str) -> Result<Value, Vec<Issue>> {
        let error = |text: String| vec![Issue::error(0, IssueCode::Structure, "", text)];
        let Some(text) = self.0.get(name) else { return Err(error(format!("the suite has no file {name}"))) };
        if name.ends_with(".xml") {
            return fhir::xml::parse(text);
        }
        fhir::json::parse(text).map_err(|fault| error(fault.to_string()))
    }

    /// The resources of a package that the suite brings, or that is published here.
    pub fn package(&self, name: &str) -> Option<Vec<Value>> {
        if let Some(archive) = self.0.get(name) {
            return Some(packages::unpack(archive));
        }
        let known = match name {
            "hl7.fhir.us.core#8.0.0" => "us-core-8.0.0",
            "hl7.fhir.uv.sdc#4.0.0-ballot" => "hl7.fhir.uv.sdc-4.0.0-ballot",
            _ => return None,
        };
        packages::package(known)
    }
}
