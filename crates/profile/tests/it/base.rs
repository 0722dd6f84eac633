//! Base R4 beyond structure.

mod agreement;
mod elements;
mod examples;
mod extensions;
mod presence;
mod violations;
