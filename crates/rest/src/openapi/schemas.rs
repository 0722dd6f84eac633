//! Schemas: a resource in JSON, as FHIR's definitions have it (<http://hl7.org/fhir/R4/json.html>).
//!
//! They say which members there are, of which types and how often. What JSON Schema cannot say, or only at great length, is left to the
//! server's own check: that a primitive that must be there may have extensions only, which types a reference may lead to, FHIR's rules.

use std::collections::BTreeSet;

use fhir::definitions::{Element, PrimitiveType, ResourceType, Type, TypeId, TypeKind, definitions};
use fhir::{Object, Value, array, object};

use super::{component, parameters};

/// More codes than these are not listed: the document would be mostly currencies and languages.
const MOST_CODES: usize = 32;

/// The schemas of these types, of the types that every server answers with, and of all that they are made of.
pub(super) fn schemas(types: &[ResourceType]) -> Value {
    let always = ["Bundle", "CapabilityStatement", "OperationOutcome"].into_iter().filter_map(ResourceType::parse);
    let mut met: BTreeSet<TypeId> = always.chain(types.iter().copied()).map(|kind| definitions().resource(kind).id).collect();
    let mut waiting: Vec<TypeId> = met.iter().copied().collect();
    let mut schemas = Object::from_iter(parameters::value_schemas());
    while let Some(id) = waiting.pop() {
        let of = definitions().get(id);
        schemas.push(of.name, schema(of));
        let parts = of.elements.iter().filter(|_| of.kind != TypeKind::Primitive).flat_map(|element| &element.types);
        waiting.extend(parts.map(|part| part.id).filter(|part| met.insert(*part)));
    }
    schemas.into()
}

fn schema(of: &Type) -> Value {
    if let Some(primitive) = of.primitive {
        return self::primitive(primitive);
    }
    if of.is_abstract && of.kind == TypeKind::Resource {
        return object! { "type": "object", "required": array!["resourceType"], "properties": object! { "resourceType": object! { "type": "string" } } };
    }
    let mut properties = Object::new();
    let mut required = Vec::new();
    if of.resource_type.is_some() {
        properties.push("resourceType", object! { "const": of.name });
        required.push(Value::from("resourceType"));
    }
    let mut has_primitives = false;
    for element in &of.elements {
        for part in &element.types {
            let part_type = definitions().get(part.id);
            has_primitives |= part_type.primitive.is_some();
            properties.push(part.member, property(element, part_type));
            if element.min > 0 && !element.is_choice && part_type.primitive.is_none() {
                required.push(part.member.into());
            }
        }
    }
    let mut schema = Object::from_iter([("type", Value::from("object")), ("properties", properties.into())]);
    if !required.is_empty() {
        schema.push("required", required);
    }
    if has_primitives {
        // The id and the extensions of a primitive stand beside it, under its name with an underscore.
        schema.push("patternProperties", object! { "^_": object! {} });
    }
    schema.push("additionalProperties", false);
    schema.into()
}

fn property(element: &Element, part: &Type) -> Value {
    let one = match codes(element) {
        Some(codes) if part.primitive == Some(PrimitiveType::Code) => object! { "enum": codes },
        _ => component("schemas", part.name),
    };
    match (element.is_list(), part.primitive) {
        (false, _) => one,
        // In a list of primitives, null keeps the place of one that has extensions only.
        (true, Some(_)) => object! { "type": "array", "items": object! { "anyOf": array![one, object! { "type": "null" }] } },
        (true, None) => object! { "type": "array", "items": one },
    }
}

/// The codes that an element may have, when they are fixed and not too many.
fn codes(element: &Element) -> Option<Vec<Value>> {
    let binding = element.binding.as_ref()?;
    let set = definitions().required_codes(binding)?;
    let codes: Vec<Value> = set.codes().take(MOST_CODES + 1).map(Value::from).collect();
    (set.is_enumerable() && (1..=MOST_CODES).contains(&codes.len())).then_some(codes)
}

/// A primitive: a type of JSON and, for texts, the form that FHIR gives it (<http://hl7.org/fhir/R4/datatypes.html#primitive>).
fn primitive(of: PrimitiveType) -> Value {
    let text = |pattern: &str| object! { "type": "string", "pattern": pattern };
    const DATE: &str = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?";
    const DAY: &str = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
    const TIME: &str = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?";
    const ZONE: &str = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))";
    match of {
        PrimitiveType::Boolean => object! { "type": "boolean" },
        PrimitiveType::Decimal => object! { "type": "number" },
        PrimitiveType::Integer => integer("-2147483648"),
        PrimitiveType::UnsignedInt => integer("0"),
        PrimitiveType::PositiveInt => integer("1"),
        PrimitiveType::Date => text(&format!("^{DATE}$")),
        PrimitiveType::DateTime => text(&format!("^({DATE}|{DAY}T{TIME}{ZONE})$")),
        PrimitiveType::Instant => text(&format!("^{DAY}T{TIME}{ZONE}$")),
        PrimitiveType::Time => text(&format!("^{TIME}$")),
        PrimitiveType::Id => text("^[A-Za-z0-9.-]{1,64}$"),
        PrimitiveType::Code => text(r"^[^\s]+( [^\s]+)*$"),
        PrimitiveType::Oid => text(r"^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$"),
        PrimitiveType::Uuid => text("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
        PrimitiveType::Uri | PrimitiveType::Url | PrimitiveType::Canonical => text(r"^\S+$"),
        PrimitiveType::Base64Binary | PrimitiveType::Markdown | PrimitiveType::String | PrimitiveType::Xhtml => {
            object! { "type": "string", "minLength": 1u64 }
        }
    }
}

fn integer(minimum: &str) -> Value {
    let number = |text: &str| Value::Number(text.into());
    object! { "type": "integer", "minimum": number(minimum), "maximum": number("2147483647") }
}
