//! The same server on every engine: the same resources written through FHIR's interactions, with the same ids at the same moments.

use std::sync::Arc;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::{Value, json, object};
use interaction::{
    CompartmentSearchRequest, Context, Identifiers, References, Returning, SearchRequest, Server, Settings, SystemSearchRequest,
};
use search::Registry;
use store::Store;
use store::commit::{Instant, Tenant};
use store::memory::MemoryStore;
use store::suite::ManualClock;
use store_embedded::{Embedded, Options};
use tempfile::TempDir;

use crate::queries::{Question, Scope};
use crate::resources::pool::BASE;

/// When the first resource is written: 2026-11-21T08:00:00Z.
pub const START: Instant = 1_795_248_000_000;

/// How many resources are written at once.
const TOGETHER: usize = 60;

/// How far the clock goes on between writes, in milliseconds.
const PAUSE_MS: Instant = 61_000;

/// A server on each engine. The first is the reference.
pub struct Engines {
    /// Their names and servers.
    pub servers: Vec<(&'static str, Context)>,
    clock: Arc<ManualClock>,
    _directory: TempDir,
}

/// An answer: its status and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// As FHIR asks for it.
    pub status: u16,
    /// The JSON text of a Bundle or an OperationOutcome.
    pub body: Bytes,
}

impl Engines {
    /// Empty ones.
    ///
    /// # Panics
    /// When there is no place for temporary files.
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(ManualClock::new(START));
        let registry = Registry::with_bases([BASE]).with_words(true);
        let options = Options::new(directory.path(), registry.clone(), clock.clone());
        let embedded: Arc<dyn Store> = Arc::new(Embedded::open(options).expect("an empty store"));
        let stores = [("memory", Arc::new(MemoryStore::new(clock.clone())) as Arc<dyn Store>), ("embedded", embedded)];
        let servers = stores.into_iter().map(|(name, store)| (name, context(store, registry.clone(), clock.clone()))).collect();
        Self { servers, clock, _directory: directory }
    }

    /// Writes the resources: most under their own ids, every nineteenth under one that the server makes.
    ///
    /// # Panics
    /// When they are refused, or when the engines answer differently.
    pub async fn write(&self, resources: &[Value]) {
        let entries: Vec<Value> = resources.iter().enumerate().map(|(at, resource)| entry(resource, at % 19 == 18)).collect();
        for some in entries.chunks(TOGETHER) {
            self.transaction(some.to_vec()).await;
        }
    }

    /// Deletes the resources of these types and ids.
    ///
    /// # Panics
    /// When the engines answer differently.
    pub async fn delete(&self, keys: &[(&str, &str)]) {
        let entry = |(kind, id): &(&str, &str)| object! { "request": object! { "method": "DELETE", "url": format!("{kind}/{id}") } };
        self.transaction(keys.iter().map(entry).collect()).await;
    }

    /// Lets as much time pass as between two writes.
    pub fn pause(&self) {
        self.clock.set(store::contract::Clock::now(&*self.clock) + PAUSE_MS);
    }

    /// Does what the entries of a transaction say, a pause later.
    ///
    /// # Panics
    /// When it is refused, or when the engines answer differently.
    pub async fn transaction(&self, entries: Vec<Value>) {
        self.pause();
        let bundle = object! { "resourceType": "Bundle", "type": "transaction", "entry": entries };
        let mut replies = Vec::new();
        for (_, context) in &self.servers {
            replies.push(reply(interaction::process(context, bundle.clone(), Returning::Minimal).await));
        }
        let text = || String::from_utf8_lossy(&replies[0].body).chars().take(2000).collect::<String>();
        assert_eq!(replies[0].status, 200, "{}", text());
        assert!(replies.iter().all(|reply| *reply == replies[0]), "the engines answer differently to a transaction");
    }

    /// What each engine answers to a search.
    pub async fn search(&self, question: &Question) -> Vec<Reply> {
        let mut replies = Vec::with_capacity(self.servers.len());
        for (_, context) in &self.servers {
            replies.push(reply(ask(context, question).await));
        }
        replies
    }
}

async fn ask(context: &Context, question: &Question) -> Result<Bytes, interaction::Error> {
    let (kind, params, lenient) = (question.kind, question.params.clone(), false);
    match &question.scope {
        Scope::Type => interaction::search(context, SearchRequest { kind, params, lenient }).await,
        Scope::System => interaction::search_system(context, SystemSearchRequest { params, lenient }).await,
        Scope::Compartment(owner, all) => {
            let kind = (!all).then_some(kind);
            interaction::search_compartment(context, CompartmentSearchRequest { owner: owner.clone(), kind, params, lenient }).await
        }
    }
}

impl Default for Engines {
    fn default() -> Self {
        Self::new()
    }
}

fn context(store: Arc<dyn Store>, registry: Arc<Registry>, clock: Arc<ManualClock>) -> Context {
    let settings = Settings { references: References::Allow, ..Settings::default() };
    let mut server = Server::new(store, registry, settings, clock).with_page_key(&[7; interaction::PAGE_KEY_BYTES]);
    server.identifiers = Identifiers::seeded([1, 2]);
    Context::new(Arc::new(server), Tenant(1), "conformance", BASE)
}

fn entry(resource: &Value, is_post: bool) -> Value {
    let kind = resource.resource_type().unwrap_or_default();
    let id = resource.text("id").unwrap_or_default();
    let request = match is_post {
        true => object! { "method": "POST", "url": kind },
        false => object! { "method": "PUT", "url": format!("{kind}/{id}") },
    };
    object! { "resource": resource.clone(), "request": request }
}

fn reply(answer: Result<Bytes, interaction::Error>) -> Reply {
    match answer {
        Ok(body) => Reply { status: 200, body },
        Err(error) => {
            let outcome = error.outcome();
            Reply { status: outcome.status, body: json::to_string(&fhir::outcome::operation_outcome(&outcome.issues)).into() }
        }
    }
}

/// The current resources of a type as the reference engine gives them, at most a thousand, and whether these are all.
///
/// # Panics
/// When it fails.
pub async fn current(engines: &Engines, kind: ResourceType) -> (Vec<Value>, bool) {
    let all = Question::of(kind, vec![("_count".to_owned(), "1000".to_owned())]);
    let replies = engines.search(&all).await;
    let bundle = json::parse(&replies[0].body).expect("a Bundle");
    let is_whole = bundle.list("link").all(|link| link.text("relation") != Some("next"));
    (bundle.list("entry").filter_map(|entry| entry.get("resource").cloned()).collect(), is_whole)
}
