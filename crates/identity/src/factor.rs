//! Second factors: what one has, beside the password that one knows.
//!
//! - [`totp`]: authenticator apps (RFC 6238).
//! - [`recovery`]: codes on paper, each for one use.
//! - [`passkey`]: passkeys (WebAuthn).
//! - [`enrolment`]: how factors come to an account, and how they go.
//! - [`proving`]: how they are asked for: at a sign-in, and when a session is to be of [`access::Strength::Two`].

pub mod enrolment;
pub mod passkey;
pub mod proving;
pub mod recovery;
pub mod totp;

pub use proving::Proof;

/// What is told of a change of what somebody has beside a password.
pub(crate) const FACTORS: &str = "the second factors of an account were changed";
