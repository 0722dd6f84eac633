//! How large a search may be. What needs more is refused with a message that says so.

/// The most bytes that one value may have.
pub const MAX_VALUE_BYTES: usize = 100_000;
/// The most values that one parameter may have, separated by commas.
pub const MAX_VALUES: usize = 5_000;
/// The most parameters that a search may have.
pub const MAX_PARAMETERS: usize = 200;
/// The most links that a chain (`subject.organization.name` has two) or nested `_has` may have.
pub const MAX_CHAIN: usize = 6;
/// The most tests that a filter may come to. A chain that names no type has its tests once for each type that it may lead to.
pub const MAX_TESTS: usize = 20_000;
