//! FHIR's own examples, as trees.

use fhir::Value;

/// Their file names and the resources; `None` when they are not here.
pub(crate) fn examples() -> Option<Vec<(String, Value)>> {
    let parse = |(name, text): (String, Vec<u8>)| (name, fhir::json::parse(&text).expect("an example is JSON"));
    Some(published::examples()?.into_iter().map(parse).collect())
}
