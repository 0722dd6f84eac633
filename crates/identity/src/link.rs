//! Links: a token that does one thing once, within a while.

use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::chronicle::Told;
use crate::directory::{Changes, Kept, Record};
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::secret::Secret;

/// What the token of a link does. Its id is the SHA-256 of the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it does.
    pub purpose: Purpose,
    /// For which account, by its id; empty for the first start.
    pub user: String,
    /// To which address it was sent, which is known to be theirs when it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The generation of the account when it was made: what ends all sessions ends it, too.
    #[serde(default)]
    pub generation: u32,
    /// Until when.
    pub until: Instant,
}

/// What a link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Makes the first system administrator.
    SetUp,
    /// Accepts an invitation.
    Invitation,
    /// Verifies an e-mail address.
    Verification,
    /// Sets a new password.
    Reset,
}

impl Record for Link {
    const KIND: &'static str = "link";

    fn ends(&self) -> Option<Instant> {
        Some(self.until)
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        match self.user.is_empty() {
            true => vec![("first-start", "yes".to_owned())],
            false => vec![("of-user", self.user.clone())],
        }
    }
}

/// A letter was asked for: whoever wrote a login asks, and what comes of its link is told.
pub(crate) const LETTER: Told = Told::Nothing("what comes of the letter is told");

impl Identity {
    /// Adds a link to changes, and says its token.
    pub(crate) fn make_link(&self, changes: Changes, link: &Link) -> Result<(Changes, Secret), IdentityError> {
        let token = self.token()?;
        Ok((changes.create(&token.fingerprint(), link), token))
    }

    /// The link of a token. Whoever does what it is for removes it in the same [`Changes`]: so it is done once.
    pub(crate) async fn link(&self, token: &Secret, purpose: Purpose) -> Result<Kept<Link>, IdentityError> {
        let link = self.directory().get::<Link>(&token.fingerprint()).await?;
        link.filter(|kept| kept.record.purpose == purpose && self.now() < kept.record.until).ok_or(IdentityError::LinkSpent)
    }
}
