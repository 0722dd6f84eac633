//! Authorization codes: each for one client and address, for a minute, once.

use identity::directory::Record;
use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::approval::Approval;

/// A code. Its id is the fingerprint of what was handed out.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    /// What it stands for.
    pub(crate) approval: Approval,
    /// The address that it was sent to.
    pub(crate) redirect_uri: String,
    /// Whose verifier is asked for.
    pub(crate) challenge: String,
    /// What the ID token repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    /// The approval that was given for it, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) spent: Option<String>,
    pub(crate) ends: Instant,
}

impl Record for Code {
    const KIND: &'static str = "code";

    fn ends(&self) -> Option<Instant> {
        Some(self.ends)
    }
}
