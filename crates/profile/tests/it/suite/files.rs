//! The files of the suite.

use std::collections::HashMap;
use std::sync::OnceLock;

use fhir::{Issue, IssueCode, Value};

use crate::packages;

/// All files by name, and the resources in them by what a reference says.
pub struct Files {
    texts: HashMap<String, Vec<u8>>,
    by_reference: OnceLock<HashMap<String, Value>>,
}

impl Files {
    pub fn new(files: Vec<(String, Vec<u8>)>) -> Self {
        Self { texts: files.into_iter().collect(), by_reference: OnceLock::new() }
    }

    fn by_reference(&self) -> &HashMap<String, Value> {
        self.by_reference.get_or_init(|| {
            let names = self.texts.keys().filter(|name| !name.contains('/'));
            let resources = names.filter_map(|name| self.resource(name).ok());
            resources.filter_map(|resource| Some((format!("{}/{}", resource.resource_type()?, resource.text("id")?), resource))).collect()
        })
    }

    /// Whether the suite has a file.
    pub fn has(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// A resource in JSON or XML, by its file's name.
    pub fn resource(&self, name: &str) -> Result<Value, Vec<Issue>> {
        let error = |text: String| vec![Issue::error(0, IssueCode::Structure, "", text)];
        let Some(text) = self.texts.get(name) else { return Err(error(format!("the suite has no file {name}"))) };
        if name.ends_with(".xml") {
            return fhir::xml::parse(text);
        }
        fhir::json::parse(text).map_err(|fault| error(fault.to_string()))
    }

    /// The resources of a package that the suite brings, or that is published here.
    pub fn package(&self, name: &str) -> Option<Vec<Value>> {
        if let Some(archive) = self.texts.get(name) {
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

impl fhirpath::Resolver for Files {
    fn resolve(&self, reference: &str) -> Option<&Value> {
        self.by_reference().get(reference)
    }
}
