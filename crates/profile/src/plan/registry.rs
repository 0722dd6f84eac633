//! The plans of all profiles of a library, each compiled when it is first asked for.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use fhir::Value;
use fhir::canonical::Canonical;
use fhir::definitions::{TypeId, definitions};
use fhir::library::Library;

use super::{Plan, compile};
use crate::snapshot::Error;

/// Where FHIR's own types are defined.
pub(crate) const DEFINITIONS: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Keeps the plans of one library, as long as its generation is the same. Whoever has several libraries keeps one of these for each.
#[derive(Debug, Default)]
pub struct Plans {
    current: RwLock<Option<Arc<Registry>>>,
}

/// The plans of one generation of a library.
#[derive(Debug)]
pub(crate) struct Registry {
    generation: u64,
    /// By address the places of its versions, the newest first.
    by_url: HashMap<Box<str>, Versions>,
    slots: Box<[Slot]>,
}

/// The versions of one address, and their places.
type Versions = Vec<(Option<Box<str>>, usize)>;

#[derive(Debug, Default)]
struct Slot {
    url: Box<str>,
    version: Option<Box<str>>,
    plan: OnceLock<Result<Plan, Error>>,
    /// The type that it constrains.
    type_id: OnceLock<Option<TypeId>>,
}

/// The address of a profile, and where its plan is.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) url: Box<str>,
    /// `None` when the library has no such profile.
    slot: Option<usize>,
    /// The id of the element of the profile that is meant, when it is not the root.
    pub(crate) element: Option<Box<str>>,
}

impl Link {
    /// The same for an element of the profile.
    pub(super) fn with_element(self, element: Option<&str>) -> Self {
        Self { element: element.map(Box::from), ..self }
    }
}

impl Plans {
    /// Without plans; those of a library are made when it is first used.
    pub fn new() -> Self {
        Self::default()
    }

    /// The plans for what the library now has.
    pub(crate) fn of(&self, library: &dyn Library) -> Arc<Registry> {
        let generation = library.generation();
        let current = self.current.read().unwrap_or_else(|broken| broken.into_inner()).clone();
        if let Some(registry) = current.filter(|registry| registry.generation == generation) {
            return registry;
        }
        let registry = Arc::new(Registry::new(library, generation));
        *self.current.write().unwrap_or_else(|broken| broken.into_inner()) = Some(registry.clone());
        registry
    }
}

impl Registry {
    fn new(library: &dyn Library, generation: u64) -> Self {
        let (mut by_url, mut slots) = (HashMap::new(), Vec::new());
        for url in library.urls("StructureDefinition") {
            let versions = library.versions("StructureDefinition", &url);
            let places = versions.into_iter().map(|version| {
                slots.push(Slot { url: url.clone(), version: version.clone(), ..Slot::default() });
                (version, slots.len() - 1)
            });
            let places = places.collect();
            by_url.insert(url, places);
        }
        Self { generation, by_url, slots: slots.into() }
    }

    /// The link to the profile of an address, which may name a version.
    pub(crate) fn link(&self, address: &str) -> Link {
        Link { url: address.into(), slot: self.slot(address), element: None }
    }

    /// Whether the library has a profile of this address.
    pub(super) fn has(&self, address: &str) -> bool {
        self.slot(address).is_some()
    }

    fn slot(&self, address: &str) -> Option<usize> {
        let canonical = Canonical::parse(address);
        let versions = self.by_url.get(canonical.url)?;
        versions.iter().find(|(version, _)| canonical.accepts(version.as_deref())).map(|(_, slot)| *slot)
    }

    /// The plan of the profile of that address; `None` when the library has no such profile.
    pub(crate) fn find(&self, address: &str, library: &dyn Library) -> Option<&Result<Plan, Error>> {
        self.at(self.slot(address)?, library)
    }

    /// The plan that a link leads to; `None` when the library has no such profile.
    pub(crate) fn plan(&self, link: &Link, library: &dyn Library) -> Option<&Result<Plan, Error>> {
        self.at(link.slot?, library)
    }

    fn at(&self, place: usize, library: &dyn Library) -> Option<&Result<Plan, Error>> {
        let slot = self.slots.get(place)?;
        Some(slot.plan.get_or_init(|| {
            let definition = slot.definition(library).ok_or_else(|| Error::NoBase(slot.url.clone()))?;
            compile::compile(&definition, self, library)
        }))
    }

    /// The type that the profile of a link constrains; `None` when the library has not the profile, or FHIR not the type.
    pub(crate) fn type_of(&self, link: &Link, library: &dyn Library) -> Option<TypeId> {
        let slot = self.slots.get(link.slot?)?;
        *slot.type_id.get_or_init(|| type_of(&*slot.definition(library)?))
    }
}

impl Slot {
    fn definition(&self, library: &dyn Library) -> Option<Arc<Value>> {
        library.find("StructureDefinition", &Canonical { url: &self.url, version: self.version.as_deref(), fragment: None })
    }
}

/// The type of FHIR that a definition is about.
pub(super) fn type_of(definition: &Value) -> Option<TypeId> {
    let name = definition.text("type")?;
    definitions().type_by_name(name.strip_prefix(DEFINITIONS).unwrap_or(name)).map(|kind| kind.id)
}
