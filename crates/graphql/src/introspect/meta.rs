//! The parts of a schema, each made when it is asked for.

use std::borrow::Cow;

use fhir::Value;
use fhir::definitions::{ResourceType, TypeId, definitions};

use super::arguments::{Arguments, inputs};
use super::directive::{DIRECTIVES, Directive};
use super::kind::Kind;
use super::types::{all, fields, implementers};
use crate::schema::name_of;

/// A part of a schema.
#[derive(Clone, Debug)]
pub(crate) enum Meta {
    /// The schema as seen from a root.
    Schema(Root),
    /// A type as it is used.
    Type(TypeUse),
    /// A field.
    Field(FieldMeta),
    /// An argument.
    Input(InputMeta),
    /// A value of an enumeration.
    EnumValue(&'static str),
    /// A directive.
    Directive(&'static Directive),
}

/// The type that queries begin at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// All resources, or those of a type.
    Query(Option<ResourceType>),
    /// A resource of this type.
    Resource(TypeId),
}

/// A type by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// The root.
    Query(Option<ResourceType>),
    /// A type of FHIR with elements.
    Object(TypeId),
    /// What all resources are.
    Resource,
    /// The answer to a search with pages.
    Connection(ResourceType),
    /// A match in it.
    Edge(ResourceType),
    /// A plain value.
    Scalar(&'static str),
    /// A list of names: those of all resource types, or of introspection.
    Enum(&'static str),
    /// A type of introspection.
    Kind(Kind),
}

/// A type as it is used: plain, as a list, or as an argument that must be there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeUse {
    pub(crate) named: Named,
    pub(crate) list: bool,
    pub(crate) required: bool,
}

/// A field of a type.
#[derive(Clone, Debug)]
pub(crate) struct FieldMeta {
    pub(crate) name: Cow<'static, str>,
    pub(crate) kind: TypeUse,
    pub(crate) arguments: Arguments,
}

/// An argument.
#[derive(Clone, Debug)]
pub(crate) struct InputMeta {
    pub(crate) name: Cow<'static, str>,
    pub(crate) kind: TypeUse,
    pub(crate) about: Option<&'static str>,
}

/// What a field of introspection gives.
pub(crate) enum Made {
    Null,
    Plain(Value),
    Texts(&'static [&'static str]),
    One(Meta),
    Many(Vec<Meta>),
}

/// The type of this name, as seen from a root.
pub(crate) fn type_named(root: Root, name: &str) -> Option<Meta> {
    all(root).into_iter().find(|named| named.name() == name).map(|named| Meta::Type(TypeUse::one(named)))
}

impl TypeUse {
    pub(crate) fn one(named: Named) -> Self {
        Self { named, list: false, required: false }
    }

    pub(crate) fn many(named: Named) -> Self {
        Self { named, list: true, required: false }
    }

    pub(crate) fn required(named: Named) -> Self {
        Self { named, list: false, required: true }
    }

    /// The type inside of a list, or of what must be there.
    fn inner(self) -> Option<Self> {
        match self {
            Self { required: true, .. } => Some(Self { required: false, ..self }),
            Self { list: true, .. } => Some(Self { list: false, ..self }),
            _ => None,
        }
    }
}

impl Named {
    pub(crate) fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Named::Query(_) => "Query",
            Named::Object(id) => name_of(id),
            Named::Resource => "Resource",
            Named::Connection(kind) => return format!("{}Connection", kind.name()).into(),
            Named::Edge(kind) => return format!("{}Edge", kind.name()).into(),
            Named::Scalar(name) | Named::Enum(name) => name,
            Named::Kind(kind) => kind.name(),
        })
    }

    fn kind(self) -> &'static str {
        match self {
            Named::Scalar(_) => "SCALAR",
            Named::Enum(_) => "ENUM",
            Named::Resource => "INTERFACE",
            _ => "OBJECT",
        }
    }

    fn enum_values(self) -> Vec<Meta> {
        let names: Vec<&'static str> = match self {
            Named::Enum("ResourceType") => ResourceType::all().map(ResourceType::name).collect(),
            Named::Enum("__TypeKind") => TYPE_KINDS.to_vec(),
            Named::Enum(_) => LOCATIONS.to_vec(),
            _ => Vec::new(),
        };
        names.into_iter().map(Meta::EnumValue).collect()
    }

    fn is_resource(self) -> bool {
        matches!(self, Named::Object(id) if definitions().get(id).resource_type.is_some())
    }
}

const TYPE_KINDS: &[&str] = &["SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "LIST", "NON_NULL"];
const LOCATIONS: &[&str] = &["QUERY", "FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"];

impl Meta {
    /// Which type of introspection it is.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Meta::Schema(_) => Kind::Schema,
            Meta::Type(_) => Kind::Type,
            Meta::Field(_) => Kind::Field,
            Meta::Input(_) => Kind::InputValue,
            Meta::EnumValue(_) => Kind::EnumValue,
            Meta::Directive(_) => Kind::Directive,
        }
    }

    /// What its field `name` gives.
    pub(crate) fn field(&self, name: &str) -> Made {
        match self {
            Meta::Schema(root) => schema_field(*root, name),
            Meta::Type(kind) => type_field(*kind, name),
            Meta::Field(field) => match name {
                "name" => text(&field.name),
                "args" => Made::Many(inputs(field.arguments).into_iter().map(Meta::Input).collect()),
                "type" => Made::One(Meta::Type(field.kind)),
                "isDeprecated" => Made::Plain(false.into()),
                _ => Made::Null,
            },
            Meta::Input(input) => match name {
                "name" => text(&input.name),
                "description" => input.about.map_or(Made::Null, text),
                "type" => Made::One(Meta::Type(input.kind)),
                "isDeprecated" => Made::Plain(false.into()),
                _ => Made::Null,
            },
            Meta::EnumValue(value) => match name {
                "name" => text(value),
                "isDeprecated" => Made::Plain(false.into()),
                _ => Made::Null,
            },
            Meta::Directive(directive) => match name {
                "name" => text(directive.name),
                "description" => text(directive.about),
                "locations" if directive.on_fragments => Made::Texts(&["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"]),
                "locations" => Made::Texts(&["FIELD"]),
                "args" => Made::Many(inputs(Arguments::Directive(directive)).into_iter().map(Meta::Input).collect()),
                "isRepeatable" => Made::Plain(false.into()),
                _ => Made::Null,
            },
        }
    }
}

fn text(text: &str) -> Made {
    Made::Plain(text.into())
}

fn types(types: impl IntoIterator<Item = Named>) -> Made {
    Made::Many(types.into_iter().map(|named| Meta::Type(TypeUse::one(named))).collect())
}

fn schema_field(root: Root, name: &str) -> Made {
    match name {
        "description" => text("FHIR R4: http://hl7.org/fhir/R4/graphql.html"),
        "types" => types(all(root)),
        "queryType" => Made::One(Meta::Type(TypeUse::one(match root {
            Root::Query(only) => Named::Query(only),
            Root::Resource(id) => Named::Object(id),
        }))),
        "directives" => Made::Many(DIRECTIVES.iter().map(Meta::Directive).collect()),
        _ => Made::Null,
    }
}

fn type_field(kind: TypeUse, name: &str) -> Made {
    if let Some(inner) = kind.inner() {
        return match name {
            "kind" => text(if kind.required { "NON_NULL" } else { "LIST" }),
            "ofType" => Made::One(Meta::Type(inner)),
            _ => Made::Null,
        };
    }
    let named = kind.named;
    match (name, named.kind()) {
        ("kind", kind) => text(kind),
        ("name", _) => text(&named.name()),
        ("fields", "OBJECT" | "INTERFACE") => Made::Many(fields(named).into_iter().map(Meta::Field).collect()),
        ("interfaces", "OBJECT") => types(named.is_resource().then_some(Named::Resource)),
        ("interfaces", "INTERFACE") => types(None),
        ("possibleTypes", "INTERFACE") => types(implementers()),
        ("enumValues", "ENUM") => Made::Many(named.enum_values()),
        _ => Made::Null,
    }
}
