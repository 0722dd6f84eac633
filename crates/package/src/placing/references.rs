//! References between the resources of a package: where these have other ids than in the package, references follow; to what is not stored, such as the
//! examples, they become absolute.

use std::collections::HashMap;

use fhir::Value;
use fhir::definitions::ResourceType;
use fhir::references::rewrite;

use super::Key;

/// The resource with its relative references as they have to be in the store. Without a canonical address of the package, those to what is not
/// stored stay as they are.
pub(super) fn rewritten(resource: &Value, canonical: Option<&str>, moved: &HashMap<(ResourceType, &str), &Key>) -> Value {
    let mut resource = resource.clone();
    rewrite(&mut resource, &mut |reference| {
        let (name, id) = reference.split_once('/')?;
        match ResourceType::parse(name).and_then(|kind| moved.get(&(kind, id))) {
            Some((kind, id)) => Some(format!("{}/{id}", kind.name())),
            // Types of later versions of FHIR are named in guides, too.
            None if is_type_name(name) => canonical.map(|canonical| format!("{canonical}/{reference}")),
            None => None,
        }
    });
    resource
}

fn is_type_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.chars().all(|letter| letter.is_ascii_alphabetic())
}
