//! What may be set, with its defaults. Times are in seconds.

/// What may be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long an access token of a user holds: 300 to 3600. Default: 900.
    pub access_seconds: u32,
    /// How long `offline_access` holds when it is not used: each refresh begins it anew. Default: 100 days.
    pub offline_seconds: u32,
    /// Whether clients may register themselves (RFC 7591). Default: no.
    pub registration: bool,
    /// Whether clients that act for themselves may prove with a secret that they are they, and not with a key alone. Default: yes.
    pub service_secrets: bool,
    /// After how many days another key signs. Default: 90.
    pub key_days: u32,
    /// How many clients, tokens and keys of other servers are remembered. Default: 100,000.
    pub remembered: usize,
}

/// How long it is remembered what a user chose when a client asked.
pub(crate) const CHOICE_MS: i64 = 365 * 86_400_000;
/// How long a code holds.
pub(crate) const CODE_MS: i64 = 60_000;
/// How long a launch may take from the record system to the client and back.
pub(crate) const LAUNCH_MS: i64 = 300_000;
/// How long an access token of a backend service holds at most (SMART App Launch 2.2, backend services).
pub(crate) const BACKEND_SECONDS: u32 = 300;
/// How long an ID token holds.
pub(crate) const ID_TOKEN_MS: i64 = 300_000;
/// How long a device may wait for its user.
pub(crate) const DEVICE_MS: i64 = 600_000;
/// How far the clock of a client may be ahead of this one.
pub(crate) const SKEW_SECONDS: i64 = 30;

impl Default for Settings {
    fn default() -> Self {
        Self {
            access_seconds: 900,
            offline_seconds: 100 * 86_400,
            registration: false,
            service_secrets: true,
            key_days: 90,
            remembered: 100_000,
        }
    }
}

impl Settings {
    /// How long access tokens of users hold, within its bounds.
    pub(crate) fn access_seconds(&self) -> u32 {
        self.access_seconds.clamp(300, 3600)
    }
}
