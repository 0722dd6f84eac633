//! What was done, by whom, to whose record: AuditEvents as IHE's Basic Audit Log Patterns write them, and the proof that none was altered.
//!
//! - [`happening`]: the plain facts.
//! - [`event`]: the AuditEvents made of them.
//! - [`patients`]: whose record a resource is in.
//! - [`mod@writes`], [`audited`]: the events of a commit, in the same commit.
//! - [`journal`]: reads, written down before they are answered.
//! - [`mod@materialise`]: AuditEvents made of the journal's rows.
//! - [`pace`]: how much of the time that takes while reads come in.
//! - [`merkle`], [`tree`]: one hash for all AuditEvents of a tenant.
//! - [`checkpoint`], [`notary`]: that hash, signed once a minute, and kept by witnesses.
//! - [`mod@verify`]: whether the trail is what was signed.
//! - [`report`](mod@report): what happened, by user, patient and period.
//! - [`suspicion`]: what looks suspicious, as it happens; [`lookout`]: who looks, at rows and at commits.
//! - [`alerts`](mod@alerts): the same, read back from the trail.
//! - [`command`]: what `ward audit` does.
//! - [`codes`]: the issue numbers of this crate.
//!
//! This crate knows files of its own, but no HTTP, no engine and no clock (it is handed the time).

pub mod alerts;
pub mod audited;
pub mod checkpoint;
pub mod codes;
pub mod command;
pub mod event;
pub mod happening;
pub mod journal;
pub mod lookout;
pub mod materialise;
pub mod merkle;
pub mod notary;
pub mod pace;
pub mod patients;
pub mod report;
pub mod suspicion;
pub mod tree;
pub mod verify;
pub mod writes;

pub use audited::Audited;
pub use event::form::Forms;
pub use event::{Scribe, Site};
pub use happening::{Administered, Entity, Happening, Interaction, Outcome, What};
pub use journal::{Journal, JournalError, Mode};
pub use lookout::Lookout;
pub use materialise::{Materialiser, Observer, Seen};
