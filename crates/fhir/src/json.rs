//! JSON text to [`Value`] and back.

mod read;
mod write;

pub use read::{Limits, SyntaxError, parse, parse_with};
pub use write::{pretty, to_string, write};
