//! The proofs.

mod hidden;
mod page;
mod resources;
mod searches;
