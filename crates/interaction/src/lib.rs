//! FHIR's interactions, one file each: what a request asks for, what comes back, and why it may be refused.
//!
//! An interaction is `async fn name(ctx: &Context, request: NameRequest) -> Result<Answer, Error>`. The table in
//! [`table`] lists them all; routes, the CapabilityStatement and the documentation follow from it. Errors become an
//! OperationOutcome in one place, [`Error::outcome`].
//!
//! This crate knows no HTTP (a status is a plain number that FHIR names), no engine, no XML and no clock of its own.

mod batch;
mod bundle;
mod capabilities;
pub mod codes;
pub mod condition;
mod context;
mod create;
mod delete;
mod error;
pub mod etag;
mod history;
mod identifier;
pub mod operation;
pub mod prepare;
mod read;
mod references;
mod search;
mod summary;
pub mod table;
mod transaction;
mod update;
mod vread;
mod written;

pub use self::search::{SearchRequest, search};
pub use bundle::{Returning, process};
pub use capabilities::capabilities;
pub use context::{Context, DeleteReferenced, References, Server, Settings};
pub use create::{CreateRequest, create};
pub use delete::{DeleteRequest, Deleted, delete};
pub use error::{Error, Outcome};
pub use history::{HistoryRequest, history};
pub use identifier::{Identifiers, is_id};
pub use read::{ReadRequest, read};
pub use update::{UpdateRequest, update};
pub use vread::{VreadRequest, vread};
pub use written::{Act, Written};
