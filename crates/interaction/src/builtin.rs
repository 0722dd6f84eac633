//! Resources that the server itself brings: HL7's SearchParameters, and the OperationDefinitions of its operations.
//!
//! They are made from the tables that search and route, when somebody first asks, and kept in a reference store of their own, so that
//! the same searches find them. They can be read and found like stored ones, are tagged `urn:ward:origin|built-in`, and cannot be changed: a stored
//! resource with the same id or canonical address takes the place of a built-in one. Each has one version, which nobody wrote here: it is in
//! the history of the resource, and not in that of the type.
//!
//! What chooses a resource in order to write is about stored ones only: conditions. So are chains, `_include` and `_revinclude`.

mod merge;
mod operation_definition;
mod search_parameter;

use std::sync::Arc;

use fhir::definitions::ResourceType;
use fhir::{Value, array, object};
use futures_util::FutureExt;
use store::Store;
use store::commit::{Commit, Instant, Key, Tenant};
use store::contract::{Clock, Extract};
use store::memory::MemoryStore;
use store::query::{History, HistoryQuery, Version};

use crate::prepare::{Rules, prepare};
use crate::{Context, Error, Kept, Server};

pub(crate) use merge::search;
pub(crate) use operation_definition::GRAPHQL;

/// The types of built-in resources.
const KINDS: [&str; 2] = ["OperationDefinition", "SearchParameter"];

/// Whose they are in their store.
const TENANT: Tenant = Tenant(0);

/// When FHIR 4.0.1 was published: the moment of the built-in resources.
const PUBLISHED: Instant = 1_572_393_600_000;

/// The store of the built-in resources.
#[derive(Default)]
pub(crate) struct Builtin(Kept<Arc<Loaded>>);

struct Loaded {
    store: MemoryStore,
    /// The canonical address of each, with its key.
    urls: Vec<(String, Key)>,
}

struct Then;

impl Clock for Then {
    fn now(&self) -> Instant {
        PUBLISHED
    }
}

impl Builtin {
    fn loaded(&self, server: &Server) -> Arc<Loaded> {
        self.0.get(server.registry().identity(), || Arc::new(load(server)))
    }
}

fn load(server: &Server) -> Loaded {
    let store = MemoryStore::new(Arc::new(Then));
    let mut commit = Commit::new(TENANT, "Ward", "built-in");
    let mut urls = Vec::new();
    let rules = Rules::of_structure(server.registry());
    for resource in operation_definition::all().chain(search_parameter::all()) {
        let (Some(kind), Some(id)) = (resource.resource_type().and_then(ResourceType::parse), resource.text("id")) else { continue };
        let key = Key::new(kind, id);
        // What breaks a rule would be left out; a test sees that nothing does.
        let Ok(prepared) = prepare(&rules, "", &resource, key.clone()) else { continue };
        commit.put.push(prepared.put);
        urls.push((resource.text("url").unwrap_or_default().to_owned(), key));
    }
    // The reference store answers at once, and an empty one refuses nothing.
    let _ = store.commit(commit).now_or_never();
    Loaded { store, urls }
}

/// Whether there are built-in resources of the type.
pub(crate) fn has(kind: ResourceType) -> bool {
    KINDS.contains(&kind.name())
}

/// The built-in resource of this key.
pub(crate) async fn read(ctx: &Context, key: &Key) -> Result<Option<Version>, Error> {
    if !has(key.kind) {
        return Ok(None);
    }
    Ok(ctx.server.builtin.loaded(&ctx.server).store.read(TENANT, key).await?)
}

/// The history of the built-in resource of this key.
pub(crate) async fn history(ctx: &Context, key: &Key, query: HistoryQuery) -> Result<Option<History>, Error> {
    if read(ctx, key).await?.is_none() {
        return Ok(None);
    }
    let query = HistoryQuery { tenant: TENANT, ..query };
    Ok(Some(ctx.server.builtin.loaded(&ctx.server).store.history(&query).await?))
}

/// What says of a resource that the server brought it.
fn origin() -> Value {
    object! { "tag": array![object! { "system": "urn:ward:origin", "code": "built-in" }] }
}
