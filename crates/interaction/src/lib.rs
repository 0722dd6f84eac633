//! FHIR's interactions, one file each: what a request asks for, what comes back, and why it may be refused.
//!
//! An interaction is `async fn name(ctx: &Context, request: NameRequest) -> Result<Answer, Error>`. The table in
//! [`table`] lists them all; routes, the CapabilityStatement and the documentation follow from it. Errors become an
//! OperationOutcome in one place, [`Error::outcome`].
//!
//! This crate knows no HTTP (a status is a plain number that FHIR names), no engine, no XML and no clock of its own.

mod alone;
pub mod as_of;
mod batch;
pub mod binary;
mod builtin;
mod bundle;
mod capabilities;
mod code_sets;
pub mod codes;
pub mod condition;
mod conditional_delete;
mod conditional_update;
mod context;
mod create;
mod delete;
pub mod erase;
mod error;
pub mod etag;
mod graphql;
mod history;
mod identifier;
mod judging;
mod kept;
pub mod library;
pub mod operation;
mod page_seal;
mod patch;
mod permission;
pub mod prepare;
mod provenance;
mod read;
mod references;
mod search;
mod summary;
pub mod table;
pub mod terminology;
mod transaction;
mod update;
pub mod validation;
mod vread;
mod ways_in;
mod written;

pub use self::graphql::{GraphQlRequest, GraphQlTarget};
pub use self::search::{CompartmentSearchRequest, SearchRequest, SystemSearchRequest};
pub use ::graphql::Limits as GraphQlLimits;
pub use bundle::{Returning, all_well, process};
pub use capabilities::{Mode, capabilities};
pub use code_sets::{MAX_CODE_SETS, MAX_CODES};
pub use conditional_delete::ConditionalDeleteRequest;
pub use conditional_update::ConditionalUpdateRequest;
pub use context::{ConditionalDelete, Context, DeleteReferenced, References, Server, Settings};
pub use create::CreateRequest;
pub use delete::{DeleteRequest, Deleted};
pub use error::{Error, Outcome};
pub use history::HistoryRequest;
pub use identifier::{Identifiers, is_id};
pub use judging::Rulebook;
pub use kept::Kept;
pub use page_seal::PAGE_KEY_BYTES;
pub use patch::{PatchRequest, PatchTarget};
pub use read::ReadRequest;
pub use summary::Selection;
pub use update::UpdateRequest;
pub use vread::VreadRequest;
pub use ways_in::{
    conditional_delete, conditional_update, create, delete, graphql, history, patch, read, search, search_compartment, search_system,
    update, vread,
};
pub use written::{Act, Written};
