//! The issue numbers of this crate, 1000 to 1099. Each has one meaning, for ever.

/// One of FHIR's own invariants does not hold.
pub const BASE_INVARIANT: u16 = 1050;
/// An invariant could not be judged: it takes too long, or its expression does not fit the element.
pub const BASE_INVARIANT_NOT_JUDGED: u16 = 1051;
/// An extension stands at an element for which it is not defined.
pub const EXTENSION_CONTEXT: u16 = 1052;
/// An extension has a value of another type than its definition says, or none, or one too many.
pub const EXTENSION_CONTENT: u16 = 1053;
/// An extension is there more or less often than its definition says.
pub const EXTENSION_COUNT: u16 = 1054;
/// A modifier extension stands among the others, or another among the modifier extensions.
pub const EXTENSION_MODIFIER: u16 = 1055;
/// An extension nests one that its definition does not have.
pub const EXTENSION_NESTED: u16 = 1056;
/// The address of an extension is not written as one: it has a version.
pub const EXTENSION_URL: u16 = 1057;
/// An attachment says another size than its data has.
pub const ATTACHMENT_SIZE: u16 = 1058;
/// A text looks as if it had HTML in it.
pub const HTML_IN_TEXT: u16 = 1059;
