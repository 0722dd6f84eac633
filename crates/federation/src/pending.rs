//! Sign-ins that are under way: what was begun, in which browser.
//!
//! The browser has a secret in a cookie, and the record is found by its fingerprint. State, nonce and PKCE verifier are made of the secret, so that no record has
//! them, and none fits another browser.

use aws_lc_rs::digest::{SHA256, digest};
use identity::chronicle::Told;
use identity::directory::{Changes, DirectoryError, Record};
use identity::{Secret, base64url};
use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::arrival::Person;
use crate::departure::Purpose;
use crate::error::FederationError;
use crate::federation::Federation;

/// How long somebody may take at the provider, in milliseconds.
pub(crate) const HOLDS_MS: i64 = 600_000;

/// A sign-in that is under way. Its id is the SHA-256 of the browser's secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// The provider, by the id of its record.
    pub(crate) provider: String,
    pub(crate) purpose: Purpose,
    pub(crate) until: Instant,
    /// The SHA-256 of the id of a SAML request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<String>,
    /// Whom the answer to that request is about, which came without the browser's secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) answered: Option<Person>,
}

/// Whom a sign-in lets in is told.
pub(crate) const UNDER_WAY: Told = Told::Nothing("whom it lets in is told");

impl Record for Pending {
    const KIND: &'static str = "outside-sign-in";

    fn names(&self) -> Vec<(&'static str, String)> {
        self.request.iter().map(|request| ("request", request.clone())).collect()
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        self.answered.iter().map(|person| ("answered", answered_group(&self.provider, &person.subject))).collect()
    }

    fn ends(&self) -> Option<Instant> {
        Some(self.until)
    }
}

/// By which a sign-in is found that a provider has answered about a person.
pub(crate) fn answered_group(provider: &str, subject: &str) -> String {
    format!("{provider}|{}", Secret::new(subject).fingerprint())
}

/// What is made of the browser's secret for a purpose.
pub(crate) fn derived(secret: &Secret, what: &str) -> Secret {
    let text = Secret::new(format!("outside|{what}|{}", secret.expose()));
    Secret::new(base64url::encode(digest(&SHA256, text.expose().as_bytes()).as_ref()))
}

impl Federation {
    /// What was begun in a browser with this provider; it is over by that, whatever comes of it.
    pub(crate) async fn taken(&self, secret: &Secret, provider: &str) -> Result<Pending, FederationError> {
        let found = self.directory().get::<Pending>(&secret.fingerprint()).await?.ok_or(FederationError::NotUnderWay)?;
        match self.directory().apply(Changes::new("come back", UNDER_WAY).remove(&found)).await {
            Ok(()) => {}
            Err(DirectoryError::Raced) => return Err(FederationError::NotUnderWay),
            Err(error) => return Err(error.into()),
        }
        let pending = found.record;
        match pending.provider == provider && self.now() < pending.until {
            true => Ok(pending),
            false => Err(FederationError::NotUnderWay),
        }
    }
}
