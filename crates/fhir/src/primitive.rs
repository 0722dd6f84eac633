//! The values of primitives: decimals that keep their precision, dates that may be partial, bytes in base64.

mod base64;
mod decimal;
mod temporal;

pub use base64::from_base64;
pub use decimal::Decimal;
pub use temporal::{Precision, Temporal, civil_from_days, days_from_civil, instant_text};
