//! Taking in files of resources.
//!
//! [`source`] finds the files and cuts them into documents and lines; [`prepare`] parses and checks them and takes Bundles
//! apart; [`pipeline`] does so on several threads; [`target`] is where the resources go, a store or a server; [`ledger`]
//! counts, and [`rejects`] sets aside what is refused.

pub mod ledger;
pub mod pipeline;
pub mod prepare;
pub mod rejects;
pub mod source;
pub mod target;

/// How many bytes may be put off until the end, because they refer to what is not there yet.
const MAX_DEFERRED_BYTES: usize = 1 << 30;
