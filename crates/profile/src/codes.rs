//! The issue numbers of this crate, 1000 to 1099. Each has one meaning, for ever.
