//! The issue numbers of this crate, 1250 to 1279. Each has one meaning, for ever.
