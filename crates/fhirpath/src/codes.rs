//! The numbers of this crate's errors: each has one meaning, for ever.

/// The expression is not FHIRPath: the text does not follow the grammar.
pub const SYNTAX: u16 = 800;
/// The expression names a function, type, variable or element that does not exist, or gives a function arguments that it does not take.
pub const SEMANTIC: u16 = 801;
/// The expression could not be evaluated on this resource: a value is of the wrong type, or there are several where one is allowed.
pub const EXECUTION: u16 = 802;
/// The expression takes more steps, depth or output than the limits allow.
pub const LIMIT: u16 = 803;
