//! The fields of a type.

use fhir::definitions::{Element, ElementType, ResourceType, Type, TypeKind, definitions};

use super::resource_of;
use crate::introspect;

/// What a field is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Member {
    /// `__typename`.
    Typename,
    /// `resourceType` of a resource.
    ResourceType,
    /// An element, by the name that it has in JSON: `birthDate`, `valueQuantity`.
    Element(&'static Element, &'static ElementType),
    /// An element that may have several types, whichever it has: `value`.
    Choice(&'static Element),
    /// The id and extensions of a primitive: `_birthDate`.
    Extensions(&'static Element, &'static ElementType),
    /// `resource` of a Reference: what it leads to.
    Target,
    /// `Patient(id: …)`.
    Read(ResourceType),
    /// `PatientList(…)`: at the root a search, in a resource one for those that refer to it.
    List(ResourceType),
    /// `PatientConnection(…)`: the same with pages.
    Connection(ResourceType),
    /// A part of a connection or of its edges.
    Part(Part),
    /// A part of the schema.
    Meta(&'static introspect::Field),
}

/// A part of a connection, or of one of its edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Count,
    Offset,
    PageSize,
    Edges,
    First,
    Previous,
    Next,
    Last,
    Mode,
    Score,
    Resource,
}

/// The parts by their names.
pub(crate) mod parts {
    use super::Part;

    /// Of a connection.
    pub(crate) const CONNECTION: &[(&str, Part)] = &[
        ("count", Part::Count),
        ("offset", Part::Offset),
        ("pagesize", Part::PageSize),
        ("edges", Part::Edges),
        ("first", Part::First),
        ("previous", Part::Previous),
        ("next", Part::Next),
        ("last", Part::Last),
    ];

    /// Of an edge.
    pub(crate) const EDGE: &[(&str, Part)] = &[("mode", Part::Mode), ("score", Part::Score), ("resource", Part::Resource)];
}

impl Part {
    pub(crate) fn of(parts: &[(&str, Part)], name: &str) -> Option<Part> {
        parts.iter().find(|(known, _)| *known == name).map(|(_, part)| *part)
    }
}

impl Member {
    /// Whether there can be many of it.
    pub(crate) fn is_list(self) -> bool {
        match self {
            Member::Element(element, _) | Member::Choice(element) | Member::Extensions(element, _) => element.is_list(),
            Member::List(_) | Member::Part(Part::Edges) => true,
            Member::Meta(field) => field.is_list,
            _ => false,
        }
    }
}

/// The field `name` of the root.
pub(crate) fn of_query(only: Option<ResourceType>, name: &str) -> Option<Member> {
    let allowed = |kind: &ResourceType| only.is_none_or(|only| only == *kind);
    match name {
        "__typename" => Some(Member::Typename),
        "__schema" | "__type" => introspect::root(name).map(Member::Meta),
        _ => searches(name).or_else(|| ResourceType::parse(name).map(Member::Read)).filter(|member| match member {
            Member::Read(kind) | Member::List(kind) | Member::Connection(kind) => allowed(kind),
            _ => true,
        }),
    }
}

/// The field `name` of a type of FHIR.
pub(crate) fn of_type(of: &'static Type, name: &str) -> Option<Member> {
    if let Some((element, kind)) = of.member(name) {
        return Some(Member::Element(element, kind));
    }
    if let Some(stem) = name.strip_prefix('_')
        && let Some((element, kind)) = of.member(stem)
        && definitions().get(kind.id).primitive.is_some()
    {
        return Some(Member::Extensions(element, kind));
    }
    if let Some(element) = of.element(name).filter(|element| element.is_choice) {
        return Some(Member::Choice(element));
    }
    match name {
        "__typename" => Some(Member::Typename),
        "resource" if of.name == "Reference" => Some(Member::Target),
        "resourceType" if of.kind == TypeKind::Resource => Some(Member::ResourceType),
        _ if of.kind == TypeKind::Resource => searches(name),
        _ => None,
    }
}

/// `PatientList` and `PatientConnection`.
fn searches(name: &str) -> Option<Member> {
    let connection = || resource_of(name, "Connection").map(Member::Connection);
    resource_of(name, "List").map(Member::List).or_else(connection)
}
