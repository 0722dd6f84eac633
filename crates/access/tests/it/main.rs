//! The integration tests of access.

mod consent;
mod documents;
mod explain;
mod gate;
mod kept;
mod places;
mod policy;
mod properties;
mod random;
mod relations;
mod roles;
mod rules;
mod scope;
mod scoped;
mod shown;
mod world;
