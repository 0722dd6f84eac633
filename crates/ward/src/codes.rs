//! The stable numbers of what the commands report about single resources.

/// A line or entry of an import is not a resource.
pub const NOT_A_RESOURCE: u16 = 700;
/// An entry of a Bundle asks for something that an import does not do.
pub const NOT_IMPORTABLE: u16 = 701;
/// A conditional reference of an import chooses no resource, or several.
pub const UNRESOLVED_REFERENCE: u16 = 702;
/// The file cannot be read to its end.
pub const BROKEN_FILE: u16 = 703;
/// The store cannot be read, and so nobody can say by what a resource is to be judged.
pub const UNREADABLE_STORE: u16 = 704;
