//! What somebody with a grant is told, by every way in.
//!
//! The matrix asks everything of two servers: of one that has what is hidden, under the grant, and of one that never had it, without any. They must say
//! the same, except where the grant refuses something altogether. Its rows follow from the tables of interactions and operations: what is new there
//! and has no cell here does not compile, or fails.

mod context;
mod linked;
mod matrix;
mod operations;
mod samples;
mod ways;
mod world;
