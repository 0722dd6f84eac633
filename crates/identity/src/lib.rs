//! Who is who: accounts, what proves that somebody is theirs, sessions, clients. Everything is a record of the [`directory`].
//!
//! - [`directory`]: records, each a resource of a tenant of its own that no address of the server leads to.
//! - [`seen`]: what was found out lately of tokens, forgotten at once when a record changes.
//! - [`codes`]: the issue numbers of this crate.
//!
//! This crate knows no HTTP, no pages, no FHIR policies (it knows the codes of roles) and no clock (it is handed one).

pub mod codes;
pub mod directory;
pub mod seen;
