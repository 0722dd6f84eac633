//! The references of a resource on its way in.

use fhir::Value;
use fhir::definitions::ResourceType;
use fhir::references::rewrite;

use super::Preparer;
use crate::import::target::Chosen;

/// What became of the references by search criteria.
#[derive(Default)]
pub struct Unresolved {
    /// The types whose criteria chose not exactly one resource, and whether they chose several.
    pub kinds: Vec<(ResourceType, bool)>,
}

/// Makes references lead where `known` says, and those by search criteria to the resource that they choose.
///
/// Must be called from a thread that may block.
pub fn resolve(preparer: &Preparer, resource: &mut Value, known: &dyn Fn(&str) -> Option<String>) -> Unresolved {
    let mut unresolved = Unresolved::default();
    rewrite(resource, &mut |reference| {
        let found = known(reference);
        if found.is_some() {
            return found;
        }
        let (kind, query) = reference.split_once('?')?;
        let kind = ResourceType::parse(kind)?;
        let chosen = preparer.criteria.resolve(kind, query);
        if let Chosen::One(found) = chosen {
            return Some(found);
        }
        unresolved.kinds.push((kind, chosen == Chosen::Several));
        None
    });
    unresolved
}
