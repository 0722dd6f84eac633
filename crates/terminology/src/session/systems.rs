//! How a request finds code systems: what came along, the library, tables and grammars, in the version that fits.

use std::sync::Arc;

use fhir::canonical::Canonical;
use fhir::library::Library;

use super::{Rules, Session};
use crate::cache::SupplementEntry;
use crate::designation::Names;
use crate::error::TerminologyError;
use crate::messages;
use crate::system::resource::ResourceSystem;
use crate::system::{Concept, Content, Designation, Supplemented, System, Usage, grammars};
use crate::version;

/// What a name is for that is not the display.
const SYNONYM: (&str, &str) = ("http://snomed.info/sct", "900000000000013009");

impl Session<'_> {
    /// The versions that there are of a code system, as messages list them.
    pub(crate) fn known_versions(&self, url: &str) -> Vec<String> {
        let mut versions: Vec<String> = self.versions(url).into_iter().flatten().map(String::from).collect();
        versions.sort();
        versions
    }

    /// The versions that there are of a code system, the newest first. A table of what has a grammar comes last: it lists a few of the codes that the
    /// grammar knows.
    fn versions(&self, url: &str) -> Vec<Option<Box<str>>> {
        let sorted = |versions: &mut Vec<Option<Box<str>>>| {
            versions.sort_by(|left, right| version::newest_first(left.as_deref(), right.as_deref()));
        };
        let mut versions = self.shelf.versions("CodeSystem", url);
        versions.extend(self.engine.library.versions("CodeSystem", url));
        let mut of_tables = self.engine.tables.versions(url);
        match grammars().iter().find(|grammar| *grammar.about().url == *url) {
            Some(grammar) => versions.push(grammar.about().version.clone()),
            None => versions.append(&mut of_tables),
        }
        sorted(&mut versions);
        sorted(&mut of_tables);
        versions.append(&mut of_tables);
        versions.dedup();
        versions
    }

    /// The code system of an address, in the version that the rules say, with the supplements in force; `None` when it is not known or nothing
    /// of it is here.
    ///
    /// # Errors
    /// When it is too large.
    pub(crate) fn system(&self, url: &str, stated: Option<&str>, rules: Rules) -> Result<Option<Arc<dyn System>>, TerminologyError> {
        let wanted = match rules {
            Rules::Apply => self.version_for(url, stated, false),
            Rules::Ignore => stated.map(str::to_owned),
        };
        let fits = |found: &Option<Box<str>>| match (&wanted, found) {
            (None, _) => true,
            (Some(wanted), Some(found)) => version::matches(wanted, found),
            (Some(_), None) => false,
        };
        for version in self.versions(url).iter().filter(|version| fits(version)) {
            if let Some(system) = self.open(url, version.as_deref())? {
                return Ok(Some(self.supplemented(system)?));
            }
        }
        Ok(None)
    }

    /// The code system of exactly this version, when some of its concepts are here.
    fn open(&self, url: &str, version: Option<&str>) -> Result<Option<Arc<dyn System>>, TerminologyError> {
        let is_here = |system: &dyn System| matches!(system.about().content, Content::Complete | Content::Fragment | Content::Example);
        if let Some(table) = self.engine.tables.open(url, version) {
            return Ok(Some(table));
        }
        if let Some(system) = self.resource_system(url, version)?.filter(|system| is_here(&**system)) {
            return Ok(Some(system));
        }
        Ok(grammars().iter().find(|grammar| *grammar.about().url == *url && grammar.about().version.as_deref() == version).cloned())
    }

    /// A CodeSystem resource of exactly this version, compiled, whatever its content.
    pub(crate) fn resource_system(&self, url: &str, version: Option<&str>) -> Result<Option<Arc<ResourceSystem>>, TerminologyError> {
        let Some(resource) = self.exact("CodeSystem", url, version) else { return Ok(None) };
        let make = || {
            let too_large = |why| TerminologyError::too_costly(messages::system_too_large(url, &format!("{why}")));
            ResourceSystem::compile(resource.clone()).map(Arc::new).map_err(too_large)
        };
        if !self.is_on_shelf("CodeSystem", url) {
            return self.engine.cache.system(self.engine.generation(), url, version, make).map(Some);
        }
        let key = (Box::from(url), version.map(Box::from));
        if let Some(system) = self.compiled.borrow().get(&key) {
            return Ok(Some(system.clone()));
        }
        let system = make()?;
        self.compiled.borrow_mut().insert(key, system.clone());
        Ok(Some(system))
    }

    /// Adds all names of a concept: those of its system, and for a grammar those of the value set that stands in for a list.
    pub(crate) fn add_names(&self, system: &dyn System, concept: &Concept, names: &mut Names) {
        system.designations(concept, &mut |designation| names.add(&designation));
        let (Concept::Expression(code), Some(stand_in)) = (concept, &system.about().stand_in) else { return };
        let Some(value_set) = self.value_set(stand_in, None) else { return };
        let usage = Usage::Code { system: SYNONYM.0, code: SYNONYM.1 };
        for listed in value_set.includes.iter().flat_map(|set| &set.concepts).filter(|listed| listed.code == *code) {
            if let Some(value) = listed.element.text("display").filter(|display| *display != &**code) {
                let language = system.about().language.as_deref();
                names.add(&Designation { language, usage, value, status: None, extensions: &[], source: None });
            }
        }
    }

    /// The supplement that an address is, `url|version`; `None` when it is none.
    pub(crate) fn supplement(&self, url: &str, version: Option<&str>) -> Option<String> {
        let canonical = Canonical { url, version, fragment: None };
        let found = self.shelf.find("CodeSystem", &canonical).or_else(|| self.engine.library.find("CodeSystem", &canonical))?;
        (found.text("content") == Some("supplement")).then(|| crate::canonical(url, found.text("version")))
    }

    /// A system with the supplements that the request or its value set asks for, and those that are always in force.
    fn supplemented(&self, system: Arc<dyn System>) -> Result<Arc<dyn System>, TerminologyError> {
        let index = self.engine.cache.index(self.engine.library);
        let required = self.required.borrow().clone();
        let mut chosen: Vec<Arc<ResourceSystem>> = Vec::new();
        for entry in self.shelf_index.supplements.iter().chain(&index.supplements) {
            let asked: Vec<&String> = required.iter().filter(|wanted| names(wanted, entry)).collect();
            let is_wanted = entry.is_language_pack || !asked.is_empty();
            if !is_wanted || !belongs(entry, &*system) {
                continue;
            }
            let mut used = self.used.borrow_mut();
            for wanted in asked {
                if !used.contains(wanted) {
                    used.push(wanted.clone());
                }
            }
            let is_new = |supplement: &ResourceSystem| {
                !chosen
                    .iter()
                    .any(|other| other.about().url == supplement.about().url && other.about().version == supplement.about().version)
            };
            if let Some(supplement) = self.resource_system(&entry.url, entry.version.as_deref())?.filter(|supplement| is_new(supplement)) {
                chosen.push(supplement);
            }
        }
        if chosen.is_empty() {
            return Ok(system);
        }
        Ok(Arc::new(Supplemented::new(system, chosen)))
    }
}

/// Whether a canonical address is that of a supplement.
fn names(wanted: &str, entry: &SupplementEntry) -> bool {
    let canonical = Canonical::parse(wanted);
    canonical.url == &*entry.url && canonical.version.is_none_or(|version| entry.version.as_deref() == Some(version))
}

/// Whether a supplement is one of a system, in its version.
fn belongs(entry: &SupplementEntry, system: &dyn System) -> bool {
    let target = Canonical::parse(&entry.supplements);
    let about = system.about();
    let fits = |version: &str| about.version.as_deref().is_none_or(|found| version::matches(version, found));
    target.url == &*about.url && target.version.is_none_or(fits)
}
