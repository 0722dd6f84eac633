//! Resources that the server itself brings: R4's own conformance content (`base`), HL7's SearchParameters, the OperationDefinitions of its
//! operations, and a CodeSystem for each concept table that is open.
//!
//! They are made from tables, each when somebody reads it. What searches ask of them is kept in a reference store of their own for each type, filled
//! from the tables when somebody first searches the type, so that the same searches find them. They can be read and found like stored ones, are
//! tagged `urn:ward:origin|built-in`, and cannot be changed: a stored resource with the same id or canonical address takes the place of a
//! built-in one. Each has one version, which nobody wrote here: it is in the history of the resource, and not in that of the type.
//!
//! What chooses a resource in order to write is about stored ones only: conditions. So are chains, `_include` and `_revinclude`.

mod code_system;
mod merge;
mod operation_definition;
mod replaced;
mod search_parameter;
mod shelf;
mod source;

use std::sync::Arc;

use fhir::definitions::ResourceType;
use fhir::{Value, array, object};
use store::commit::Key;
use store::contract::Extract;
use store::query::{History, HistoryQuery, Version};

use crate::{Context, Error, Kept, Server};

pub(crate) use merge::search;
pub(crate) use operation_definition::GRAPHQL;
use shelf::Shelf;

/// The types of built-in resources.
const KINDS: [&str; 7] =
    ["CodeSystem", "CompartmentDefinition", "ConceptMap", "OperationDefinition", "SearchParameter", "StructureDefinition", "ValueSet"];

/// The built-in resources: a shelf for each of the types, once somebody has asked for it.
#[derive(Default)]
pub(crate) struct Builtin([Kept<Arc<Shelf>>; KINDS.len()]);

impl Builtin {
    /// The shelf of a type, and which of them it is; `None` for a type without built-in resources.
    fn shelf(&self, server: &Server, kind: ResourceType) -> Option<(usize, Arc<Shelf>)> {
        let place = KINDS.iter().position(|name| *name == kind.name())?;
        let (registry, known) = (server.registry(), server.terms.known());
        // The identity of a registry is a hash: no two of them differ by as little as generations do.
        let identity = if kind.name() == "CodeSystem" { registry.identity() ^ known.generation() } else { registry.identity() };
        Some((place, self.0[place].get(identity, || Arc::new(Shelf::load(registry.clone(), kind, known.tables())))))
    }
}

/// Whether the server brings resources of the type: these are read and found by everybody.
pub(crate) fn brings(kind: ResourceType) -> bool {
    KINDS.contains(&kind.name())
}

/// The built-in resource of this key.
pub(crate) async fn read(ctx: &Context, key: &Key) -> Result<Option<Version>, Error> {
    match ctx.server.builtin.shelf(&ctx.server, key.kind) {
        Some((_, shelf)) => Ok(shelf.read(key).await?),
        None => Ok(None),
    }
}

/// The history of the built-in resource of this key.
pub(crate) async fn history(ctx: &Context, key: &Key, query: HistoryQuery) -> Result<Option<History>, Error> {
    match ctx.server.builtin.shelf(&ctx.server, key.kind) {
        Some((_, shelf)) => Ok(shelf.history(key, query).await?),
        None => Ok(None),
    }
}

/// What says of a resource that the server brought it.
fn origin() -> Value {
    object! { "tag": array![object! { "system": "urn:ward:origin", "code": "built-in" }] }
}
