//! What the fuzz targets share: a small hospital in the reference store, and inputs with several parts.
//!
//! A target is a file in `targets/`: it takes bytes, does with them what the product does with what comes in from outside, and
//! panics when a promise is broken. `cargo xtask fuzz` builds and runs them.

mod hospital;

pub use hospital::{Hospital, NOW, TENANT, context};

/// Splits an input into its first line and the rest: what a target asks, and of what.
pub fn first_line(data: &[u8]) -> Option<(&str, &[u8])> {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let line = std::str::from_utf8(&data[..end]).ok()?;
    Some((line, data.get(end + 1..).unwrap_or_default()))
}
