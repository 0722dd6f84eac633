//! The numbers of the issues that this crate reports: `WARD-0200` is [`XML_MALFORMED`]. Each has one meaning, for ever.

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
