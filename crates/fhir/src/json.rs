//! JSON text to [`Value`](crate::Value) and back.

mod plain_run;
mod read;
mod write;

use plain_run::plain_run;
pub(crate) use read::is_number;
pub use read::{Limits, SyntaxError, parse, parse_with};
pub use write::{pretty, to_string, write};
