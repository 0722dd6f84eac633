//! Bundles: what a batch or transaction asks for, and the text of those that go out.

mod address;
mod allowance;
mod condition;
mod entry;
mod operation;
mod perform;
mod process;
mod text;

pub(crate) use address::{Address, parse as parse_address};
pub(crate) use allowance::Allowance;
pub(crate) use entry::{Entry, Method};
pub(crate) use operation::check_in_transaction;
pub(crate) use perform::perform;
pub use process::{Returning, all_well, process};
pub(crate) use text::{BundleText, EntryText, ResponseText};

use bytes::Bytes;
use fhir::Issue;
use store::commit::Instant;

use crate::{Deleted, Written};

/// What became of an entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Below the base address: `Patient/12/_history/3`.
    pub(crate) location: Option<String>,
    pub(crate) version: Option<u64>,
    pub(crate) last_modified: Option<Instant>,
    pub(crate) resource: Option<Bytes>,
    pub(crate) issues: Vec<Issue>,
}

impl Answer {
    /// What became of an entry that deletes: with a version when it is one resource's.
    pub(crate) fn deleted(deleted: &[Deleted]) -> Self {
        let one = match deleted {
            [one] => one.version.map(|version| (version, one.at)),
            _ => None,
        };
        let (version, last_modified) = one.unzip();
        Self { status: 204, version, last_modified, ..Self::default() }
    }

    /// What became of an entry that wrote; the resource itself only when it is wanted.
    pub(crate) fn written(written: Written, with_resource: bool) -> Self {
        Self {
            status: written.status(),
            location: Some(written.location()),
            version: Some(written.version),
            last_modified: Some(written.last_updated),
            resource: with_resource.then(|| written.text()),
            issues: written.issues,
        }
    }
}
