//! The issue numbers of this crate, 1280 to 1299. Each has one meaning, for ever.
