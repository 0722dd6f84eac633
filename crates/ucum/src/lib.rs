//! UCUM, the Unified Code for Units of Measure (<https://ucum.org/ucum>), in its case sensitive form: understand a code, bring it to base units,
//! convert, compare, multiply and divide amounts, and say a unit in words.
//!
//! A code is read by UCUM's grammar, against its table of prefixes and units; there is no list of codes. Factors are exact fractions, so that nothing
//! is lost on the way; only scales that are logarithms or tangents are calculated with 15 digits.
//!
//! It does not know: FHIR, or anything else of Ward.

mod amount;
mod canonical;
mod dimension;
mod error;
mod known;
mod name;
mod number;
mod parse;
mod scale;
mod suggestion;
mod table;
mod unit;

pub use amount::Amount;
pub use canonical::{Canonical, Line};
pub use dimension::Dimension;
pub use error::{Error, Problem};
pub use known::canonical;
pub use number::Number;
pub use unit::Unit;

/// The address of UCUM as a code system.
pub const SYSTEM: &str = "http://unitsofmeasure.org";

/// No longer code is read, in bytes.
pub const MAX_BYTES: usize = 256;

/// No deeper parentheses are read.
pub const MAX_DEPTH: usize = 16;

/// No larger exponent is read, positive or negative.
pub const MAX_EXPONENT: i32 = 999;
