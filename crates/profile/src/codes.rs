//! The issue numbers of this crate, 1000 to 1099. Each has one meaning, for ever.

/// A profile is not known: nothing in the library has its address.
pub const PROFILE_UNKNOWN: u16 = 1000;
/// A profile is for another type than the resource has.
pub const PROFILE_TYPE: u16 = 1001;
/// The base of a definition is not known.
pub const BASE_UNKNOWN: u16 = 1002;
/// A definition is built on itself.
pub const CIRCULAR: u16 = 1003;
/// A definition has too many elements, or nests them too deeply.
pub const TOO_LARGE: u16 = 1004;
/// A differential does not fit its base.
pub const DIFFERENTIAL: u16 = 1005;
/// A profile cannot be used as it is: an expression, a discriminator or a type in it has no meaning here.
pub const PROFILE_UNUSABLE: u16 = 1006;
/// There are fewer of an element than its profile asks for.
pub const TOO_FEW: u16 = 1010;
/// There are more of an element than its profile allows.
pub const TOO_MANY: u16 = 1011;
/// A choice has a type that its profile does not allow.
pub const TYPE_NOT_ALLOWED: u16 = 1012;
/// A value is not the one that its profile fixes.
pub const FIXED: u16 = 1013;
/// A value has not what its profile's pattern has.
pub const PATTERN: u16 = 1014;
/// A string is longer than its profile allows.
pub const TOO_LONG: u16 = 1015;
/// A value is below the least or above the greatest that its profile allows.
pub const OUT_OF_RANGE: u16 = 1016;
/// An invariant of a profile does not hold.
pub const INVARIANT: u16 = 1017;
/// An invariant of a profile could not be evaluated.
pub const INVARIANT_FAILED: u16 = 1018;
/// An item is in none of the slices of a closed slicing.
pub const SLICE_NONE: u16 = 1019;
/// An item is in several slices.
pub const SLICE_SEVERAL: u16 = 1020;
/// Items are not in the order of their slices.
pub const SLICE_ORDER: u16 = 1021;
/// A code is not in the value set that it is bound to.
pub const NOT_IN_VALUE_SET: u16 = 1022;
/// Nobody here can tell whether a code is in the value set that it is bound to.
pub const VALUE_SET_UNKNOWN: u16 = 1023;
/// A code is missing where the binding requires one.
pub const CODE_MISSING: u16 = 1024;
/// A reference points to a type that its profile does not allow.
pub const TARGET_TYPE: u16 = 1025;
/// What a reference points to does not fit the profiles that it has to.
pub const TARGET_PROFILE: u16 = 1026;
/// A reference is not of the kind (contained, referenced, bundled) that its profile allows.
pub const AGGREGATION: u16 = 1027;
/// A reference names a version where it may not, or none where it must.
pub const VERSIONING: u16 = 1028;
/// The definition of an extension is not known.
pub const EXTENSION_UNKNOWN: u16 = 1029;
/// The definition of a modifier extension is not known.
pub const MODIFIER_UNKNOWN: u16 = 1030;
/// An extension that is a modifier stands in `extension`, or one that is none in `modifierExtension`.
pub const EXTENSION_PLACE: u16 = 1031;
/// An element fits none of the profiles that its type may have.
pub const NO_PROFILE_FITS: u16 = 1032;
/// Validation took more steps than it may.
pub const TOO_COSTLY: u16 = 1033;
/// A profile is abstract: only those built on it can be claimed.
pub const ABSTRACT: u16 = 1034;
/// There are more issues than are reported.
pub const MORE_ISSUES: u16 = 1035;
