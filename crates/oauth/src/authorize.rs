//! The authorization endpoint (RFC 6749, section 4.1; SMART App Launch 2.2).
//!
//! [`crate::Provider::begin`] reads a request: nothing is kept of it, so that it is read again whenever the browser comes back with it.
//! [`Asked::step`] says what is to be shown. [`crate::Provider::finish`] answers with what the user decided.

mod asked;
mod begin;
mod finish;

pub use asked::{Asked, Denied, Prompt, ReplyTo, SignedIn, Step};
pub use finish::{Decision, Done};
