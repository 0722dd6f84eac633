//! What lies around the elements of a resource: the other resources of the Bundle it is in, and the value sets that invariants ask for.

use std::collections::HashMap;

use fhir::Value;
use fhirpath::{Resolver, Terminology};

use crate::binding::Binding;

/// How long a relative reference is, as the end of an address: `Patient/1`.
const RELATIVE_PARTS: usize = 2;

/// For the whole of a validation.
pub(super) struct Surroundings<'w> {
    binding: &'w dyn Binding,
    outside: Option<&'w dyn Resolver>,
    /// The resources of the outermost Bundle by `fullUrl`, and by the last two parts of it.
    entries: HashMap<&'w str, &'w Value>,
    pub(super) is_bundle: bool,
}

impl<'w> Surroundings<'w> {
    pub(super) fn of(resource: &'w Value, binding: &'w dyn Binding, outside: Option<&'w dyn Resolver>) -> Self {
        let is_bundle = resource.resource_type() == Some("Bundle");
        let mut entries = HashMap::new();
        for entry in resource.list("entry").filter(|_| is_bundle) {
            let (Some(url), Some(resource)) = (entry.text("fullUrl"), entry.get("resource")) else { continue };
            entries.entry(url).or_insert(resource);
            let named_by_id = resource.text("id").is_some_and(|id| url.rsplit('/').next() == Some(id));
            if let Some(relative) = last_parts(url).filter(|_| named_by_id) {
                entries.entry(relative).or_insert(resource);
            }
        }
        Self { binding, outside, entries, is_bundle }
    }

    /// Whether references can be followed beyond what is contained.
    pub(super) fn reaches_out(&self) -> bool {
        self.is_bundle || self.outside.is_some()
    }

    /// What a reference points to outside of all that is validated.
    pub(super) fn outside(&self, reference: &str) -> Option<&'w Value> {
        self.outside?.resolve(reference)
    }

    /// The resource of the Bundle that a reference points to.
    pub(super) fn entry(&self, reference: &str) -> Option<&'w Value> {
        let address = reference.split("/_history/").next()?;
        self.entries.get(reference).or_else(|| self.entries.get(address)).copied()
    }
}

/// `Patient/1` of `http://example.org/fhir/Patient/1`.
fn last_parts(url: &str) -> Option<&str> {
    let (at, _) = url.rmatch_indices('/').nth(RELATIVE_PARTS - 1)?;
    url.get(at + 1..)
}

impl Resolver for Surroundings<'_> {
    fn resolve(&self, reference: &str) -> Option<&Value> {
        self.entry(reference).or_else(|| self.outside(reference))
    }
}

impl Terminology for Surroundings<'_> {
    fn member_of(&self, value_set: &str, system: Option<&str>, code: &str) -> Option<bool> {
        self.binding.member_of(value_set, system, code)
    }

    fn subsumes(&self, system: &str, code: &str, other: &str) -> Option<bool> {
        self.binding.subsumes(system, code, other)
    }
}
