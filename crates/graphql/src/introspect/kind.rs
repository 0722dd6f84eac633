//! The types that a schema is described by, and their fields.

/// A type of introspection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Schema,
    Type,
    Field,
    InputValue,
    EnumValue,
    Directive,
}

/// A field of one of them.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it is made of; `None` for a scalar.
    pub(crate) below: Option<Kind>,
    /// Whether there are many.
    pub(crate) is_list: bool,
    /// Its arguments.
    pub(crate) arguments: &'static [&'static str],
}

impl Kind {
    pub(crate) const ALL: [Kind; 6] = [Kind::Schema, Kind::Type, Kind::Field, Kind::InputValue, Kind::EnumValue, Kind::Directive];

    /// Its name: `__Type`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Schema => "__Schema",
            Kind::Type => "__Type",
            Kind::Field => "__Field",
            Kind::InputValue => "__InputValue",
            Kind::EnumValue => "__EnumValue",
            Kind::Directive => "__Directive",
        }
    }

    /// The one of this name.
    pub(crate) fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its fields.
    pub(crate) fn fields(self) -> &'static [Field] {
        match self {
            Kind::Schema => SCHEMA,
            Kind::Type => TYPE,
            Kind::Field => FIELD,
            Kind::InputValue => INPUT_VALUE,
            Kind::EnumValue => ENUM_VALUE,
            Kind::Directive => DIRECTIVE,
        }
    }
}

/// The field `name` of one of them.
pub(crate) fn field(kind: Kind, name: &str) -> Option<&'static Field> {
    kind.fields().iter().find(|field| field.name == name)
}

/// The names of its fields.
pub(crate) fn names(kind: Kind) -> impl Iterator<Item = &'static str> {
    kind.fields().iter().map(|field| field.name)
}

/// `__schema` and `__type`, which every root has.
pub(crate) fn root(name: &str) -> Option<&'static Field> {
    ROOT.iter().find(|field| field.name == name)
}

const fn scalar(name: &'static str) -> Field {
    Field { name, below: None, is_list: false, arguments: &[] }
}

const fn one(name: &'static str, below: Kind) -> Field {
    Field { name, below: Some(below), is_list: false, arguments: &[] }
}

const fn many(name: &'static str, below: Kind) -> Field {
    Field { name, below: Some(below), is_list: true, arguments: &[] }
}

/// A list without what is deprecated, unless asked for; nothing is deprecated here.
const fn current(name: &'static str, below: Kind) -> Field {
    Field { name, below: Some(below), is_list: true, arguments: &["includeDeprecated"] }
}

const ROOT: &[Field] =
    &[one("__schema", Kind::Schema), Field { name: "__type", below: Some(Kind::Type), is_list: false, arguments: &["name"] }];

const SCHEMA: &[Field] = &[
    scalar("description"),
    many("types", Kind::Type),
    one("queryType", Kind::Type),
    one("mutationType", Kind::Type),
    one("subscriptionType", Kind::Type),
    many("directives", Kind::Directive),
];

const TYPE: &[Field] = &[
    scalar("kind"),
    scalar("name"),
    scalar("description"),
    scalar("specifiedByURL"),
    scalar("isOneOf"),
    current("fields", Kind::Field),
    many("interfaces", Kind::Type),
    many("possibleTypes", Kind::Type),
    current("enumValues", Kind::EnumValue),
    current("inputFields", Kind::InputValue),
    one("ofType", Kind::Type),
];

const FIELD: &[Field] = &[
    scalar("name"),
    scalar("description"),
    current("args", Kind::InputValue),
    one("type", Kind::Type),
    scalar("isDeprecated"),
    scalar("deprecationReason"),
];

const INPUT_VALUE: &[Field] = &[
    scalar("name"),
    scalar("description"),
    one("type", Kind::Type),
    scalar("defaultValue"),
    scalar("isDeprecated"),
    scalar("deprecationReason"),
];

const ENUM_VALUE: &[Field] = &[scalar("name"), scalar("description"), scalar("isDeprecated"), scalar("deprecationReason")];

const DIRECTIVE: &[Field] = &[
    scalar("name"),
    scalar("description"),
    Field { name: "locations", below: None, is_list: true, arguments: &[] },
    current("args", Kind::InputValue),
    scalar("isRepeatable"),
];
