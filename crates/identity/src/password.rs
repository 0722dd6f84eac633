//! Passwords: how they are hashed, and what they must be.
//!
//! - [`hashing`]: argon2id, beside the threads of the network.
//! - [`strength`]: what a password must be, and how strong it is.
//! - [`breached`]: words that everybody tries first. [`published`]: lists of them that are too long for memory.

pub mod breached;
pub mod hashing;
pub mod published;
pub mod strength;

pub use hashing::{Cost, Hasher};
pub use strength::{Policy, Strength, Weakness};
