//! How a request finds value sets: what came along, the library, what a code system says of all its concepts, and addresses that say all.

use std::sync::Arc;

use fhir::canonical::Canonical;
use fhir::library::Library;

use super::Session;
use crate::cache::Index;
use crate::error::TerminologyError;
use crate::messages;
use crate::request::Subject;
use crate::value_set::{ValueSet, implicit};
use crate::version;

impl Session<'_> {
    /// The value set that a request is about.
    ///
    /// # Errors
    /// When it cannot be found.
    pub(crate) fn subject(&self, subject: &Subject) -> Result<Arc<ValueSet>, TerminologyError> {
        match subject {
            Subject::Resource(resource) => Ok(Arc::new(ValueSet::read(Arc::new(resource.clone())))),
            Subject::Context(context) => {
                let unknown = || TerminologyError::not_found(messages::unknown_context(context));
                let bound = self.bound(context).ok_or_else(unknown)?;
                self.subject(&Subject::Url { url: bound, version: None })
            }
            Subject::Url { url, version } => {
                let canonical = Canonical::parse(url);
                let stated = version.as_deref().or(canonical.version);
                let wanted = self.version_for(canonical.url, stated, true);
                let unknown = || {
                    let message = messages::unknown_value_set(&crate::canonical(canonical.url, wanted.as_deref()));
                    TerminologyError::not_found(message)
                };
                self.value_set(canonical.url, wanted.as_deref()).ok_or_else(unknown)
            }
        }
    }

    /// The value set that an element is bound to: `StructureDefinition#path`.
    fn bound(&self, context: &str) -> Option<String> {
        let canonical = Canonical::parse(context);
        let path = canonical.fragment?;
        let find = |library: &dyn Library| library.find("StructureDefinition", &canonical);
        let structure = find(self.brought()).or_else(|| find(self.engine.library))?;
        let views = ["snapshot", "differential"].into_iter().filter_map(|view| structure.get(view));
        let mut elements = views.flat_map(|view| view.list("element"));
        let element = elements.find(|element| element.text("path") == Some(path) || element.text("id") == Some(path))?;
        element.get("binding")?.text("valueSet").map(str::to_owned)
    }

    /// The address of a value set that another one includes, with the version that the rules say.
    pub(crate) fn pinned(&self, reference: &str) -> String {
        let canonical = Canonical::parse(reference);
        if canonical.url.is_empty() {
            return reference.to_owned();
        }
        crate::canonical(canonical.url, self.version_for(canonical.url, canonical.version, true).as_deref())
    }

    /// The value set that a reference in another one names: an address, or `#id` of one contained there.
    pub(crate) fn included(&self, reference: &str, from: &ValueSet) -> Option<Arc<ValueSet>> {
        if reference.starts_with('#') {
            return from.contained(reference).map(Arc::new);
        }
        let canonical = Canonical::parse(reference);
        self.value_set(canonical.url, canonical.version)
    }

    /// The value set of an address, and of this version when one is named; parts of it may be `x`.
    pub(crate) fn value_set(&self, url: &str, version: Option<&str>) -> Option<Arc<ValueSet>> {
        let on_shelf = || find(&self.shelf, url, version).map(ValueSet::read).or_else(|| all_of_a_system(&self.shelf_index, url));
        if let Some(found) = self.has_shelf.then(on_shelf).flatten() {
            return Some(Arc::new(found));
        }
        let make = || {
            let resource = find(self.engine.library, url, version).map(ValueSet::read);
            let of_system = || all_of_a_system(&self.engine.cache.index(self.engine.library), url);
            let of_table = || self.engine.tables.with_value_set(url).map(|system| all_of(&system, url));
            resource.or_else(|| implicit::value_set(url)).or_else(of_system).or_else(of_table).map(Arc::new)
        };
        self.engine.cache.value_set(self.engine.generation(), url, version, make)
    }
}

/// The value set that a code system names as that of all its concepts.
fn all_of_a_system(index: &Index, url: &str) -> Option<ValueSet> {
    let (_, system) = index.value_sets.iter().find(|(value_set, _)| **value_set == *url)?;
    Some(all_of(system, url))
}

/// The value set of this address, of all concepts of a code system.
fn all_of(system: &str, url: &str) -> ValueSet {
    ValueSet { is_internal: false, ..ValueSet::of_system(system, None, Some(url)) }
}

fn find(library: &dyn Library, url: &str, wanted: Option<&str>) -> Option<Arc<fhir::Value>> {
    let found = library.find("ValueSet", &Canonical { url, version: wanted, fragment: None });
    let Some(pattern) = wanted.filter(|wanted| found.is_none() && version::is_pattern(wanted)) else { return found };
    let versions = library.versions("ValueSet", url);
    let fitting = versions.iter().flatten().find(|found| version::matches(pattern, found))?;
    library.find("ValueSet", &Canonical { url, version: Some(fitting), fragment: None })
}
