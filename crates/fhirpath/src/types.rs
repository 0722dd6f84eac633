//! Types: those of FHIR, from the definitions, and those of System.

use std::sync::OnceLock;

use fhir::definitions::{Type, TypeId, TypeKind, definitions};

use crate::item::Item;
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
pub struct TypeInfo(Reflected);

/// What a [`TypeInfo`] tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reflected {
    System(SystemType),
    Fhir(TypeId),
    /// An object without a type.
    Untyped,
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
        Self(match item {
            Item::System(value) => Reflected::System(value.system_type()),
            Item::Node(node) => match (node.definition(), node.system()) {
                // An element with elements of its own has no type name: it is a BackboneElement, or an Element within a data type.
                (Some(Type { kind: TypeKind::Backbone, base: Some(base), .. }), _) => Reflected::Fhir(*base),
                (Some(definition), _) => Reflected::Fhir(definition.id),
                (None, Some(value)) => Reflected::System(value.system_type()),
                (None, None) => Reflected::Untyped,
            },
        })
    }

    /// `System` or `FHIR`.
    pub fn namespace(self) -> &'static str {
        match self.0 {
            Reflected::Fhir(_) => "FHIR",
            Reflected::System(_) | Reflected::Untyped => "System",
        }
    }

    /// The name of the type, without its namespace.
    pub fn name(self) -> &'static str {
        match self.0 {
            Reflected::Fhir(id) => get(id).name,
            Reflected::System(system) => system.name(),
            Reflected::Untyped => "Any",
        }
    }

    /// The name of the type that it specializes, with its namespace; `None` for `System.Any`.
    pub fn base(self) -> Option<String> {
        match self.0 {
            Reflected::Fhir(id) => Some(get(id).base.map_or("System.Any".to_owned(), |base| format!("FHIR.{}", get(base).name))),
            Reflected::System(_) => Some("System.Any".to_owned()),
            Reflected::Untyped => None,
        }
    }

    /// Whether the type has elements.
    pub fn is_class(self) -> bool {
        match self.0 {
            Reflected::Fhir(id) => get(id).kind != TypeKind::Primitive,
            Reflected::System(_) => false,
            Reflected::Untyped => true,
        }
    }

    /// Its own elements: `namespace`, `name` and `baseType`.
    pub(crate) fn member(self, name: &str) -> Option<Item<'static>> {
        Some(match name {
            "namespace" => self.namespace().to_owned().into(),
            "name" => self.name().to_owned().into(),
            "baseType" => self.base()?.into(),
            _ => return None,
        })
    }
}
