//! The resources of a package.

use fhir::canonical::is_conformance;
use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Value};

use crate::{Wanted, codes};

/// A resource of a package.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The file that it is in: `package/StructureDefinition-us-core-patient.json`.
    pub file: String,
    /// Its type.
    pub kind: ResourceType,
    /// Its id.
    pub id: String,
    /// The resource.
    pub value: Value,
}

/// The resources of a package.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Those that are wanted, in the order of their files.
    pub resources: Vec<Resource>,
    /// The files whose content cannot be taken, and why.
    pub left_out: Vec<(String, Issue)>,
    /// How many resources are of types that were not asked for: examples.
    pub passed_over: usize,
}

impl Content {
    /// Reads files: their names and texts. `.index.json`, where a package lists its files, is not asked: the resources speak for themselves.
    pub(crate) fn of(files: Vec<(String, Vec<u8>)>, wanted: Wanted) -> Self {
        let mut content = Self::default();
        for (file, text) in files {
            match read(&file, &text) {
                Ok(resource) if wanted.examples || is_conformance(resource.kind) => content.resources.push(resource),
                Ok(_) => content.passed_over += 1,
                Err(issue) => content.left_out.push((file, issue)),
            }
        }
        content
    }
}

fn read(file: &str, text: &[u8]) -> Result<Resource, Issue> {
    let bad = |place: &str, rule: String| Issue::error(codes::BAD_RESOURCE, IssueCode::Structure, place, rule);
    let value = fhir::json::parse(text).map_err(|error| bad("", format!("it is not JSON: {error}")))?;
    let name = value.resource_type().ok_or_else(|| bad("", "it is no resource: it has no resourceType".to_owned()))?;
    let kind = ResourceType::parse(name).ok_or_else(|| bad("resourceType", format!("{name:.80} is no resource type of FHIR R4")))?;
    let id = value.text("id").ok_or_else(|| bad("id", "a resource of a package needs an id".to_owned()))?.to_owned();
    Ok(Resource { file: file.to_owned(), kind, id, value })
}
