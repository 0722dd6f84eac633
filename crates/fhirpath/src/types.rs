//! Types: those of FHIR, from the definitions, and those of System.

use std::sync::OnceLock;

use fhir::definitions::{Type, TypeId, TypeKind, definitions};

use crate::item::{Item, System};
use crate::node::Node;

/// The types of the System namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the type of the same name")]
pub enum SystemType {
    Any,
    Boolean,
    String,
    Integer,
    Long,
    Decimal,
    Date,
    DateTime,
    Time,
    Quantity,
    SimpleTypeInfo,
    ClassInfo,
}

/// What `type()` says of an item (<http://hl7.org/fhirpath/N1/#reflection>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeInfo {
    /// `System` or `FHIR`.
    pub namespace: &'static str,
    /// The name of the type.
    pub name: &'static str,
    /// The name of the type it specializes, with its namespace.
    pub base: Option<(&'static str, &'static str)>,
    /// Whether the type has elements.
    pub is_class: bool,
}

/// The type that an expression names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypeSpecifier {
    System(SystemType),
    Fhir(TypeId),
    /// `Quantity` without a namespace is both FHIR's and System's.
    Either(SystemType, TypeId),
    Unknown(Box<str>),
}

impl SystemType {
    const ALL: [Self; 12] = [
        Self::Any,
        Self::Boolean,
        Self::String,
        Self::Integer,
        Self::Long,
        Self::Decimal,
        Self::Date,
        Self::DateTime,
        Self::Time,
        Self::Quantity,
        Self::SimpleTypeInfo,
        Self::ClassInfo,
    ];

    /// Its name, without `System.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "Any",
            Self::Boolean => "Boolean",
            Self::String => "String",
            Self::Integer => "Integer",
            Self::Long => "Long",
            Self::Decimal => "Decimal",
            Self::Date => "Date",
            Self::DateTime => "DateTime",
            Self::Time => "Time",
            Self::Quantity => "Quantity",
            Self::SimpleTypeInfo => "SimpleTypeInfo",
            Self::ClassInfo => "ClassInfo",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// The FHIR type of that name.
pub(crate) fn named(name: &str) -> Option<TypeId> {
    definitions().type_by_name(name).map(|definition| definition.id)
}

/// The definition of a FHIR type.
pub(crate) fn get(id: TypeId) -> &'static Type {
    definitions().get(id)
}

/// FHIR's `Quantity`.
pub(crate) fn quantity() -> TypeId {
    static QUANTITY: OnceLock<TypeId> = OnceLock::new();
    *QUANTITY.get_or_init(|| named("Quantity").unwrap_or(TypeId(u16::MAX)))
}

/// Whether a type is `ancestor` or specializes it.
pub(crate) fn is_a(id: TypeId, ancestor: TypeId) -> bool {
    definitions().is_a(id, ancestor)
}

impl TypeSpecifier {
    /// The type of that name; names without a namespace are FHIR's, then System's.
    pub(crate) fn find(namespace: Option<&str>, name: &str) -> Self {
        let (system, fhir) = (SystemType::parse(name), named(name));
        match (namespace, system, fhir) {
            (None, Some(system), Some(fhir)) => Self::Either(system, fhir),
            (None | Some("System"), Some(system), _) => Self::System(system),
            (None | Some("FHIR"), _, Some(fhir)) => Self::Fhir(fhir),
            (Some(namespace), ..) => Self::Unknown(format!("{namespace}.{name}").into()),
            (None, ..) => Self::Unknown(name.into()),
        }
    }

    /// Whether an item is of this type or one that specializes it.
    pub(crate) fn matches(&self, item: &Item<'_>) -> bool {
        match (self, item) {
            (Self::Unknown(_), _) => false,
            (Self::System(SystemType::Any), _) => true,
            (Self::System(wanted) | Self::Either(wanted, _), Item::System(value)) => value.system_type() == *wanted,
            (Self::Fhir(_), Item::System(_)) => false,
            (Self::Fhir(wanted) | Self::Either(_, wanted), Item::Node(node)) if node.type_id().is_some() => {
                node.type_id().is_some_and(|id| is_a(id, *wanted))
            }
            (Self::Fhir(wanted) | Self::Either(_, wanted), Item::Node(node)) => {
                node.value().and_then(|value| value.resource_type()) == Some(get(*wanted).name)
            }
            // A node without types holds plain JSON: its values are System values.
            (Self::System(wanted), Item::Node(node)) => {
                let is_untyped = node.type_id().is_none() || node.is_system_string();
                is_untyped && node.system().is_some_and(|value| value.system_type() == *wanted)
            }
        }
    }
}

impl TypeSpecifier {
    /// Whether `as` and `ofType()` let an item through: unlike `is`, they take a primitive for its own type only.
    pub(crate) fn casts(&self, item: &Item<'_>) -> bool {
        let is_exact = match (self, item.node().and_then(Node::definition)) {
            (Self::Fhir(wanted), Some(definition)) if definition.primitive.is_some() => definition.id == *wanted,
            _ => true,
        };
        is_exact && self.matches(item)
    }
}

impl TypeInfo {
    /// The type of an item.
    pub(crate) fn of(item: &Item<'_>) -> Self {
        match item {
            Item::System(value) => Self::system(value),
            Item::Node(node) => match (node.type_id(), node.system()) {
                (Some(id), _) => Self::fhir(get(id)),
                (None, Some(value)) => Self::system(&value),
                (None, None) => Self { namespace: "System", name: "Any", base: None, is_class: true },
            },
        }
    }

    fn system(value: &System<'_>) -> Self {
        Self { namespace: "System", name: value.system_type().name(), base: Some(("System", "Any")), is_class: false }
    }

    fn fhir(definition: &'static Type) -> Self {
        // An element with elements of its own has no type name: it is a BackboneElement, or an Element within a data type.
        let definition = match (definition.kind, definition.base) {
            (TypeKind::Backbone, Some(base)) => get(base),
            _ => definition,
        };
        let base = match definition.base {
            Some(base) => Some(("FHIR", get(base).name)),
            None => Some(("System", "Any")),
        };
        Self { namespace: "FHIR", name: definition.name, base, is_class: definition.kind != TypeKind::Primitive }
    }
}

impl TypeInfo {
    /// Its own elements: `namespace`, `name` and `baseType`.
    pub(crate) fn member(&self, name: &str) -> Option<Item<'static>> {
        let text = match name {
            "namespace" => self.namespace.to_owned(),
            "name" => self.name.to_owned(),
            "baseType" => self.base.map(|(namespace, name)| format!("{namespace}.{name}"))?,
            _ => return None,
        };
        Some(text.into())
    }
}
