//! Challenges: what a passkey signs, made here, for one use within five minutes.

use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::base64url;
use crate::chronicle::Told;
use crate::directory::{Changes, Kept, Record};
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::secret::Secret;

/// How long a challenge holds, in milliseconds.
pub const HOLDS_MS: i64 = 5 * 60_000;

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ceremony {
    /// A passkey is made.
    Making,
    /// A passkey is used.
    Using,
}

/// A challenge that was made. Its id is the SHA-256 of the challenge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Challenge {
    pub ceremony: Ceremony,
    /// For which account; `None`: whoever it is.
    pub user: Option<String>,
    pub until: Instant,
}

impl Record for Challenge {
    const KIND: &'static str = "challenge";

    fn ends(&self) -> Option<Instant> {
        Some(self.until)
    }
}

impl Identity {
    /// A new challenge, in base64url.
    pub(crate) async fn challenge(&self, ceremony: Ceremony, user: Option<&str>) -> Result<String, IdentityError> {
        let mut bytes = [0; 32];
        self.random().fill(&mut bytes)?;
        let text = base64url::encode(&bytes);
        let challenge = Challenge { ceremony, user: user.map(str::to_owned), until: self.now() + HOLDS_MS };
        self.directory()
            .apply(
                Changes::new("challenge", Told::Nothing("it is a question, and its answer is told"))
                    .create(&Secret::new(text.as_str()).fingerprint(), &challenge),
            )
            .await?;
        Ok(text)
    }

    /// The challenge that was answered, if it holds for this. Whoever takes the answer removes it in the same changes.
    pub(crate) async fn challenged(&self, text: &str, ceremony: Ceremony, user: Option<&str>) -> Result<Kept<Challenge>, IdentityError> {
        let known = self.directory().get::<Challenge>(&Secret::new(text).fingerprint()).await?;
        let fits =
            |challenge: &Challenge| challenge.ceremony == ceremony && challenge.user.as_deref() == user && self.now() < challenge.until;
        known.filter(|kept| fits(&kept.record)).ok_or(IdentityError::FactorRefused)
    }
}
