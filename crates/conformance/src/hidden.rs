//! What somebody may not see is not there: two databases that differ in nothing but what is hidden from an actor give that actor the same answers.
//!
//! - [`actor`]: who asks, with a rule for each type, and how a resource is marked for it.
//! - [`story`]: what is written: what the actor sees and, before, between and after it, what they do not.
//! - [`world`]: the two databases, each on every engine, and what they answer.
//! - [`requests`]: what is asked: reads, versions, histories, operations, writes; searches come from [`crate::queries`].

pub mod actor;
pub mod requests;
pub mod story;
pub mod world;

pub use actor::Actor;
pub use world::{Seen, World, pages};
