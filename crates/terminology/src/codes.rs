//! The issue numbers of this crate, 1100 to 1199. Each has one meaning, for ever.
