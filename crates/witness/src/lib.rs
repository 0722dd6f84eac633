//! For the tests that end a process without warning: what was sent and acknowledged, kept on disk by a process that lives on, and what is in the
//! database afterwards, read by other means than Ward's.
//!
//! - [`Keeper`] and [`Ledger`]: the record of writes, synced before anybody goes on, and the judgement of it.
//! - [`Raw`]: the database file, read with SQL and checked row by row.
//! - [`Dice`] and [`kills`]: when to kill, by a seed.
//!
//! Nothing here knows a crate of Ward: a mistake of theirs is not made again here. Everything panics, with what is wrong, as only tests call it.

mod dice;
mod judgement;
mod ledger;
mod raw;

pub use dice::{Dice, kills, seed};
pub use ledger::{Effect, Keeper, Ledger, Operation, Outcome};
pub use raw::{Raw, Version};
