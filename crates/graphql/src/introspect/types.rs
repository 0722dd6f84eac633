//! Which types a schema has, and their fields.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use fhir::definitions::{ResourceType, SearchParameterType, Type, TypeId, TypeKind, definitions};

use super::arguments::Arguments;
use super::kind::Kind;
use super::meta::{FieldMeta, Named, Root, TypeUse};
use crate::schema::{Part, parts, scalar_name};

/// All types that can be reached from a root.
pub(super) fn all(root: Root) -> Vec<Named> {
    let mut types = vec![match root {
        Root::Query(only) => Named::Query(only),
        Root::Resource(id) => Named::Object(id),
    }];
    let described = |of: &&Type| of.kind != TypeKind::Primitive && (!of.is_abstract || of.name == "Element");
    types.extend(
        definitions()
            .types()
            .iter()
            .filter(described)
            .map(|of| Named::Object(of.id))
            .filter(|named| *named != types[0])
            .collect::<Vec<_>>(),
    );
    types.push(Named::Resource);
    types.extend(ResourceType::all().flat_map(|kind| [Named::Connection(kind), Named::Edge(kind)]));
    let primitives: BTreeSet<&'static str> = definitions().types().iter().filter(|of| of.primitive.is_some()).map(scalar_name).collect();
    types.extend(primitives.into_iter().chain(["SearchValue"]).map(Named::Scalar));
    types.extend(["ResourceType", "__TypeKind", "__DirectiveLocation"].map(Named::Enum));
    types.extend(Kind::ALL.map(Named::Kind));
    types
}

/// All resources.
pub(super) fn implementers() -> impl Iterator<Item = Named> {
    ResourceType::all().map(|kind| Named::Object(definitions().resource(kind).id))
}

/// The fields of a type.
pub(super) fn fields(named: Named) -> Vec<FieldMeta> {
    match named {
        Named::Query(only) => ResourceType::all().filter(|kind| only.is_none_or(|only| only == *kind)).flat_map(root_fields).collect(),
        Named::Object(id) => object_fields(definitions().get(id)),
        Named::Resource => definitions().type_by_name("Resource").map(element_fields).unwrap_or_default(),
        Named::Connection(kind) => parts::CONNECTION.iter().map(|(name, part)| part_field(name, *part, kind)).collect(),
        Named::Edge(kind) => parts::EDGE.iter().map(|(name, part)| part_field(name, *part, kind)).collect(),
        Named::Kind(kind) => kind.fields().iter().map(kind_field).collect(),
        Named::Scalar(_) | Named::Enum(_) => Vec::new(),
    }
}

fn field(name: impl Into<std::borrow::Cow<'static, str>>, kind: TypeUse, arguments: Arguments) -> FieldMeta {
    FieldMeta { name: name.into(), kind, arguments }
}

fn root_fields(kind: ResourceType) -> [FieldMeta; 3] {
    let object = Named::Object(definitions().resource(kind).id);
    [
        field(kind.name(), TypeUse::one(object), Arguments::Id),
        field(format!("{}List", kind.name()), TypeUse::many(object), Arguments::List(kind)),
        field(format!("{}Connection", kind.name()), TypeUse::one(Named::Connection(kind)), Arguments::Connection(kind)),
    ]
}

fn object_fields(of: &'static Type) -> Vec<FieldMeta> {
    let mut fields = element_fields(of);
    if of.name == "Reference" {
        fields.push(field("resource", TypeUse::one(Named::Resource), Arguments::Target));
    }
    for kind in referrers(of.name) {
        let object = Named::Object(definitions().resource(kind).id);
        fields.push(field(format!("{}List", kind.name()), TypeUse::many(object), Arguments::Referrers(kind)));
        fields.push(field(format!("{}Connection", kind.name()), TypeUse::one(Named::Connection(kind)), Arguments::Referrers(kind)));
    }
    fields
}

/// The elements of a type, with the extensions of primitives.
fn element_fields(of: &'static Type) -> Vec<FieldMeta> {
    let mut fields = Vec::new();
    if of.kind == TypeKind::Resource {
        fields.push(field("resourceType", TypeUse::one(Named::Scalar("code")), Arguments::None));
    }
    let base = definitions().type_by_name("Element").map(|of| Named::Object(of.id));
    for (element, kind) in of.elements.iter().flat_map(|element| element.types.iter().map(move |kind| (element, kind))) {
        let used = |named| TypeUse { named, list: element.is_list(), required: false };
        let target = definitions().get(kind.id);
        if target.primitive.is_some() {
            fields.push(field(kind.member, used(Named::Scalar(scalar_name(target))), Arguments::None));
            if let Some(base) = base.filter(|_| !element.is_xml_attribute) {
                fields.push(field(format!("_{}", kind.member), used(base), Arguments::None));
            }
        } else {
            let arguments = if element.is_list() { Arguments::Filters(kind.id) } else { Arguments::None };
            fields.push(field(kind.member, used(object_or_resource(target.id)), arguments));
        }
    }
    fields
}

fn object_or_resource(id: TypeId) -> Named {
    let of = definitions().get(id);
    if of.is_abstract && of.kind == TypeKind::Resource { Named::Resource } else { Named::Object(id) }
}

fn part_field(name: &'static str, part: Part, kind: ResourceType) -> FieldMeta {
    let used = match part {
        Part::Count | Part::Offset | Part::PageSize => TypeUse::one(Named::Scalar("Int")),
        Part::Edges => TypeUse::many(Named::Edge(kind)),
        Part::First | Part::Previous | Part::Next | Part::Last => TypeUse::one(Named::Scalar("String")),
        Part::Mode => TypeUse::one(Named::Scalar("code")),
        Part::Score => TypeUse::one(Named::Scalar("decimal")),
        Part::Resource => TypeUse::one(Named::Object(definitions().resource(kind).id)),
    };
    field(name, used, Arguments::None)
}

fn kind_field(of: &'static super::kind::Field) -> FieldMeta {
    let named = match (of.name, of.below) {
        (_, Some(below)) => Named::Kind(below),
        ("kind", _) => Named::Enum("__TypeKind"),
        ("locations", _) => Named::Enum("__DirectiveLocation"),
        (name, _) if name.starts_with("is") => Named::Scalar("Boolean"),
        _ => Named::Scalar("String"),
    };
    field(of.name, TypeUse { named, list: of.is_list, required: false }, Arguments::Meta(of.arguments))
}

/// A parameter that leads to so many types leads to any.
const ANY: usize = 100;

/// The resource types that have a search parameter for references to this one. Those whose parameter leads to any type are left out: every
/// resource has these fields, too, and a schema that said so everywhere would be several times as large.
fn referrers(target: &str) -> Vec<ResourceType> {
    static REFERRERS: OnceLock<BTreeMap<&'static str, BTreeSet<ResourceType>>> = OnceLock::new();
    let referrers = REFERRERS.get_or_init(|| {
        let mut referrers: BTreeMap<&'static str, BTreeSet<ResourceType>> = BTreeMap::new();
        let references = definitions().search_parameters().iter().filter(|parameter| parameter.kind == SearchParameterType::Reference);
        for parameter in references.filter(|parameter| parameter.targets.len() < ANY) {
            for target in &parameter.targets {
                let kinds = parameter.bases.iter().filter_map(|base| ResourceType::parse(base));
                referrers.entry(target).or_default().extend(kinds);
            }
        }
        referrers
    });
    referrers.get(target).map(|kinds| kinds.iter().copied().collect()).unwrap_or_default()
}
