//! The integration tests of access.

mod gate;
mod random;
mod scope;
mod world;
