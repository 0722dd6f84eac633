//! The values of primitives: decimals that keep their precision, and dates that may be partial.

pub mod base64;
mod decimal;
mod temporal;

pub use decimal::Decimal;
pub use temporal::{Precision, Temporal, civil_from_days, days_from_civil, instant_text};
