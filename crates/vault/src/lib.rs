//! Keys and what is sealed with them.
//!
//! - [`Sealer`]: seals bytes for a place ([`Context`]), opens them there, and hashes values under a key. [`OneKey`] is the simplest.
//! - [`sealed`]: the sealed form.
//! - [`Secret`], [`Opened`]: bytes that are wiped from memory.
//! - [`VaultError`], [`codes`]: why something was not done, and its number.
//!
//! This crate knows no FHIR, no store, no HTTP and no clock.

pub mod codes;
mod context;
mod error;
mod hash;
pub mod sealed;
mod sealer;
mod secret;

pub use context::{Context, MOST_PART_BYTES};
pub use error::{Result, VaultError};
pub use sealer::{OneKey, Sealer};
pub use secret::{KEY_BYTES, Opened, Secret};
