//! What was done, by whom, to whose record: AuditEvents as IHE's Basic Audit Log Patterns write them, and the proof that none was altered.
//!
//! - [`happening`]: the plain facts.
//! - [`event`]: the AuditEvents made of them.
//! - [`patients`]: whose record a resource is in.
//! - [`mod@writes`]: the events of a commit, in the same commit.
//! - [`journal`]: reads, written down before they are answered.
//! - [`mod@materialise`]: AuditEvents made of the journal's rows.
//! - [`codes`]: the issue numbers of this crate.
//!
//! This crate knows files of its own, but no HTTP, no engine and no clock (it is handed the time).

pub mod codes;
pub mod event;
pub mod happening;
pub mod journal;
pub mod materialise;
pub mod merkle;
pub mod patients;
pub mod writes;

pub use event::{Scribe, Site};
pub use happening::{Entity, Happening, Interaction, Outcome, What};
pub use journal::{Journal, JournalError, Mode};
pub use materialise::Materialiser;
