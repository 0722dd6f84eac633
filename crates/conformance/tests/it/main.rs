//! The proofs.

mod page;
mod resources;
mod searches;
