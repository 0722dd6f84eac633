//! Letters on their way: from the accounts that write them, through a folder that keeps them, to a server for mail.
//!
//! - [`letter`]: a letter as mail has it (RFC 5322).
//! - [`folder`]: the folder in which letters wait. It is the queue: what is in it survives the process.
//! - [`relay`]: the server that takes them, as a setting names it.
//! - [`smtp`]: a conversation with it (RFC 5321).
//! - [`postman`]: takes letters from the folder to the server, again and again until it has taken them.
//!
//! This crate knows no accounts but through what a letter says, writes nothing of a letter into the log, and is handed the time.

pub mod folder;
pub mod letter;
pub mod postman;
pub mod relay;
pub mod smtp;

pub use folder::Folder;
pub use postman::{Pauses, Postman};
pub use relay::Relay;
