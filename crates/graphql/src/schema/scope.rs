//! What a selection is made on, as far as the query alone tells.

use fhir::definitions::{ResourceType, TypeId, TypeKind, definitions};

use super::{Member, Part, name_of, named, of_query, of_type, parts, resource_of};
use crate::introspect::{self, Kind};

/// What a selection is made on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scope {
    /// All resources, or those of one type.
    Query(Option<ResourceType>),
    /// A value of one of these types.
    Types(Vec<TypeId>),
    /// The answer to a search with pages.
    Connection(ResourceType),
    /// A match in it.
    Edge(ResourceType),
    /// A part of the schema.
    Meta(Kind),
}

impl Scope {
    /// What a value of this type can be: for an abstract resource, all that are not.
    pub(crate) fn of(id: TypeId) -> Self {
        let of = definitions().get(id);
        if of.kind == TypeKind::Resource && of.is_abstract {
            let all = ResourceType::all().map(|kind| definitions().resource(kind).id);
            return Scope::Types(all.filter(|kind| definitions().is_a(*kind, id)).collect());
        }
        Scope::Types(vec![id])
    }

    /// What is left of it under the type condition `name`; `None` when there is no type of that name, and empty when it never holds.
    pub(crate) fn narrowed(&self, name: &str) -> Option<Option<Scope>> {
        let holds = |holds: bool| Some(holds.then(|| self.clone()));
        if let Some(condition) = named(name) {
            return Some(match self {
                Scope::Types(types) => {
                    let left: Vec<TypeId> = types.iter().copied().filter(|id| definitions().is_a(*id, condition.id)).collect();
                    (!left.is_empty()).then_some(Scope::Types(left))
                }
                _ => None,
            });
        }
        if name == "Query" {
            return holds(matches!(self, Scope::Query(_)));
        }
        if let Some(kind) = Kind::named(name) {
            return holds(*self == Scope::Meta(kind));
        }
        match (resource_of(name, "Connection"), resource_of(name, "Edge")) {
            (Some(kind), _) => holds(*self == Scope::Connection(kind)),
            (_, Some(kind)) => holds(*self == Scope::Edge(kind)),
            _ => None,
        }
    }

    /// What a type condition may be made on: the whole of the type of this name.
    pub(crate) fn named(name: &str) -> Option<Scope> {
        if let Some(of) = named(name) {
            return Some(match of.is_abstract {
                true => Scope::Types(definitions().types().iter().map(|of| of.id).filter(|id| definitions().is_a(*id, of.id)).collect()),
                false => Scope::Types(vec![of.id]),
            });
        }
        match (resource_of(name, "Connection"), resource_of(name, "Edge"), Kind::named(name)) {
            _ if name == "Query" => Some(Scope::Query(None)),
            (Some(kind), ..) => Some(Scope::Connection(kind)),
            (_, Some(kind), _) => Some(Scope::Edge(kind)),
            (.., Some(kind)) => Some(Scope::Meta(kind)),
            _ => None,
        }
    }

    /// Whether something can be in both.
    pub(crate) fn meets(&self, other: &Scope) -> bool {
        match (self, other) {
            (Scope::Types(left), Scope::Types(right)) => left.iter().any(|id| right.contains(id)),
            (Scope::Query(_), Scope::Query(_)) => true,
            _ => self == other,
        }
    }

    /// The members of this name, one for each kind of thing that it can be.
    pub(crate) fn members(&self, name: &str) -> Vec<Member> {
        match self {
            Scope::Query(only) => of_query(*only, name).into_iter().collect(),
            Scope::Types(types) => types.iter().filter_map(|id| of_type(definitions().get(*id), name)).collect(),
            Scope::Connection(_) | Scope::Edge(_) if name == "__typename" => vec![Member::Typename],
            Scope::Connection(_) => Part::of(parts::CONNECTION, name).map(Member::Part).into_iter().collect(),
            Scope::Edge(_) => Part::of(parts::EDGE, name).map(Member::Part).into_iter().collect(),
            Scope::Meta(_) if name == "__typename" => vec![Member::Typename],
            Scope::Meta(kind) => introspect::field(*kind, name).map(Member::Meta).into_iter().collect(),
        }
    }

    /// What a member of it is made of; `None` for a scalar.
    pub(crate) fn below(&self, member: Member) -> Option<Scope> {
        let complex = |id: TypeId| definitions().get(id).primitive.is_none().then(|| Scope::of(id));
        match member {
            Member::Typename | Member::ResourceType => None,
            Member::Element(_, kind) => complex(kind.id),
            Member::Extensions(..) => definitions().type_by_name("Element").map(|of| Scope::Types(vec![of.id])),
            Member::Choice(element) => {
                let types: Vec<TypeId> = element.types.iter().map(|kind| kind.id).filter(|id| complex(*id).is_some()).collect();
                (!types.is_empty()).then_some(Scope::Types(types))
            }
            Member::Target => definitions().type_by_name("Resource").map(|of| Scope::of(of.id)),
            Member::Read(kind) | Member::List(kind) => Some(Scope::Types(vec![definitions().resource(kind).id])),
            Member::Connection(kind) => Some(Scope::Connection(kind)),
            Member::Part(part) => match (part, self) {
                (Part::Edges, Scope::Connection(kind)) => Some(Scope::Edge(*kind)),
                (Part::Resource, Scope::Edge(kind)) => Some(Scope::Types(vec![definitions().resource(*kind).id])),
                _ => None,
            },
            Member::Meta(field) => field.below.map(Scope::Meta),
        }
    }

    /// The names of all that may be asked of it, for a message.
    pub(crate) fn names(&self) -> Vec<String> {
        let owned = |names: &[(&'static str, Part)]| names.iter().map(|(name, _)| (*name).to_owned()).collect();
        match self {
            Scope::Query(only) => {
                let kinds = ResourceType::all().filter(|kind| only.is_none_or(|only| only == *kind));
                kinds.flat_map(|kind| ["", "List", "Connection"].map(|ending| format!("{}{ending}", kind.name()))).collect()
            }
            Scope::Types(types) => {
                let mut names: Vec<String> = vec!["resourceType".into(), "resource".into()];
                for id in types.iter().take(200) {
                    names.extend(definitions().get(*id).member_names().map(str::to_owned));
                }
                names
            }
            Scope::Connection(_) => owned(parts::CONNECTION),
            Scope::Edge(_) => owned(parts::EDGE),
            Scope::Meta(kind) => introspect::names(*kind).map(str::to_owned).collect(),
        }
    }

    /// What it is, for a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Scope::Query(_) => "the query".to_owned(),
            Scope::Types(types) => match types.as_slice() {
                [single] => name_of(*single).to_owned(),
                _ => "any of the types that may stand here".to_owned(),
            },
            Scope::Connection(kind) => format!("{}Connection", kind.name()),
            Scope::Edge(kind) => format!("{}Edge", kind.name()),
            Scope::Meta(kind) => kind.name().to_owned(),
        }
    }
}
