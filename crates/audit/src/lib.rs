//! What was done, by whom, to whose record: AuditEvents as IHE's Basic Audit Log Patterns write them, and the proof that none was altered.
//!
//! - [`codes`]: the issue numbers of this crate.
//!
//! This crate knows no HTTP, no engine and no clock (it is handed the time).

pub mod codes;
