//! Taking in files of resources.
//!
//! [`source`] finds the files and cuts them into documents and lines; [`prepare`] parses and checks them and takes Bundles
//! apart; [`pipeline`] does so on several threads and commits; [`rejects`] sets aside what is refused.

pub mod pipeline;
pub mod prepare;
pub mod rejects;
pub mod source;
