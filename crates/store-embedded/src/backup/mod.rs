//! Backups of the truth; the index is made anew from it.
//!
//! - [`copy`]: a copy as it is at one moment.
//! - The continuous backup. [`shipping`]: what the writer and it tell each other; [`shipper`]: its thread; [`chain`]: what it writes to; [`closing`]: what it
//!   leaves for the next start. [`place`], [`base`], [`segment`], [`sealed`]: its files.
//! - [`restore`], [`replay`], [`until`]: back to a database. [`moments`]: what can be restored.

pub(crate) mod base;
pub(crate) mod chain;
pub(crate) mod closing;
pub(crate) mod copy;
pub(crate) mod moments;
pub(crate) mod place;
pub(crate) mod replay;
pub(crate) mod restore;
pub(crate) mod sealed;
pub(crate) mod segment;
pub(crate) mod shipper;
pub(crate) mod shipping;
pub(crate) mod until;
