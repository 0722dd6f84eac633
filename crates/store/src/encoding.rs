//! Entries as bytes.
//!
//! - [`key`]: values as bytes whose order is the order of the values, so that a test is a range of keys.
//! - [`sort_key`]: what a sort by a parameter compares: the beginning of the key.
//! - [`key_passes`]: whether the value of a key passes a test.
//! - [`binary`]: all entries of a resource in few bytes, and back.
//! - [`varint`]: small numbers in few bytes.

pub mod binary;
pub mod key;
mod peek;
mod sort;
pub mod varint;

pub use binary::{Damaged, decode_entries, decode_some_entries, encode_entries};
pub use key::{KeyPrefix, value_key};
pub use peek::key_passes;
pub use sort::{sort_key, sort_key_of};
