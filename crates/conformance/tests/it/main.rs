//! The proofs.

mod resources;
