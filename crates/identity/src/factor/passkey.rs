//! Passkeys: key pairs that a device keeps (Web Authentication, <https://www.w3.org/TR/webauthn-3/>).
//!
//! - [`making`]: how a passkey comes to an account, and how it goes.
//! - [`using`]: how it is asked for: as a second factor, to step up, or alone.
//! - [`challenge`], [`client_data`], [`authenticator_data`], [`cose`], [`cbor`]: what the two have in common.
//!
//! Attestations are not asked for: who has made a device is nobody's business here.

pub mod authenticator_data;
pub mod cbor;
pub mod challenge;
pub mod client_data;
pub mod cose;
pub mod making;
pub mod using;

use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::secret::Secret;

/// A passkey of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its id, as the device gave it, in base64url.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The public key, as COSE has it, in base64url.
    pub key: String,
    /// How often the device says that it was used; 0 when it does not count.
    pub count: u32,
    /// When it was made.
    pub created: Instant,
    /// When it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Instant>,
    /// Whether it is also elsewhere, such as in the cloud of a vendor.
    pub backed_up: bool,
    /// The id of the relying party to which it belongs; empty for that of the settings.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub party: String,
}

impl Passkey {
    /// By what the account of a passkey is found: the SHA-256 of its id.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.id)
    }
}

/// The SHA-256 of the id of a passkey.
pub(crate) fn fingerprint(id: &str) -> String {
    Secret::new(id).fingerprint()
}
