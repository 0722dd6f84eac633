//! What searches find, by the kind of value.

pub(super) mod combined;
pub(super) mod composites;
pub(super) mod contained;
pub(super) mod dates;
pub(super) mod numbers;
pub(super) mod points;
pub(super) mod references;
pub(super) mod strings;
pub(super) mod tokens;
