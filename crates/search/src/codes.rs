//! The numbers of this crate's issues: 300 to 399, one meaning each, for ever.

/// The type has no search parameter of this name.
pub const UNKNOWN_PARAMETER: u16 = 300;
/// The search parameter is FHIR's, but not supported yet.
pub const UNSUPPORTED_PARAMETER: u16 = 301;
/// The modifier does not exist, or does not go with this kind of parameter.
pub const UNKNOWN_MODIFIER: u16 = 302;
/// The modifier is FHIR's, but not supported yet.
pub const UNSUPPORTED_MODIFIER: u16 = 303;
/// A search parameter has no value, or one of several values is empty.
pub const EMPTY_VALUE: u16 = 304;
/// A backslash in a value is not followed by one of `,` `|` `$` `\`.
pub const BAD_ESCAPE: u16 = 305;
/// A date to search for is no date.
pub const BAD_DATE: u16 = 306;
/// A number to search for is no number.
pub const BAD_NUMBER: u16 = 307;
/// A quantity to search for is not of the form `number|system|code`.
pub const BAD_QUANTITY: u16 = 308;
/// A token to search for is not of the form `system|code`.
pub const BAD_TOKEN: u16 = 309;
/// A reference to search for is neither `Type/id`, an id, nor an absolute address.
pub const BAD_REFERENCE: u16 = 310;
/// The value of `:missing` is neither `true` nor `false`.
pub const BAD_MISSING: u16 = 311;
/// A composite value does not have as many parts as the parameter has components.
pub const BAD_COMPOSITE: u16 = 312;
/// A value begins with letters that are no prefix.
pub const BAD_PREFIX: u16 = 313;
/// A chained parameter goes through something that is no reference, or to a type that it cannot lead to.
pub const BAD_CHAIN: u16 = 314;
/// `_has` is not of the form `_has:Type:reference:parameter`.
pub const BAD_HAS: u16 = 315;
/// A text to search for has nothing in it that could be found.
pub const BAD_TEXT: u16 = 316;
/// A value is longer than is allowed.
pub const VALUE_TOO_LONG: u16 = 317;
/// A parameter has more values than are allowed.
pub const TOO_MANY_VALUES: u16 = 318;
/// A search has more parameters than are allowed.
pub const TOO_MANY_PARAMETERS: u16 = 319;
/// A chain has more links than are allowed.
pub const CHAIN_TOO_DEEP: u16 = 320;
/// A search stands for more tests than are allowed.
pub const TOO_MANY_TESTS: u16 = 321;
/// `_count` is no number from 0 on.
pub const BAD_COUNT: u16 = 322;
/// `_sort` names something that resources cannot be ordered by.
pub const BAD_SORT: u16 = 323;
/// `_total` is none of `none`, `estimate`, `accurate`.
pub const BAD_TOTAL: u16 = 324;
/// `_include` or `_revinclude` is not of the form `Type:parameter` or `Type:parameter:Target`, or names what does not exist.
pub const BAD_INCLUDE: u16 = 325;
/// `_summary` is none of `true`, `text`, `data`, `count`, `false`.
pub const BAD_SUMMARY: u16 = 326;
/// A page token is broken.
pub const BAD_PAGE: u16 = 327;
/// A page token belongs to another search.
pub const FOREIGN_PAGE: u16 = 328;
/// A percent sign in a query is not followed by two hexadecimal digits, or the bytes are no UTF-8.
pub const BAD_PERCENT: u16 = 329;
/// A condition has a parameter that says how to answer instead of what to find.
pub const RESULT_PARAMETER: u16 = 330;
/// A condition has no criteria.
pub const NO_CRITERIA: u16 = 331;
/// A parameter that can be given once only is given again.
pub const REPEATED: u16 = 332;
/// A uri to search for is not of the form `uri` or `uri|version`.
pub const BAD_URI: u16 = 333;
/// `_elements` names no element, or `_pretty` is neither `true` nor `false`.
pub const BAD_RESULT_PARAMETER: u16 = 334;
/// `_list` names a functional list.
pub const FUNCTIONAL_LIST: u16 = 335;
/// A value of `near` is not of the form `latitude|longitude|distance|units`.
pub const BAD_NEAR: u16 = 336;
/// `_filter` does not follow its grammar.
pub const BAD_FILTER: u16 = 337;
/// An operator of `_filter` does not go with the kind of its parameter, or with its value.
pub const BAD_FILTER_OPERATOR: u16 = 338;
// 339 said that an operator of `_filter` needs a terminology service, before there was one.
/// `_type` names what is no resource type.
pub const BAD_TYPE: u16 = 340;
/// `_contained` is none of `true`, `false`, `both`, or `_containedType` neither `container` nor `contained`.
pub const BAD_CONTAINED: u16 = 341;
/// The compartment has no resources of the type.
pub const NOT_IN_COMPARTMENT: u16 = 342;
/// A SearchParameter has a base that is no resource type.
pub const DEFINITION_BASE: u16 = 343;
/// The code of a SearchParameter cannot be asked by, or another parameter of its base has it.
pub const DEFINITION_CODE: u16 = 344;
/// A SearchParameter is of a type that resources cannot define.
pub const DEFINITION_KIND: u16 = 345;
/// The expression of a SearchParameter is missing, too long, no FHIRPath, or names what its base does not have.
pub const DEFINITION_EXPRESSION: u16 = 346;
/// The expression of a SearchParameter yields what a parameter of its type has no values of.
pub const DEFINITION_VALUES: u16 = 347;
/// A component of a composite SearchParameter is missing or unknown.
pub const DEFINITION_COMPONENT: u16 = 348;
/// There are as many SearchParameters in force as there may be.
pub const DEFINITION_LIMIT: u16 = 349;
/// A SearchParameter has a target that is no resource type.
pub const DEFINITION_TARGET: u16 = 350;
/// The value set that a criterion names cannot be found.
pub const UNKNOWN_VALUE_SET: u16 = 351;
/// The code system that a criterion names, or that its value set takes codes from, cannot be found.
pub const UNKNOWN_CODE_SYSTEM: u16 = 352;
/// The code whose place in its code system a criterion asks for is none of it.
pub const UNKNOWN_CODE: u16 = 353;
/// A criterion stands for more codes than are allowed, or for codes that cannot be listed.
pub const TOO_MANY_CODES: u16 = 354;
/// The value set that a criterion names includes itself, or has a filter that cannot be worked with.
pub const UNWORKABLE_VALUE_SET: u16 = 355;
/// A criterion asks for more than equality of what the index has as keyed hashes.
pub const SEALED_PARAMETER: u16 = 356;
