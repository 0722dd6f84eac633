//! Base R4 beyond structure.

mod agreement;
pub mod definitions;
mod elements;
mod examples;
mod extensions;
mod hostile;
mod presence;
mod security;
mod violations;
