//! JSON text to [`Value`] and back.

mod read;
mod write;

pub(crate) use read::is_number;
pub use read::{Limits, SyntaxError, parse, parse_with};
pub use write::{pretty, to_string, write};
