//! The issue numbers of this crate, 920 to 949. Each has one meaning, for ever.

/// The query does not follow the grammar of GraphQL.
pub const SYNTAX: u16 = 920;
/// The query is longer, deeper or larger than the server takes.
pub const QUERY_TOO_LARGE: u16 = 921;
/// The document has no operation of the name asked for, or several and none is named.
pub const NO_SUCH_OPERATION: u16 = 922;
/// The operation is a mutation or a subscription.
pub const NOT_A_QUERY: u16 = 923;
/// A field does not exist on the type that it is asked of.
pub const UNKNOWN_FIELD: u16 = 924;
/// A field with fields of its own has no selection, or one without fields has one.
pub const BAD_SELECTION: u16 = 925;
/// A fragment is not defined, not used, defined twice, or contains itself.
pub const BAD_FRAGMENT: u16 = 926;
/// A type is unknown, or can never be what stands in its place.
pub const BAD_TYPE: u16 = 927;
/// A variable is not defined, not used, or has a value that does not fit its type.
pub const BAD_VARIABLE: u16 = 928;
/// A directive is unknown, or stands where it has no meaning, or lacks its argument.
pub const BAD_DIRECTIVE: u16 = 929;
/// An argument is unknown to its field, missing, twice there, or has a value that does not fit.
pub const BAD_ARGUMENT: u16 = 930;
/// Two fields would be written under the same name and differ.
pub const CONFLICTING_FIELDS: u16 = 931;
/// A reference does not lead to a resource that can be read, and is not optional.
pub const UNRESOLVED_REFERENCE: u16 = 932;
/// A FHIRPath of a filter or a slice is wrong, or cannot be evaluated on the data.
pub const BAD_FHIRPATH: u16 = 933;
/// A field marked with `@singleton` has several values.
pub const NOT_A_SINGLETON: u16 = 934;
/// Values of different types would be collected under one name by `@flatten`.
pub const MIXED_TYPES: u16 = 935;
/// A list has more matches than can be sent at once.
pub const TOO_MANY_MATCHES: u16 = 936;
/// The query resolves more fields than the server allows.
pub const TOO_MANY_FIELDS: u16 = 937;
/// The query reads more resources, or makes more searches, than the server allows.
pub const TOO_MANY_RESOURCES: u16 = 938;
/// The answer is larger than the server allows.
pub const ANSWER_TOO_LARGE: u16 = 939;
/// The body of the request is none that GraphQL knows.
pub const BAD_REQUEST: u16 = 940;
