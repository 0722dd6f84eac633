//! What a selection is made on while a query is answered.

use std::rc::Rc;

use fhir::Value;
use fhir::definitions::{ResourceType, TypeId, definitions};

use crate::introspect::Meta;
use crate::schema::{Member, Part, Scope, name_of, named, of_query, of_type, parts};
use crate::source::{Found, Page};

/// A value, with what it is made of.
#[derive(Clone)]
pub(super) enum Node<'a> {
    /// The root of all resources, or of those of a type.
    Query(Option<ResourceType>),
    /// A resource, or an element with elements.
    Element(Element<'a>),
    /// A plain value of a resource, and its type.
    Plain(&'a Value, Option<TypeId>),
    /// A plain value that was made.
    Made(Value),
    /// What a search with pages found; those of its matches that pass its filter.
    Connection(ResourceType, &'a Page, Rc<[&'a Found]>),
    /// A match in it.
    Edge(ResourceType, &'a Found),
    /// A part of the schema.
    Meta(Meta),
}

/// A resource, or an element with elements.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) value: &'a Value,
    pub(super) type_id: TypeId,
    /// The resource in which it stands: contained ones are their own.
    pub(super) resource: &'a Value,
    /// The resource that contains that one, or the same.
    pub(super) root: &'a Value,
}

impl<'a> Element<'a> {
    /// A resource as a whole; `None` for one of an unknown type.
    pub(super) fn resource(value: &'a Value) -> Option<Self> {
        let type_id = definitions().type_by_name(value.resource_type()?)?.id;
        Some(Self { value, type_id, resource: value, root: value })
    }

    /// A resource in another: `contained` in it, or an entry of it, which stands for itself.
    pub(super) fn inner(&self, value: &'a Value, is_contained: bool) -> Option<Self> {
        let inner = Self::resource(value)?;
        Some(if is_contained { Self { root: self.root, ..inner } } else { inner })
    }

    /// An element of it.
    pub(super) fn child(&self, value: &'a Value, type_id: TypeId) -> Self {
        Self { value, type_id, ..*self }
    }
}

impl<'a> Node<'a> {
    /// The field of this name.
    pub(super) fn member(&self, name: &str) -> Option<Member> {
        let typename = || (name == "__typename").then_some(Member::Typename);
        let found = match self {
            Node::Query(only) => of_query(*only, name),
            Node::Element(element) => of_type(definitions().get(element.type_id), name),
            Node::Connection(..) => Part::of(parts::CONNECTION, name).map(Member::Part).or_else(typename),
            Node::Edge(..) => Part::of(parts::EDGE, name).map(Member::Part).or_else(typename),
            Node::Meta(meta) => crate::introspect::field(meta.kind(), name).map(Member::Meta).or_else(typename),
            Node::Plain(..) | Node::Made(_) => None,
        };
        found.or_else(|| crate::introspect::root(name).map(Member::Meta))
    }

    /// Whether it is of the type of this name.
    pub(super) fn is(&self, name: &str) -> bool {
        match self {
            Node::Element(element) => named(name).is_some_and(|of| definitions().is_a(element.type_id, of.id)),
            Node::Query(only) => Scope::Query(*only).narrowed(name).flatten().is_some(),
            _ => self.type_name() == name,
        }
    }

    /// The name of its type.
    pub(super) fn type_name(&self) -> String {
        match self {
            Node::Query(_) => "Query".to_owned(),
            Node::Element(element) => name_of(element.type_id).to_owned(),
            Node::Connection(kind, ..) => format!("{}Connection", kind.name()),
            Node::Edge(kind, _) => format!("{}Edge", kind.name()),
            Node::Meta(meta) => meta.kind().name().to_owned(),
            Node::Plain(..) | Node::Made(_) => String::new(),
        }
    }

    /// The type by which values are told apart when they are collected.
    pub(super) fn type_id(&self) -> Option<TypeId> {
        match self {
            Node::Element(element) => Some(element.type_id),
            Node::Plain(_, type_id) => *type_id,
            _ => None,
        }
    }
}
