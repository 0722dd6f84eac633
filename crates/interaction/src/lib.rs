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
mod written;

pub use self::graphql::{GraphQlRequest, GraphQlTarget, graphql};
pub use self::search::{CompartmentSearchRequest, SearchRequest, SystemSearchRequest, search, search_compartment, search_system};
pub use ::graphql::Limits as GraphQlLimits;
pub use bundle::{Returning, all_well, process};
pub use capabilities::{Mode, capabilities};
pub use code_sets::{MAX_CODE_SETS, MAX_CODES};
pub use conditional_delete::{ConditionalDeleteRequest, conditional_delete};
pub use conditional_update::{ConditionalUpdateRequest, conditional_update};
pub use context::{ConditionalDelete, Context, DeleteReferenced, References, Server, Settings};
pub use create::{CreateRequest, create};
pub use delete::{DeleteRequest, Deleted, delete};
pub use error::{Error, Outcome};
pub use history::{HistoryRequest, history};
pub use identifier::{Identifiers, is_id};
pub use judging::Rulebook;
pub use kept::Kept;
pub use page_seal::PAGE_KEY_BYTES;
pub use patch::{PatchRequest, PatchTarget, patch};
pub use read::{ReadRequest, read};
pub use summary::Selection;
pub use update::{UpdateRequest, update};
pub use vread::{VreadRequest, vread};
pub use written::{Act, Written};
