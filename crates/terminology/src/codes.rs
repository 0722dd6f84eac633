//! The issue numbers of this crate, 1100 to 1199. Each has one meaning, for ever.

/// The request is not complete or contradicts itself: a parameter is missing, has the wrong type or a value that it may not have.
pub const REQUEST: u16 = 1100;
/// A value set, code system or concept map that the request or a value set names cannot be found.
pub const NOT_FOUND: u16 = 1101;
/// A value set includes itself, directly or through others.
pub const CIRCULAR: u16 = 1102;
/// An expansion has more codes than may be produced, or a definition is too large or too deep to be worked on.
pub const TOO_COSTLY: u16 = 1103;
/// A value set or code system cannot be worked with: a filter without a value, a filter that the code system does not know, a pattern that
/// is no regular expression, content that is not here.
pub const DEFINITION: u16 = 1104;
/// A supplement that the request or the value set asks for cannot be found.
pub const SUPPLEMENT: u16 = 1105;
/// The version of a code system is not one that the request allows.
pub const VERSION: u16 = 1106;
/// A code is not in the code system or value set, or it may not be used there.
pub const CODE: u16 = 1107;
/// A display is not one of the code's displays.
pub const DISPLAY: u16 = 1108;
/// Something may be used and should be looked at: a concept or a resource that is inactive, deprecated, withdrawn, experimental or a draft.
pub const REVIEW: u16 = 1109;
