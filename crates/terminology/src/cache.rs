//! What was compiled, kept for the next request. Everything here can be made anew at any time.

use std::sync::Arc;

use fhir::library::Library;
use quick_cache::sync::{Cache as Kept, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Equivalent, OptionsBuilder, Weighter};

use crate::system::resource::ResourceSystem;
use crate::system::{Filter, Rows, System};
use crate::value_set::ValueSet;
use crate::value_set::compiled::CompiledSet;

/// How many bytes are kept, about.
const BYTES: u64 = 64 << 20;

/// What something was compiled from: a resource in a state of the library.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    generation: u64,
    kind: Kind,
    address: Box<str>,
    version: Option<Box<str>>,
    filters: Vec<Filter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    System,
    ValueSet,
    Compiled,
    Selection,
    Index,
}

/// A [`Key`] that owns nothing.
#[derive(Hash)]
struct KeyRef<'a> {
    generation: u64,
    kind: Kind,
    address: &'a str,
    version: Option<&'a str>,
    filters: &'a [Filter],
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.generation == key.generation
            && self.kind == key.kind
            && self.address == &*key.address
            && self.version == key.version.as_deref()
            && self.filters == key.filters
    }
}

impl KeyRef<'_> {
    fn owned(&self) -> Key {
        Key {
            generation: self.generation,
            kind: self.kind,
            address: self.address.into(),
            version: self.version.map(Box::from),
            filters: self.filters.to_vec(),
        }
    }
}

#[derive(Clone)]
enum Entry {
    System(Arc<ResourceSystem>),
    ValueSet(Arc<ValueSet>),
    Compiled(Arc<CompiledSet>),
    Selection(Arc<Rows>),
    Index(Arc<Index>),
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Entry> for Weight {
    fn weight(&self, key: &Key, entry: &Entry) -> u64 {
        let bytes = match entry {
            Entry::System(system) => system.bytes(),
            Entry::ValueSet(value_set) => 500 + value_set.includes.iter().map(|include| include.concepts.len() * 200).sum::<usize>(),
            Entry::Compiled(compiled) => compiled.bytes(),
            Entry::Selection(rows) => rows.bytes(),
            Entry::Index(index) => index.bytes(),
        };
        (bytes + size_of::<Key>() + key.address.len()) as u64
    }
}

/// What is known of all code systems of a library: which have concepts, which supplement others, and which value sets are all of a system.
#[derive(Default)]
pub(crate) struct Index {
    /// Canonical address of the supplement, what it supplements, whether it is in force unasked.
    pub(crate) supplements: Vec<SupplementEntry>,
    /// The address of a value set, and of the system that it has all concepts of.
    pub(crate) value_sets: Vec<(Box<str>, Box<str>)>,
    /// The address and version of each that has concepts.
    pub(crate) systems: Vec<(Box<str>, Option<Box<str>>)>,
}

/// A supplement in a library.
pub(crate) struct SupplementEntry {
    pub(crate) url: Box<str>,
    pub(crate) version: Option<Box<str>>,
    pub(crate) supplements: Box<str>,
    pub(crate) is_language_pack: bool,
}

impl Index {
    fn bytes(&self) -> usize {
        self.supplements.len() * 200 + self.value_sets.len() * 150 + self.systems.len() * 100 + 100
    }

    /// Goes through the code systems of a library.
    pub(crate) fn of(library: &dyn Library) -> Self {
        let mut index = Self::default();
        for url in library.urls("CodeSystem") {
            for version in library.versions("CodeSystem", &url) {
                let canonical = fhir::canonical::Canonical { url: &url, version: version.as_deref(), fragment: None };
                if let Some(resource) = library.find("CodeSystem", &canonical) {
                    index.add(&resource);
                }
            }
        }
        index
    }

    fn add(&mut self, resource: &fhir::Value) {
        let Some(url) = resource.text("url") else { return };
        if matches!(resource.text("content"), Some("complete" | "fragment" | "example")) {
            self.systems.push((url.into(), resource.text("version").map(Box::from)));
        }
        if resource.text("content") == Some("supplement") {
            let is_pack = |extension: &fhir::Value| {
                extension.text("url") == Some("http://hl7.org/fhir/StructureDefinition/codesystem-supplement-type")
                    && extension.text("valueCode") == Some("lang-pack")
            };
            self.supplements.push(SupplementEntry {
                url: url.into(),
                version: resource.text("version").map(Box::from),
                supplements: resource.text("supplements").unwrap_or_default().into(),
                is_language_pack: resource.list("extension").any(is_pack),
            });
        } else if let Some(value_set) = resource.text("valueSet") {
            self.value_sets.push((value_set.into(), url.into()));
        }
    }
}

/// What was compiled, for any number of libraries and threads. It takes some 64 megabytes at most.
pub struct Cache {
    kept: Kept<Key, Entry, Weight>,
}

impl Default for Cache {
    fn default() -> Self {
        Self::new()
    }
}

impl Cache {
    /// An empty one.
    pub fn new() -> Self {
        // One shard: what is kept may be large, and no shard keeps what is larger than itself.
        let options = OptionsBuilder::new().estimated_items_capacity(4_000).weight_capacity(BYTES).shards(1).build();
        let options = options.expect("both capacities are set");
        Self { kept: Kept::with_options(options, Weight, DefaultHashBuilder::default(), DefaultLifecycle::default()) }
    }

    fn get(&self, key: &KeyRef<'_>) -> Option<Entry> {
        self.kept.get(key)
    }

    /// The compiled code system of this address and version, or what `make` makes.
    pub(crate) fn system<E>(
        &self,
        generation: u64,
        url: &str,
        version: Option<&str>,
        make: impl FnOnce() -> Result<Arc<ResourceSystem>, E>,
    ) -> Result<Arc<ResourceSystem>, E> {
        let key = KeyRef { generation, kind: Kind::System, address: url, version, filters: &[] };
        if let Some(Entry::System(system)) = self.get(&key) {
            return Ok(system);
        }
        let system = make()?;
        self.kept.insert(key.owned(), Entry::System(system.clone()));
        Ok(system)
    }

    /// The value set of this address and version, read.
    pub(crate) fn value_set(
        &self,
        generation: u64,
        url: &str,
        version: Option<&str>,
        make: impl FnOnce() -> Option<Arc<ValueSet>>,
    ) -> Option<Arc<ValueSet>> {
        let key = KeyRef { generation, kind: Kind::ValueSet, address: url, version, filters: &[] };
        if let Some(Entry::ValueSet(value_set)) = self.get(&key) {
            return Some(value_set);
        }
        let value_set = make()?;
        self.kept.insert(key.owned(), Entry::ValueSet(value_set.clone()));
        Some(value_set)
    }

    /// The compiled value set of this address and version.
    pub(crate) fn compiled<E>(
        &self,
        generation: u64,
        canonical: &str,
        make: impl FnOnce() -> Result<Arc<CompiledSet>, E>,
    ) -> Result<Arc<CompiledSet>, E> {
        let key = KeyRef { generation, kind: Kind::Compiled, address: canonical, version: None, filters: &[] };
        if let Some(Entry::Compiled(compiled)) = self.get(&key) {
            return Ok(compiled);
        }
        let compiled = make()?;
        self.kept.insert(key.owned(), Entry::Compiled(compiled.clone()));
        Ok(compiled)
    }

    /// The rows that filters leave of a code system.
    pub(crate) fn selection<E>(
        &self,
        generation: u64,
        system: &dyn System,
        filters: &[Filter],
        make: impl FnOnce() -> Result<Rows, E>,
    ) -> Result<Arc<Rows>, E> {
        let about = system.about();
        let key = KeyRef { generation, kind: Kind::Selection, address: &about.url, version: about.version.as_deref(), filters };
        if let Some(Entry::Selection(rows)) = self.get(&key) {
            return Ok(rows);
        }
        let rows = Arc::new(make()?);
        self.kept.insert(key.owned(), Entry::Selection(rows.clone()));
        Ok(rows)
    }

    /// What is known of all code systems of a library.
    pub(crate) fn index(&self, library: &dyn Library) -> Arc<Index> {
        let key = KeyRef { generation: library.generation(), kind: Kind::Index, address: "", version: None, filters: &[] };
        if let Some(Entry::Index(index)) = self.get(&key) {
            return index;
        }
        let index = Arc::new(Index::of(library));
        self.kept.insert(key.owned(), Entry::Index(index.clone()));
        index
    }
}
