//! The proofs.

mod hidden;
mod page;
mod resources;
mod roles;
mod searches;
mod smart;
