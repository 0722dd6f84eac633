//! What an operation answers.

use bytes::Bytes;
use fhir::{Value, json, object};
use store::commit::Instant;

/// What an operation answers: 200, and a resource.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The JSON text of the resource.
    pub resource: Bytes,
    /// Where a resource is that was stored on the way, below the base address: `Bundle/12/_history/1`.
    pub location: Option<String>,
    /// The version of the resource that the answer is about, and when it was written.
    pub version: Option<(u64, Instant)>,
}

impl Reply {
    /// A resource by its text.
    pub(crate) fn text(resource: impl Into<Bytes>) -> Self {
        Self { resource: resource.into(), location: None, version: None }
    }

    /// A resource.
    pub(crate) fn resource(resource: &Value) -> Self {
        Self::text(json::to_string(resource))
    }

    /// A Parameters resource with these parameters.
    pub(crate) fn parameters(parameters: Vec<Value>) -> Self {
        Self::resource(&object! { "resourceType": "Parameters", "parameter": parameters })
    }

    /// With the version that the answer is about.
    pub(crate) fn at_version(mut self, version: u64, last_updated: Instant) -> Self {
        self.version = Some((version, last_updated));
        self
    }
}
