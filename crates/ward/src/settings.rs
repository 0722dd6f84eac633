//! The settings of Ward: what each is called, where its value came from, and what is refused.
//!
//! A value comes from the first of these that gives it: a flag (`--set listen=…`), the environment (`WARD_LISTEN`),
//! the file `ward.toml`, the default. An unknown key is an error that names the nearest known one.

mod emergency;
mod letters;
mod listening;
mod load;
mod origins;
mod retention;
mod sealing;
mod table;
mod work_hours;

pub use load::{Sources, load};
pub use table::{
    Access, ClockCheck, ConditionalDelete, Erase, LogFormat, References, Registration, SealBodies, SealIndex, ServiceSecrets, Settings,
    TABLE,
};

use std::fmt;

/// Where the value of a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing said otherwise.
    Default,
    /// The settings file of this name.
    File(String),
    /// The environment variable of this name.
    Environment(String),
    /// A flag of the command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(name) => write!(f, "file {name}"),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::Flag => f.write_str("flag"),
        }
    }
}
