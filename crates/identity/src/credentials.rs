//! What proves that somebody is they: the hash of a password, second factors. One record for each account, beside it, so that the account itself can be shown.

use std::fmt;

use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::directory::Record;
use crate::factor::passkey::Passkey;

/// The proofs of an account. `{:?}` shows only which there are.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Credentials {
    /// The account, by its id.
    pub user: String,
    /// The hash of the password, in the PHC format or as bcrypt writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// When the password was set.
    #[serde(default)]
    pub password_set: Instant,
    /// The authenticator app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<Totp>,
    /// An authenticator app that was offered: it proves nothing before a code of it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered_totp: Option<Totp>,
    /// The recovery codes that were not used yet, each as the SHA-256 of account and code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery: Vec<String>,
    /// The passkeys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passkeys: Vec<Passkey>,
}

/// An authenticator app.
#[derive(Clone, Serialize, Deserialize)]
pub struct Totp {
    /// Its secret, sealed, in hexadecimal digits.
    pub sealed: String,
    /// The step of the last code that was taken: only later ones are.
    #[serde(default)]
    pub last_step: u64,
}

impl Record for Credentials {
    const KIND: &'static str = "credentials";

    fn names(&self) -> Vec<(&'static str, String)> {
        self.passkeys.iter().map(|passkey| ("passkey", passkey.fingerprint())).collect()
    }
}

impl Credentials {
    /// The id of the record for an account.
    pub fn id_of(user: &str) -> String {
        format!("c-{user}")
    }

    /// Whether a second factor is asked for at a sign-in.
    pub fn has_factor(&self) -> bool {
        self.totp.is_some() || !self.passkeys.is_empty()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("user", &self.user)
            .field("password", &self.password.is_some())
            .field("totp", &self.totp.is_some())
            .field("recovery", &self.recovery.len())
            .field("passkeys", &self.passkeys.len())
            .finish()
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Totp").finish_non_exhaustive()
    }
}
