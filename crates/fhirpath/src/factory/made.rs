//! The JSON of what `%factory` makes, checked against the definitions.

use fhir::definitions::{Element, ElementType, PrimitiveType, Type, TypeId};
use fhir::value::Object;
use fhir::{Name, Value};

use crate::error::{Error, Result};
use crate::evaluate::{single, text_of};
use crate::item::{Item, System};
use crate::node::Node;
use crate::quantity::{Quantity, UCUM};
use crate::temporal;
use crate::types;

/// The value of a primitive of that type, from a System value or another primitive.
pub(super) fn primitive(at: u32, id: TypeId, item: &Item<'_>) -> Result<Value> {
    let definition = types::get(id);
    let refused = || Error::execution(at, format!("this is no {}", definition.name));
    let (Some(primitive), Some(value)) = (definition.primitive, item.system()) else { return Err(refused()) };
    let is_text = matches!(value, System::String(_));
    let made = match primitive {
        PrimitiveType::Boolean => match &*value.text() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err(refused()),
        },
        _ if primitive.is_number() => Value::Number(value.text().into()),
        PrimitiveType::Date | PrimitiveType::DateTime | PrimitiveType::Instant | PrimitiveType::Time => Value::from(&*value.text()),
        _ if is_text => Value::from(&*value.text()),
        _ => return Err(refused()),
    };
    if is_valid(primitive, definition.name, &made) { Ok(made) } else { Err(refused()) }
}

/// The JSON of a System value where no type is known.
pub(super) fn plain(value: &System<'_>) -> Value {
    match value {
        System::Boolean(truth) => Value::Bool(*truth),
        System::Integer(_) | System::Long(_) | System::Decimal(_) => Value::Number(value.text().into()),
        System::Quantity(made) => quantity(made),
        _ => Value::from(&*value.text()),
    }
}

/// Whether the structural check finds nothing wrong with the value.
fn is_valid(primitive: PrimitiveType, name: &str, value: &Value) -> bool {
    match (primitive, value) {
        // FHIRPath lets a time lack its zone and end with its minutes, and a uri be empty.
        (PrimitiveType::DateTime, Value::String(text)) => return temporal::date_time(text).is_some(),
        (PrimitiveType::Time, Value::String(text)) => return temporal::time(text).is_some(),
        (PrimitiveType::Uri | PrimitiveType::Url, Value::String(text)) if text.is_empty() => return true,
        (PrimitiveType::Xhtml, _) => return true,
        _ => {}
    }
    let parameter = Object::from_iter([(Name::from("name"), Value::from("made")), (choice(name), value.clone())]);
    let parameters = fhir::object! { "resourceType": "Parameters", "parameter": fhir::array![parameter] };
    fhir::check::check(&parameters).is_empty()
}

/// The member of `value[x]` for a type: `valueString`.
fn choice(type_name: &str) -> Name {
    let (first, rest) = type_name.split_at(1);
    Name::from(format!("value{}{rest}", first.to_ascii_uppercase()))
}

/// Sets an element of a complex value, by its name, a choice also by the name that it has in JSON.
pub(super) fn set(at: u32, object: &mut Object, id: TypeId, name: &str, items: &[Item<'_>]) -> Result<()> {
    let definition = types::get(id);
    let Some((element, kind)) = element_of(definition, name) else {
        return Err(Error::semantic(at, format!("a {} has no element {name}", definition.name)));
    };
    let (member, made) = match kind {
        Some(kind) => (kind.member, items.iter().map(|item| value(at, kind.id, name, item)).collect::<Result<Vec<_>>>()?),
        None => {
            let Some(item) = single(at, name, items)? else { return Ok(()) };
            let (kind, value) = any(at, element, item)?;
            (kind.member, vec![value])
        }
    };
    let siblings: Vec<Value> = items.iter().map(|item| item.node().and_then(Node::sibling).cloned().unwrap_or(Value::Null)).collect();
    let has_siblings = siblings.iter().any(|sibling| *sibling != Value::Null);
    for (member, values) in [(Name::from(member), made), (Name::from(format!("_{member}")), if has_siblings { siblings } else { vec![] })] {
        put(at, object, element, member, values)?;
    }
    Ok(())
}

/// The element that a name stands for, and the type that its value must have: `None` where a choice is open.
pub(crate) fn element_of<'d>(definition: &'d Type, name: &str) -> Option<(&'d Element, Option<&'d ElementType>)> {
    match definition.element(name) {
        Some(element) if element.is_choice => Some((element, None)),
        Some(element) => Some((element, Some(element.types.first()?))),
        None => definition.member(name).map(|(element, kind)| (element, Some(kind))),
    }
}

/// Puts values under a name: as an array where the element is a list.
fn put(at: u32, object: &mut Object, element: &Element, member: Name, mut values: Vec<Value>) -> Result<()> {
    if values.iter().all(|value| *value == Value::Null) {
        return Ok(());
    }
    match (element.is_list(), values.len()) {
        (true, _) => object.set(member, Value::Array(values)),
        (false, 1) => object.set(member, values.remove(0)),
        (false, _) => return Err(Error::execution(at, format!("{} takes one value", element.name))),
    }
    Ok(())
}

/// The JSON of an item as a value of a type: `Null` for a primitive that has only extensions.
fn value(at: u32, id: TypeId, name: &str, item: &Item<'_>) -> Result<Value> {
    let definition = types::get(id);
    match (definition.primitive, item) {
        (Some(_), item) if item.is_absent() => Ok(Value::Null),
        (Some(_), item) => primitive(at, id, item),
        (None, Item::System(System::Quantity(made))) if types::is_a(id, types::quantity()) => Ok(quantity(made)),
        (None, Item::Node(node)) if node.type_id().is_some_and(|id| types::is_a(id, definition.id)) => {
            Ok(node.value().cloned().unwrap_or(Value::Null))
        }
        _ => Err(Error::execution(at, format!("{name} must be a {}", definition.name))),
    }
}

/// A quantity as FHIR writes it.
fn quantity(quantity: &Quantity) -> Value {
    let code = quantity.ucum();
    let number = Value::Number(quantity.value.to_string().into());
    fhir::object! { "value": number, "unit": code, "system": UCUM, "code": code }
}

/// The type and value of a choice, by the type of an item: its own for one of FHIR's, the nearest for a System value.
fn any<'d>(at: u32, element: &'d Element, item: &Item<'_>) -> Result<(&'d ElementType, Value)> {
    let refused = || Error::execution(at, format!("a {} cannot be the value of {}", item.type_name(), element.name));
    let named = |name: &str| element.types.iter().find(|kind| types::get(kind.id).name == name);
    if let Some(id) = item.node().and_then(Node::type_id) {
        let kind = element.types.iter().find(|kind| kind.id == id);
        let kind = kind.or_else(|| element.types.iter().find(|kind| types::is_a(id, kind.id))).ok_or_else(refused)?;
        return Ok((kind, value(at, kind.id, element.name, item)?));
    }
    let names: &[&str] = match item.system() {
        Some(System::Boolean(_)) => &["boolean"],
        Some(System::Integer(_)) => &["integer", "decimal", "positiveInt", "unsignedInt"],
        Some(System::Decimal(_)) => &["decimal"],
        Some(System::String(_)) => &["string", "code", "uri", "markdown", "id"],
        Some(System::Date(_)) => &["date", "dateTime"],
        Some(System::DateTime(_)) => &["dateTime", "instant"],
        Some(System::Time(_)) => &["time"],
        Some(System::Quantity(_)) => &["Quantity", "SimpleQuantity"],
        _ => &[],
    };
    let kind = names.iter().find_map(|name| named(name)).ok_or_else(refused)?;
    Ok((kind, value(at, kind.id, element.name, item)?))
}

/// An extension of that address and value.
pub(super) fn extension(at: u32, url: &[Item<'_>], value: &[Item<'_>]) -> Result<Value> {
    let Some(url) = text_of(at, "the address of the extension", url)? else {
        return Err(Error::execution(at, "an extension needs an address"));
    };
    let mut extension = Object::from_iter([("url", Value::from(&*url))]);
    if let Some(id) = types::named("Extension") {
        set(at, &mut extension, id, "value", value)?;
    }
    Ok(extension.into())
}

/// Adds a value at the end of a list.
pub(super) fn append(object: &mut Object, name: &'static str, value: Value) -> Result<()> {
    match object.get_mut(name) {
        Some(Value::Array(values)) => values.push(value),
        _ => object.set(name, Value::Array(vec![value])),
    }
    Ok(())
}
