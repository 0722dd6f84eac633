//! The issue numbers of this crate, 1200 to 1249. Each has one meaning, for ever.
