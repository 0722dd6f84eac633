//! FHIR's operations (<http://hl7.org/fhir/R4/operations.html>): `$name` at the system, a type or a resource.
//!
//! An operation is one file with its definition as data and a line in [`TABLE`]. Routes, the check of what a client hands in, the
//! OperationDefinition resources and the CapabilityStatement follow from the definition. [`invoke`] is the one road to all of them, from
//! HTTP and from the entries of a Bundle.

mod arguments;
mod convert;
mod definition;
mod document;
mod everything;
mod expunge;
mod fhirpath;
mod find_list;
mod gathered;
mod graph;
mod implements;
mod lastn;
mod limits;
mod meta;
mod meta_change;
mod place;
mod preferred_id;
mod purge;
mod reply;
mod scan;
mod snapshot;
mod stats;
mod subset;
mod table;
mod terminology;
mod validate;
mod versions;

pub(crate) use arguments::Arguments;
pub use definition::{Operation, Parameter, Right, Types, Use};
pub(crate) use everything::linking;
pub use place::{Place, find, unknown};
pub use reply::Reply;
pub(crate) use scan::tree;
pub use table::{TABLE, rows};

use fhir::{Issue, Value};

use crate::{Context, Error, as_of};

/// What is asked of an operation.
#[derive(Clone, Debug)]
pub struct OperationRequest {
    /// Which operation: one that [`find`] found for the place.
    pub operation: &'static Operation,
    /// What it is invoked on.
    pub place: Place,
    /// The parameters in the address, decoded, in their order, without those that say how to answer (`_format`, `_pretty`).
    pub query: Vec<(String, String)>,
    /// The body: a Parameters resource, or the resource itself where the operation takes one.
    pub body: Option<Value>,
    /// Only if this is the current version of the resource: `If-Match`.
    pub if_match: Option<u64>,
}

/// What an operation works with, when its parameters have been checked.
pub(crate) struct Call {
    pub(crate) place: Place,
    pub(crate) arguments: Arguments,
    pub(crate) if_match: Option<u64>,
}

/// Whether the parameters are what the operation asks for: what [`invoke`] would find wrong with them.
pub(crate) fn check(operation: &'static Operation, query: Vec<(String, String)>, body: Option<Value>) -> Result<(), Vec<Issue>> {
    Arguments::read(operation, query, body).map(drop)
}

/// Does an operation.
///
/// [`Error::Forbidden`] when the grant does not let it be invoked; [`Error::BadRequest`] names every parameter that is unknown, missing, of the wrong type or there too often; then come the errors of
/// the operation itself, which its definition's `run` states. One that changes something does nothing in the past.
pub async fn invoke(ctx: &Context, request: OperationRequest) -> Result<Reply, Error> {
    let OperationRequest { operation, place, query, body, if_match } = request;
    ctx.permit_operation(operation, &place)?;
    if operation.affects_state && ctx.as_of().is_some() {
        return Err(as_of::misplaced());
    }
    let arguments = Arguments::read(operation, query, body).map_err(Error::BadRequest)?;
    (operation.run)(ctx, Call { place, arguments, if_match }).await
}
