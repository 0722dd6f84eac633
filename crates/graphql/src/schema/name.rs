//! The names that types have in GraphQL.

use std::collections::HashMap;
use std::sync::OnceLock;

use fhir::definitions::{PrimitiveType, ResourceType, Type, TypeId, TypeKind, definitions};

/// The name of a type with fields: `Patient`, `HumanName`, and `PatientContact` for the type of `Patient.contact`.
pub(crate) fn name_of(id: TypeId) -> &'static str {
    tables().by_id.get(usize::from(id.0)).map_or("", |name| name)
}

/// The type of this name, among FHIR's types that have fields.
pub(crate) fn named(name: &str) -> Option<&'static Type> {
    tables().by_name.get(name).map(|id| definitions().get(*id))
}

/// The type whose name is before this ending: `Patient` of `PatientList`.
pub(crate) fn resource_of(name: &str, ending: &str) -> Option<ResourceType> {
    ResourceType::parse(name.strip_suffix(ending)?)
}

/// The scalar that stands for a primitive: GraphQL's own where it has the same values, otherwise one with FHIR's name.
pub(crate) fn scalar_name(primitive: &'static Type) -> &'static str {
    match primitive.primitive {
        Some(PrimitiveType::Boolean) => "Boolean",
        Some(PrimitiveType::Integer) => "Int",
        Some(PrimitiveType::String) => "String",
        Some(PrimitiveType::Id) => "ID",
        _ => primitive.name,
    }
}

/// `: did you mean …?` for a name that is none of a type, or nothing.
pub(crate) fn nearest_type(name: &str) -> String {
    crate::validate::did_you_mean(name, tables().by_name.keys().map(String::as_str))
}

struct Tables {
    by_id: Vec<String>,
    by_name: HashMap<String, TypeId>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let types = definitions().types();
        let by_id: Vec<String> = types.iter().map(graphql_name).collect();
        let objects = types.iter().filter(|of| of.kind != TypeKind::Primitive);
        let by_name = objects.map(|of| (graphql_name(of), of.id)).collect();
        Tables { by_id, by_name }
    })
}

/// A name may have no points in it: each begins a word instead.
fn graphql_name(of: &Type) -> String {
    let mut name = String::with_capacity(of.name.len());
    for (index, word) in of.name.split('.').enumerate() {
        let mut letters = word.chars();
        match letters.next().filter(|_| index > 0) {
            Some(first) => name.extend(first.to_uppercase().chain(letters)),
            None => name.push_str(word),
        }
    }
    name
}
