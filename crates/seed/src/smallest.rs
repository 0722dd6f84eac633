//! The smallest resource of a type, made from FHIR's definitions, with a few elements planted in it by their paths: for who needs one of each type.

use fhir::definitions::{Element, PrimitiveType, ResourceType, Type, definitions};
use fhir::{Object, Value, object};

/// A resource with what it must have, and nothing else. It keeps to cardinality, types and required codes; FHIR's invariants may ask for more.
pub fn smallest(of: ResourceType, id: &str) -> Object {
    let mut members = Object::new();
    members.set("resourceType", of.name());
    members.set("id", id);
    fill(&mut members, definitions().resource(of));
    members
}

/// A Reference to an address.
pub fn reference(target: &str) -> Value {
    object! { "reference": target }
}

/// Sets the element of a path, such as `participant.actor`, and whatever must stand around it; without a value, to the smallest that it may have. A reference takes
/// that of an element's types which is one.
///
/// # Panics
/// When the type has no such element.
pub fn plant(members: &mut Object, of: ResourceType, path: &str, value: Option<Value>) {
    let path: Vec<&str> = path.split('.').collect();
    set(members, definitions().resource(of), &path, value);
}

fn set(members: &mut Object, of: &'static Type, path: &[&str], planted: Option<Value>) {
    let Some((first, rest)) = path.split_first() else { return };
    let element = of.element(first).unwrap_or_else(|| panic!("{} has no element {first}", of.name));
    let is_reference = |value: &Value| value.get("reference").is_some();
    let of_reference = || element.types.iter().find(|kind| definitions().get(kind.id).name == "Reference");
    let kind = planted.as_ref().filter(|value| is_reference(value)).and_then(|_| of_reference()).unwrap_or(&element.types[0]);
    let value = if rest.is_empty() {
        planted.unwrap_or_else(|| smallest_value(element, definitions().get(kind.id)))
    } else {
        let inner = definitions().get(kind.id);
        let mut object = Object::new();
        fill(&mut object, inner);
        set(&mut object, inner, rest, planted);
        Value::Object(object)
    };
    element.types.iter().for_each(|kind| drop(members.remove(kind.member)));
    put(members, element, kind.member, value);
}

fn put(members: &mut Object, element: &Element, member: &'static str, value: Value) {
    match value {
        Value::Array(_) => members.set(member, value),
        value if element.is_list() => members.set(member, vec![value; element.min.max(1) as usize]),
        value => members.set(member, value),
    }
}

/// Fills an object with the elements that its type must have.
fn fill(members: &mut Object, of: &'static Type) {
    for element in of.elements.iter().filter(|element| element.min > 0 && !element.types.is_empty()) {
        let kind = &element.types[0];
        if members.get(kind.member).is_none() {
            put(members, element, kind.member, smallest_value(element, definitions().get(kind.id)));
        }
    }
}

fn smallest_value(element: &Element, of: &'static Type) -> Value {
    if let Some(primitive) = of.primitive {
        return self::primitive(element, primitive);
    }
    if of.name == "Reference" {
        return object! { "display": "somebody" };
    }
    let mut members = Object::new();
    fill(&mut members, of);
    if members.is_empty() {
        // An object is never empty.
        let telling = ["text", "code", "value", "title", "url", "system", "display", "description"];
        let element = telling.iter().find_map(|name| of.element(name)).or_else(|| of.elements.last()).expect("an element");
        let kind = &element.types[0];
        put(&mut members, element, kind.member, smallest_value(element, definitions().get(kind.id)));
    }
    Value::Object(members)
}

fn primitive(element: &Element, of: PrimitiveType) -> Value {
    let codes = element.binding.as_ref().and_then(|binding| definitions().required_codes(binding));
    if let Some(code) = codes.and_then(|set| set.systems.first()?.1.first().copied()) {
        return Value::from(code);
    }
    match of {
        PrimitiveType::Boolean => Value::from(true),
        PrimitiveType::Decimal | PrimitiveType::Integer | PrimitiveType::UnsignedInt | PrimitiveType::PositiveInt => {
            Value::Number("1".into())
        }
        PrimitiveType::Date | PrimitiveType::DateTime => Value::from("2020-01-01"),
        PrimitiveType::Instant => Value::from("2020-01-01T00:00:00Z"),
        PrimitiveType::Time => Value::from("08:00:00"),
        PrimitiveType::Base64Binary => Value::from("AAAA"),
        PrimitiveType::Oid => Value::from("urn:oid:1.2.3"),
        PrimitiveType::Uuid => Value::from("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
        PrimitiveType::Uri | PrimitiveType::Url | PrimitiveType::Canonical => Value::from("http://example.org/x"),
        PrimitiveType::Xhtml => Value::from("<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"),
        _ => Value::from("x"),
    }
}
