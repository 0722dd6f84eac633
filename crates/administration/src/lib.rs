//! Administration: accounts, clients, API keys and roles of a tenant, looked at and changed by those who may.
//!
//! [`TABLE`] has a line for each thing that can be asked; [`Desk::answer`] does what is asked. HTTP and the command line ask the same desk: the one with
//! what came in a request, the other with what it was called with, whether a server runs or not.
//!
//! - [`asked`]: what is asked, and what is answered; [`refusal`]: why something is not done.
//! - `rights`: nobody hands out what they may not hand out, nobody changes their own rights; `administrators`: the last administrator stays.
//! - `form`, `cursor`: what comes in, read strictly; lists in pages.
//! - `users`, `clients`, `keys`, `roles`, `explaining`: one file for each thing, or few that belong together.
//!
//! This crate knows no HTTP, no passwords and tokens beyond handing them on, no clock (`identity` has one), and no engine.

mod administrators;
mod alerts;
pub mod asked;
mod clients;
pub mod codes;
mod cursor;
mod desk;
mod emergency;
mod explaining;
mod form;
mod keys;
pub mod refusal;
mod rights;
mod roles;
pub mod table;
mod tenants;
mod trail;
mod users;

pub use asked::{Asked, Reply};
pub use desk::{Answered, Desk, Proofs, Teller};
pub use refusal::Refusal;
pub use table::{Row, TABLE};
