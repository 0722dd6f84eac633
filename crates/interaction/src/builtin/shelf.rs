//! The built-in resources of one type: what they can be found by, and their texts.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use ::search::Registry;
use ::search::extract::cut_words;
use bytes::Bytes;
use concepts::Table;
use fhir::Value;
use fhir::definitions::ResourceType;
use futures_util::FutureExt;
use store::Store;
use store::commit::{Body, Commit, Instant, Key, Put, Tenant};
use store::contract::{Clock, Extract, ReadError};
use store::entry::Param;
use store::memory::MemoryStore;
use store::query::{Answer, Content, History, HistoryQuery, Query, Version};

use super::origin;
use super::source::{Source, sources};
use crate::prepare::body_with_meta;

/// Whose they are in their store.
const TENANT: Tenant = Tenant(0);

/// When FHIR 4.0.1 was published: the moment of the built-in resources.
const PUBLISHED: Instant = 1_572_393_600_000;

/// The parameters about what is inside of large resources: an outline has nothing for them.
const INSIDE: [(&str, &[&str]); 5] = [
    ("CodeSystem", &["code", "language"]),
    ("CompartmentDefinition", &["resource"]),
    ("ConceptMap", &["dependson", "other", "product", "source-code", "source-system", "target-code", "target-system"]),
    ("StructureDefinition", &["base-path", "path", "valueset"]),
    ("ValueSet", &["code", "reference"]),
];

/// The built-in resources of one type.
///
/// A store has their entries and no texts. What most searches ask follows from outlines; the few that ask for what is inside of resources need them
/// all to be made once, and are answered from a second store in which they have the same places.
pub(super) struct Shelf {
    registry: Arc<Registry>,
    kind: ResourceType,
    /// By their ids.
    sources: Vec<Source>,
    outlines: MemoryStore,
    wholes: OnceLock<MemoryStore>,
    /// The parameters for which outlines have nothing.
    inside: HashSet<Param>,
}

struct Then;

impl Clock for Then {
    fn now(&self) -> Instant {
        PUBLISHED
    }
}

impl Shelf {
    /// The shelf of a type, with what outlines say.
    pub(super) fn load(registry: Arc<Registry>, kind: ResourceType, tables: &[Arc<Table>]) -> Self {
        let mut sources = sources(kind.name(), tables);
        sources.sort_by(|left, right| left.id().cmp(right.id()));
        let outlines = filled(&registry, kind, &sources, Source::outline);
        let inside = inside(&registry, kind);
        Self { registry, kind, sources, outlines, wholes: OnceLock::new(), inside }
    }

    /// The resources, sorted by their ids.
    pub(super) fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The resource of this key.
    pub(super) async fn read(&self, key: &Key) -> Result<Option<Version>, ReadError> {
        let mut version = self.outlines.read(TENANT, key).await?;
        version.iter_mut().for_each(|version| self.write(version));
        Ok(version)
    }

    /// The history of the resource of this key; `None` when there is none.
    pub(super) async fn history(&self, key: &Key, query: HistoryQuery) -> Result<Option<History>, ReadError> {
        if self.outlines.read(TENANT, key).await?.is_none() {
            return Ok(None);
        }
        let mut history = self.outlines.history(&HistoryQuery { tenant: TENANT, ..query }).await?;
        history.versions.iter_mut().for_each(|version| self.write(version));
        Ok(Some(history))
    }

    /// What a search finds, without texts and what they would bring along.
    pub(super) async fn search(&self, query: Query) -> Result<Answer, ReadError> {
        let query = Query { tenant: TENANT, include: Vec::new(), explain: false, most_bytes: None, ..query };
        let store = match query.mentions(&|param| self.inside.contains(&param)) {
            true => self.wholes.get_or_init(|| filled(&self.registry, self.kind, &self.sources, |source| Value::clone(&source.resource()))),
            false => &self.outlines,
        };
        store.search(&query).await
    }

    /// Gives a version the text that it has.
    pub(super) fn write(&self, version: &mut Version) {
        let found = self.sources.binary_search_by_key(&&*version.key.id, |source| source.id());
        let Some(source) = found.ok().map(|place| &self.sources[place]) else { return };
        if let (Content::Resource { text, .. }, Ok(body)) =
            (&mut version.content, body_with_meta(&source.resource(), &origin(), &version.key))
        {
            *text = body.stamped(version.version, version.last_updated).into();
        }
    }
}

/// The parameters of the type for which outlines have nothing: those about what is inside, all words, and whatever resources define.
fn inside(registry: &Registry, kind: ResourceType) -> HashSet<Param> {
    let codes = INSIDE.iter().find(|(name, _)| *name == kind.name()).map_or(&[][..], |(_, codes)| codes);
    if codes.is_empty() {
        return HashSet::new();
    }
    let is_inside = |code: &str, is_custom| is_custom || code == "_content" || codes.contains(&code);
    let parameters = registry.parameters(kind).filter(|parameter| is_inside(&parameter.code, parameter.is_custom));
    let params = parameters.flat_map(|parameter| {
        let derived = &parameter.derived;
        [parameter.param, derived.text, derived.of_type, derived.ucum]
    });
    params.chain([cut_words(kind, "_content")]).collect()
}

/// A store with the entries of the resources, in the order of their ids.
fn filled(registry: &Registry, kind: ResourceType, sources: &[Source], made: impl Fn(&Source) -> Value) -> MemoryStore {
    let store = MemoryStore::new(Arc::new(Then));
    let mut commit = Commit::new(TENANT, "Ward", "built-in");
    commit.put = sources.iter().map(|source| put(registry, Key::new(kind, source.id()), made(source))).collect();
    // The reference store answers at once, and an empty one refuses nothing.
    let _ = store.commit(commit).now_or_never();
    store
}

fn put(registry: &Registry, key: Key, mut resource: Value) -> Put {
    if let Some(members) = resource.as_object_mut() {
        members.set("meta", origin());
    }
    let (entries, date) = match registry.has_definitions() {
        // What resources define may ask for anything of the text.
        true => Extract::extract(registry, key.kind, fhir::json::to_string(&resource).as_bytes()),
        false => {
            let extracted = registry.extract(key.kind, &resource);
            (extracted.entries, extracted.date)
        }
    };
    Put { key, body: Body { text: Bytes::new(), stamp_at: 0 }, entries, date, extractor: registry.identity() }
}

#[cfg(test)]
mod tests;
