//! The numbers of this crate's issues: `WARD-0100` to `WARD-0299`. A number keeps its meaning for ever.

/// The text is not JSON: RFC 8259, UTF-8, and each name once in its object.
pub const JSON_SYNTAX: u16 = 100;
/// The document is not a JSON object, or it has no `resourceType`.
pub const RESOURCE_TYPE_MISSING: u16 = 101;
/// There is no resource type of this name in FHIR R4.
pub const RESOURCE_TYPE_UNKNOWN: u16 = 102;
/// The type has no element of this name.
pub const ELEMENT_UNKNOWN: u16 = 103;
/// The value is of another JSON kind than the element's type has.
pub const WRONG_KIND: u16 = 104;
/// The element may repeat, so JSON has it as an array.
pub const ARRAY_EXPECTED: u16 = 105;
/// The element may not repeat, so JSON has no array.
pub const ARRAY_UNEXPECTED: u16 = 106;
/// An object, an array or a string is empty.
pub const EMPTY: u16 = 107;
/// `null` stands outside the arrays of a repeating primitive.
pub const NULL: u16 = 108;
/// A required element is missing.
pub const ELEMENT_MISSING: u16 = 109;
/// The element repeats more often than it may.
pub const TOO_MANY: u16 = 110;
/// A choice element (`value[x]`) is there with two types.
pub const CHOICE_TWICE: u16 = 111;
/// A primitive's value is not in the form that its type has.
pub const PRIMITIVE_FORM: u16 = 112;
/// A member with an underscore stands for an element that has no such member.
pub const SIBLING_UNEXPECTED: u16 = 113;
/// The arrays of a repeating primitive and of its extensions differ in length.
pub const SIBLING_LENGTH: u16 = 114;
/// An extension has both a value and nested extensions, or neither.
pub const EXTENSION_VALUE: u16 = 115;
/// An element has an id at most, and neither a value nor children.
pub const CONTENT_MISSING: u16 = 116;
/// A contained resource contains resources itself.
pub const CONTAINED_NESTED: u16 = 117;
/// A contained resource has no id, or the id of another.
pub const CONTAINED_ID: u16 = 118;
/// A contained resource has a version, a time of last update or a security label.
pub const CONTAINED_META: u16 = 119;
/// A reference has none of the forms that references have.
pub const REFERENCE_FORM: u16 = 120;
/// A reference points to a type of resource that the element does not allow.
pub const REFERENCE_TARGET: u16 = 121;
/// A reference to a contained resource finds none of that id.
pub const REFERENCE_DANGLING: u16 = 122;
/// A code is not in the value set that the element requires.
pub const CODE_UNKNOWN: u16 = 123;
/// Elements are nested too deep.
pub const TOO_DEEP: u16 = 124;
/// There are more issues than are reported.
pub const MORE_ISSUES: u16 = 125;

/// The text is not well-formed XML.
pub const XML_MALFORMED: u16 = 200;
/// The XML has a document type, a processing instruction or an entity of its own, which FHIR forbids.
pub const XML_FORBIDDEN_MARKUP: u16 = 201;
/// The XML is larger or deeper than the limits allow.
pub const XML_LIMIT: u16 = 202;
/// The XML is not encoded in UTF-8.
pub const XML_ENCODING: u16 = 203;
/// An element or attribute of the XML is not in the namespace in which FHIR has it.
pub const XML_NAMESPACE: u16 = 204;
/// The XML has an element that FHIR does not define at this place.
pub const XML_UNKNOWN_ELEMENT: u16 = 205;
/// The XML has an attribute that FHIR does not define at this place.
pub const XML_UNKNOWN_ATTRIBUTE: u16 = 206;
/// The XML has text where FHIR allows none.
pub const XML_TEXT: u16 = 207;
/// The elements of the XML are not in the order of the definition.
pub const XML_ORDER: u16 = 208;
/// The XML repeats an element that stands once at most.
pub const XML_REPEATED: u16 = 209;
/// An element of the XML has no content.
pub const XML_EMPTY: u16 = 210;
/// The XML has something else where a resource is expected.
pub const XML_NO_RESOURCE: u16 = 211;
/// The resource has something that FHIR's XML cannot say.
pub const XML_UNSAYABLE: u16 = 220;

/// The narrative is not one well-formed `div` element of XHTML.
pub const NARRATIVE_MALFORMED: u16 = 250;
/// The narrative has an element that FHIR does not allow in it.
pub const NARRATIVE_ELEMENT: u16 = 251;
/// The narrative has an attribute that FHIR does not allow in it.
pub const NARRATIVE_ATTRIBUTE: u16 = 252;
/// The narrative has an address or a style that could run code or load something from outside.
pub const NARRATIVE_ADDRESS: u16 = 253;
/// The narrative has neither text nor an image.
pub const NARRATIVE_EMPTY: u16 = 254;
