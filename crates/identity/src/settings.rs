//! What may be set about accounts, with its defaults.

use crate::password::{Cost, Policy};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What may be set. Times are in milliseconds.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether people may register by themselves. Default: no.
    pub registration: bool,
    /// How dear it is to hash a password. Default: OWASP's minimum for argon2id.
    pub cost: Cost,
    /// How many passwords are hashed at once. Default: 2; each takes the memory that the cost says.
    pub hashing_at_once: usize,
    /// How many may wait for that; whoever comes then is told that the directory is busy. Default: 256.
    pub hashing_waiting: usize,
    /// What a password must be.
    pub policy: Policy,
    /// A session ends when nothing was asked for this long. Default: 15 minutes.
    pub idle_ms: i64,
    /// A session ends at this age at the latest. Default: 12 hours.
    pub absolute_ms: i64,
    /// How long a session is of [`access::Strength::Two`] after a second factor. Default: 12 hours.
    pub strong_ms: i64,
    /// How long one may take between the password and the second factor. Default: 5 minutes.
    pub halfway_ms: i64,
    /// How long breaking the glass gives access beyond the roles. Default: 1 hour.
    pub emergency_ms: i64,
    /// How long an invitation holds. Default: 7 days.
    pub invitation_ms: i64,
    /// How long a link holds that verifies an e-mail address. Default: 1 day.
    pub verification_ms: i64,
    /// How long a link holds that resets a password. Default: 30 minutes.
    pub reset_ms: i64,
    /// How long the link of the first start holds. Default: 1 day.
    pub set_up_ms: i64,
    /// How long a device is known after the sign-in that made it known. Default: 180 days.
    pub device_ms: i64,
    /// How many sessions one account may have; the one that was not used for longest ends. Default: 20.
    pub most_sessions: u32,
    /// What authenticator apps show as the place of a code. Default: `Ward`.
    pub issuer: String,
    /// For whom passkeys are made; `None`: there are none. Default: none.
    pub relying_party: Option<RelyingParty>,
}

/// For whom passkeys are made (<https://www.w3.org/TR/webauthn-3/#relying-party>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// The domain, such as `ward.example.org`: passkeys work below it and nowhere else. Passkeys are lost when it changes.
    pub id: String,
    /// The origins from which they may be used, each exactly as a browser writes it: `https://ward.example.org`.
    pub origins: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            registration: false,
            cost: Cost::default(),
            hashing_at_once: 2,
            hashing_waiting: 256,
            policy: Policy::default(),
            idle_ms: 15 * MINUTE_MS,
            absolute_ms: 12 * HOUR_MS,
            strong_ms: 12 * HOUR_MS,
            halfway_ms: 5 * MINUTE_MS,
            emergency_ms: HOUR_MS,
            invitation_ms: 7 * DAY_MS,
            verification_ms: DAY_MS,
            reset_ms: 30 * MINUTE_MS,
            set_up_ms: DAY_MS,
            device_ms: 180 * DAY_MS,
            most_sessions: 20,
            issuer: "Ward".to_owned(),
            relying_party: None,
        }
    }
}
