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
/// A string is shorter than its profile asks for.
pub const TOO_SHORT: u16 = 1036;
/// A primitive has no value where its profile asks for one.
pub const VALUE_MISSING: u16 = 1037;
/// A narrative has not the sections with languages that its profile asks for.
pub const NARRATIVE_LANGUAGE: u16 = 1038;

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
/// An address begins as a UUID or OID and is none.
pub const ADDRESS_FORM: u16 = 1049;
/// Two elements of a resource have the same id.
pub const ELEMENT_ID_TWICE: u16 = 1048;
/// A canonical address leads to a resource of another type than the element is for.
pub const CANONICAL_TYPE: u16 = 1047;
/// A search parameter is not as its definition, or the one that it is derived from, says.
pub const SEARCH_PARAMETER: u16 = 1046;

/// The fullUrl of a Bundle's entry is missing, not absolute, or not that of its resource.
pub const BUNDLE_FULL_URL: u16 = 1060;
/// An entry of a Bundle has not what the kind of Bundle asks for.
pub const BUNDLE_ENTRY: u16 = 1061;
/// A reference does not lead to the entry that it must lead to.
pub const BUNDLE_REFERENCE: u16 = 1062;
/// An entry has nothing to do with the document or message that it is in.
pub const BUNDLE_UNREACHABLE: u16 = 1063;
/// A link of a Bundle is not one that this kind of Bundle has, or is missing.
pub const BUNDLE_LINK: u16 = 1064;

/// A condition of a Questionnaire asks about an item that there is not, or for an answer that it cannot have.
pub const QUESTIONNAIRE_CONDITION: u16 = 1070;
/// An option, an initial value or a value set of a Questionnaire's item does not fit the item.
pub const QUESTIONNAIRE_VALUE: u16 = 1071;
/// The Questionnaire that a response answers is not known, not named, or is something else.
pub const QUESTIONNAIRE_UNKNOWN: u16 = 1072;
/// An item of a response is not where the Questionnaire has it, or has what such items have not.
pub const RESPONSE_STRUCTURE: u16 = 1075;
/// A required item of a Questionnaire is not answered.
pub const RESPONSE_REQUIRED: u16 = 1076;
/// An item is answered more or less often than the Questionnaire says.
pub const RESPONSE_REPEATS: u16 = 1077;
/// An item is answered although its conditions are not met.
pub const RESPONSE_DISABLED: u16 = 1078;
/// An answer is of another type than its question, or refers to another type.
pub const RESPONSE_TYPE: u16 = 1079;
/// An answer is none of those that its question offers.
pub const RESPONSE_OPTION: u16 = 1080;
/// An answer is not within the limits of its question: value, length, form, size.
pub const RESPONSE_LIMIT: u16 = 1081;
/// An invariant that a Questionnaire has for its items does not hold, or cannot be evaluated.
pub const RESPONSE_CONSTRAINT: u16 = 1082;
/// A response has another text for an item than its Questionnaire.
pub const RESPONSE_TEXT: u16 = 1083;
/// The subject of a response is not of a type that its Questionnaire is for.
pub const RESPONSE_SUBJECT: u16 = 1084;

/// A MeasureReport has not the groups, populations, stratifiers or scores that its Measure defines.
pub const MEASURE_REPORT: u16 = 1090;
/// The Measure that a MeasureReport reports on is not known.
pub const MEASURE_UNKNOWN: u16 = 1091;

/// Data has an element that its logical model has not.
pub const LOGICAL_ELEMENT: u16 = 1094;
/// Data is not written in the form that its logical model asks for: an object, an array, or neither.
pub const LOGICAL_FORM: u16 = 1095;
