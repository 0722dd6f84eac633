//! A patch in one of its languages.

use fhir::{Issue, Value};

use crate::fhirpath_patch::FhirPathPatch;
use crate::json_patch::JsonPatch;
use crate::merge_patch::MergePatch;
use crate::prune::prune;
use crate::xml_patch::XmlPatch;

/// A patch that was read, ready to be applied to any resource.
#[derive(Clone, Debug)]
pub enum Patch {
    /// `application/json-patch+json`.
    Json(JsonPatch),
    /// `application/xml-patch+xml`.
    Xml(XmlPatch),
    /// `application/merge-patch+json`.
    Merge(MergePatch),
    /// A Parameters resource.
    FhirPath(FhirPathPatch),
}

impl Patch {
    /// Reads a JSON Patch. The errors are [`JsonPatch::read`]'s.
    pub fn json(text: &[u8]) -> Result<Self, Vec<Issue>> {
        JsonPatch::parse(text).map(Patch::Json)
    }

    /// Reads an XML Patch. The errors are [`XmlPatch::parse`]'s.
    pub fn xml(text: &[u8]) -> Result<Self, Vec<Issue>> {
        XmlPatch::parse(text).map(Patch::Xml)
    }

    /// Reads a JSON Merge Patch. The errors are [`MergePatch::parse`]'s.
    pub fn merge(text: &[u8]) -> Result<Self, Vec<Issue>> {
        MergePatch::parse(text).map(Patch::Merge)
    }

    /// Reads a FHIRPath Patch. The errors are [`FhirPathPatch::read`]'s.
    pub fn parameters(parameters: &Value) -> Result<Self, Vec<Issue>> {
        FhirPathPatch::read(parameters).map(Patch::FhirPath)
    }

    /// The resource with all changes. Lists and elements that an operation has left empty are not in it, as FHIR's formats have none.
    ///
    /// The resource must have been checked. What comes out has not: it may break any rule, and even be no resource.
    ///
    /// The error is the first operation that cannot be done, its index and path named; an XML Patch that makes something that is no
    /// FHIR gives all problems of that.
    pub fn apply(&self, resource: &Value) -> Result<Value, Vec<Issue>> {
        let mut patched = resource.clone();
        match self {
            Patch::Json(patch) => patch.apply(&mut patched).map_err(|issue| vec![issue])?,
            Patch::Xml(patch) => patched = patch.apply_to_resource(resource)?,
            Patch::Merge(patch) => patch.apply(&mut patched).map_err(|issue| vec![issue])?,
            Patch::FhirPath(patch) => patch.apply(&mut patched).map_err(|issue| vec![issue])?,
        }
        prune(&mut patched);
        Ok(patched)
    }
}
