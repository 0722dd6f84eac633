//! Whether a version passes a rule by its own entries, when the index cannot be asked: it is not current, or not written yet.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use fhir::definitions::ResourceType;
use search::Registry;
use store::Store;
use store::commit::{Commit, Instant, Key, Put, Tenant};
use store::contract::{Extract, ReadError};
use store::entry::{Entry, EntryValue, Param};
use store::matches::{Candidate, Others, passes};
use store::query::{Filter, Query, Test, Version};

/// How many other resources the judging of one request may ask about.
const MAX_FACTS: usize = 1000;

/// Judges versions by [`passes`], and learns from the store, as it is now, what chains and `_has` ask about: first it sees what is missing, then looks
/// that up, and goes on when nothing is missing any more.
pub(super) struct Judge<'a> {
    store: &'a dyn Store,
    tenant: Tenant,
    registry: &'a Registry,
    facts: Facts<'a>,
}

/// What is known of other resources.
#[derive(Default)]
struct Facts<'a> {
    /// What is about to be written: chains and `_has` see it as if it were.
    puts: &'a [Put],
    deletes: &'a [Key],
    /// What makes a relation by which the writer may write: of that counts what is stored, and nothing that is about to be written. Else they would take whom they
    /// like into their care.
    relations: &'a [Filter],
    /// The moment of what is about to be written.
    at: Instant,
    resources: HashMap<Key, Option<(Instant, Vec<Entry>)>>,
    referring: HashMap<Question, bool>,
}

/// Whether a resource of the type refers by the parameter to the target and passes.
type Question = (ResourceType, Param, Box<str>, Filter);

/// What is not known yet.
enum Missing {
    Resource(Key),
    Referring(Box<Question>),
}

impl<'a> Judge<'a> {
    /// A judge of what is stored.
    pub(super) fn new(store: &'a dyn Store, tenant: Tenant, registry: &'a Registry) -> Self {
        Self { store, tenant, registry, facts: Facts::default() }
    }

    /// A judge of what a commit is to write at about this moment.
    pub(super) fn of_commit(
        store: &'a dyn Store,
        registry: &'a Registry,
        commit: &'a Commit,
        relations: &'a [Filter],
        at: Instant,
    ) -> Self {
        let facts = Facts { puts: &commit.put, deletes: &commit.delete, relations, at, ..Facts::default() };
        Self { store, tenant: commit.tenant, registry, facts }
    }

    /// Whether a stored version passes; a deletion never does.
    pub(super) async fn version_passes(&mut self, filter: &Filter, version: &Version) -> Result<bool, ReadError> {
        let Some(text) = version.text() else { return Ok(false) };
        let (entries, _) = Extract::extract(self.registry, version.key.kind, text);
        self.passes(filter, &version.key, version.last_updated, &entries).await
    }

    /// Whether what is to be written passes.
    pub(super) async fn put_passes(&mut self, filter: &Filter, put: &Put) -> Result<bool, ReadError> {
        self.passes(filter, &put.key, self.facts.at, &put.entries).await
    }

    async fn passes(&mut self, filter: &Filter, key: &Key, last_updated: Instant, entries: &[Entry]) -> Result<bool, ReadError> {
        for _ in 0..MAX_FACTS {
            let candidate = Candidate { key: Cow::Borrowed(key), last_updated, entries: Cow::Borrowed(entries) };
            match passes(filter, &candidate, &self.facts) {
                Ok(passed) => return Ok(passed),
                Err(missing) => self.learn(missing).await?,
            }
        }
        Err(ReadError::TooCostly("your rules ask about too many other resources here: ask for less at once".into()))
    }

    async fn learn(&mut self, missing: Missing) -> Result<(), ReadError> {
        match missing {
            Missing::Resource(key) => {
                let found = self.store.read(self.tenant, &key).await?;
                let known = found.and_then(|version| {
                    let (entries, _) = Extract::extract(self.registry, key.kind, version.text()?);
                    Some((version.last_updated, entries))
                });
                self.facts.resources.insert(key, known);
            }
            Missing::Referring(question) => {
                let (kind, param, target, filter) = &*question;
                let refers = Filter::Match(*param, Test::Local(target.clone()));
                let mut filters = vec![refers, filter.clone()];
                if !self.facts.is_relation(*kind, *param, filter) {
                    filters.push(Filter::Not(Box::new(Filter::Id(self.facts.written(*kind)))));
                }
                let filter = Filter::All(filters);
                let query = Query { count: 1, ..Query::new(self.tenant, *kind, filter) };
                let found = !self.store.search(&query).await?.matches.is_empty();
                self.facts.referring.insert(*question, found);
            }
        }
        Ok(())
    }
}

impl Facts<'_> {
    /// The ids of the resources of a type that are about to be written or deleted.
    fn written(&self, kind: ResourceType) -> Vec<Box<str>> {
        let keys = self.puts.iter().map(|put| &put.key).chain(self.deletes);
        let ids: HashSet<&str> = keys.filter(|key| key.kind == kind).map(|key| &*key.id).collect();
        ids.into_iter().map(Box::from).collect()
    }

    fn is_relation(&self, kind: ResourceType, param: Param, filter: &Filter) -> bool {
        let is = |known: &Filter| matches!(known, Filter::Has(of, by, inner) if (*of, *by) == (kind, param) && **inner == *filter);
        self.relations.iter().any(is)
    }

    fn put<'p>(&self, put: &'p Put) -> Candidate<'p> {
        Candidate { key: Cow::Borrowed(&put.key), last_updated: self.at, entries: Cow::Borrowed(&put.entries) }
    }
}

impl Others for Facts<'_> {
    type Error = Missing;

    fn resource(&self, key: &Key) -> Result<Option<Candidate<'_>>, Missing> {
        if let Some(put) = self.puts.iter().find(|put| put.key == *key) {
            return Ok(Some(self.put(put)));
        }
        if self.deletes.contains(key) {
            return Ok(None);
        }
        match self.resources.get_key_value(key) {
            Some((key, known)) => Ok(known.as_ref().map(|(last_updated, entries)| Candidate {
                key: Cow::Borrowed(key),
                last_updated: *last_updated,
                entries: Cow::Borrowed(entries),
            })),
            None => Err(Missing::Resource(key.clone())),
        }
    }

    /// Those about to be written; [`Facts::has_referring`] asks about the others.
    fn referring(&self, kind: ResourceType, param: Param, target: &str) -> Result<Vec<Candidate<'_>>, Missing> {
        let refers = |put: &&Put| {
            let mut values = put.entries.iter().filter(|entry| entry.param == param).map(|entry| &entry.value);
            put.key.kind == kind && values.any(|value| matches!(value, EntryValue::Local(local) if *local.target == *target))
        };
        Ok(self.puts.iter().filter(refers).map(|put| self.put(put)).collect())
    }

    fn has_referring(&self, kind: ResourceType, param: Param, target: &str, filter: &Filter) -> Result<bool, Missing> {
        let about_to_be = if self.is_relation(kind, param, filter) { Vec::new() } else { self.referring(kind, param, target)? };
        for other in &about_to_be {
            if passes(filter, other, self)? {
                return Ok(true);
            }
        }
        let question = (kind, param, Box::from(target), filter.clone());
        self.referring.get(&question).copied().ok_or_else(|| Missing::Referring(Box::new(question)))
    }
}
