//! The issue numbers of this crate, 900 to 919. Each has one meaning, for ever.

/// The document is not built as a patch of its kind.
pub const MALFORMED: u16 = 900;
/// An operation is of a kind that the patch's language does not have.
pub const OPERATION_UNKNOWN: u16 = 901;
/// An operation lacks something that it needs, or has it in the wrong form.
pub const OPERATION_PART: u16 = 902;
/// The path of an operation does not follow the grammar of its language.
pub const PATH_SYNTAX: u16 = 903;
/// The patch has more operations, or makes the resource larger or deeper, than is allowed.
pub const LIMIT: u16 = 904;
/// Nothing stands where an operation points.
pub const NOTHING_THERE: u16 = 905;
/// An operation that works on one element points to several.
pub const SEVERAL_THERE: u16 = 906;
/// A test found another value than the patch expects.
pub const TEST_FAILED: u16 = 907;
/// The index of an operation is outside of the list.
pub const OUT_OF_BOUNDS: u16 = 908;
/// The element that is to be added exists, and may stand once only.
pub const ALREADY_THERE: u16 = 909;
/// The element is of a type that has no such child.
pub const ELEMENT_UNKNOWN: u16 = 910;
/// The value is of another type than the element to which it is given.
pub const VALUE_TYPE: u16 = 911;
/// An operation asks for what cannot be done, such as to move an element into itself.
pub const IMPOSSIBLE: u16 = 912;
/// The path of an operation gives something that is no element of the resource.
pub const NO_ELEMENT: u16 = 913;
