//! JSON text to tree and back.

mod grammar;
mod limits;
mod round_trip;

use fhir::json::{self, SyntaxError};

/// The error of a text that must be refused.
#[track_caller]
fn refused(text: &[u8]) -> SyntaxError {
    match json::parse(text) {
        Err(error) => error,
        Ok(value) => panic!("{:?} was read as {value:?}", String::from_utf8_lossy(text)),
    }
}
