//! Whether the audit trail is what was signed: nothing altered, removed, put in, reordered, forked or cut off.
//!
//! Three things are compared: the AuditEvents in the store, the file of leaves, and the checkpoints, the server's own and those that
//! witnesses have kept. Only the checkpoints cannot be made anew by whoever may write to the disk (they are signed, and witnesses have
//! them); where they agree with the leaves, the leaves tell which event of the store it was. Nothing but these is needed: no server has to
//! run.

mod checkpoints;
mod leaves;

use std::fmt;

use store::commit::{Key, Tenant};
use store::contract::Store;

use crate::checkpoint::Verifier;
use crate::tree::{LeafFile, TreeError};

/// More findings than this are counted, but not told.
pub const MOST_FINDINGS: usize = 1000;

/// What the store is compared with.
pub struct Evidence<'a> {
    /// Whose trail.
    pub tenant: Tenant,
    /// The key that checkpoints are signed with.
    pub verifier: &'a Verifier,
    /// The server's own checkpoints, in the order of their file ([`crate::notary::read_log`]).
    pub checkpoints: &'a [String],
    /// Checkpoints that witnesses have kept, in any order: those the server cannot have changed.
    pub witnessed: &'a [String],
    /// The file of leaves; `None` when it is lost: then a difference is told between two checkpoints, and not which event it is.
    pub leaves: Option<&'a LeafFile>,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wrong {
    /// An AuditEvent does not have the text that it had.
    Altered,
    /// An AuditEvent is not there any more.
    Removed,
    /// An AuditEvent is there that was not.
    Inserted,
    /// AuditEvents stand in another order than they did.
    Reordered,
    /// An AuditEvent has another version, or was deleted: nothing in Ward does that.
    Superseded,
    /// The events up to a checkpoint are not those that it signed.
    Forked,
    /// There are fewer events than a checkpoint signed.
    Truncated,
    /// A checkpoint cannot be read, or is not signed with the key.
    BadCheckpoint,
    /// Checkpoints are missing, stand in another order, or contradict each other.
    DisorderedCheckpoints,
    /// The file of leaves is not what it was.
    DamagedLeaves,
}

/// Something wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub wrong: Wrong,
    /// The place of the event in the trail, from 0; for a checkpoint its place in its file. `None`: none in particular.
    pub place: Option<u64>,
    /// Which AuditEvent, where the store tells.
    pub event: Option<Key>,
    /// The same in words.
    pub text: String,
}

/// What verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many AuditEvents the store has.
    pub events: u64,
    /// How many checkpoints are signed with the key.
    pub checkpoints: u64,
    /// How many of the events, from the first on, the newest checkpoint has signed and the store still has as they were.
    pub proven: u64,
    /// How often the store was restored from an older backup, as was signed: each with how many events there were before, and how many the backup had.
    pub restored: Vec<(u64, u64)>,
    /// What is wrong, in the order in which it was found; at most [`MOST_FINDINGS`].
    pub findings: Vec<Finding>,
    /// How many findings were left out.
    pub left_out: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    fn find(&mut self, wrong: Wrong, place: Option<u64>, event: Option<Key>, text: String) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding { wrong, place, event, text });
        } else {
            self.left_out += 1;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{:?}: {}", finding.wrong, finding.text)?;
        }
        if self.left_out > 0 {
            writeln!(f, "and {} more", self.left_out)?;
        }
        for (before, after) in &self.restored {
            writeln!(f, "the database was restored from a backup: of {before} events the first {after} were left")?;
        }
        let verdict = if self.is_sound() { "nothing was altered" } else { "the audit trail was altered" };
        let (events, checkpoints, proven) = (self.events, self.checkpoints, self.proven);
        write!(f, "{verdict}: {events} events, {checkpoints} checkpoints; {proven} events are proven")
    }
}

/// Compares a tenant's AuditEvents with the evidence. It reads every one of them, and holds in memory only what differs.
///
/// Fails when the store does not answer or the file of leaves cannot be read; whatever is wrong with what was read is a finding.
pub async fn verify(store: &dyn Store, evidence: &Evidence<'_>) -> Result<Report, TreeError> {
    let mut report = Report::default();
    let signed = checkpoints::signed(evidence, &mut report);
    leaves::compare(store, evidence, &signed, &mut report).await?;
    Ok(report)
}
