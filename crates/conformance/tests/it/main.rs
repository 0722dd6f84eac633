//! The proofs.

mod hidden;
mod hidden_elements;
mod page;
mod resources;
mod roles;
mod searches;
mod smart;
