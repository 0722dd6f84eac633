//! The issue numbers of this crate, 1250 to 1279. Each has one meaning, for ever.

/// The text is no expression constraint of SNOMED CT: it does not follow the grammar of ECL 2.2.
pub const SYNTAX: u16 = 1250;
/// The expression constraint is longer, deeper, or takes more steps than the limits allow.
pub const LIMIT: u16 = 1251;
/// The expression constraint asks for what has no meaning, such as a filter for the members of what is no reference set.
pub const MEANING: u16 = 1252;
/// The text is no expression of SNOMED CT's compositional grammar.
pub const EXPRESSION: u16 = 1253;
