//! The proofs.

mod resources;
mod searches;
