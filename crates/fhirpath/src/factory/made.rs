//! The JSON of what `%factory` makes, checked against the definitions.

use fhir::definitions::{PrimitiveType, TypeId};
use fhir::value::Object;
use fhir::{Name, Value};

use crate::error::{Error, Result};
use crate::evaluate::{single, text_of};
use crate::item::{Item, System};
use crate::node::Node;
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

/// Sets an element of a complex value.
pub(super) fn set(at: u32, object: &mut Object, id: TypeId, name: &str, items: &[Item<'_>]) -> Result<()> {
    let definition = types::get(id);
    let Some(element) = definition.element(name) else {
        return Err(Error::semantic(at, format!("a {} has no element {name}", definition.name)));
    };
    if element.is_choice {
        if let Some(item) = single(at, name, items)? {
            let (member, value) = any(at, item)?;
            object.set(member, value);
        }
        return Ok(());
    }
    let Some(kind) = element.types.first() else { return Ok(()) };
    let value = |item: &Item<'_>| match types::get(kind.id).primitive {
        Some(_) => primitive(at, kind.id, item),
        None => match item.node() {
            Some(node) if node.type_id().is_some_and(|id| types::is_a(id, kind.id)) => Ok(node.value().cloned().unwrap_or(Value::Null)),
            _ => Err(Error::execution(at, format!("{name} must be a {}", types::get(kind.id).name))),
        },
    };
    let mut values = items.iter().map(value).collect::<Result<Vec<_>>>()?;
    match (element.is_list(), values.len()) {
        (_, 0) => {}
        (true, _) => object.set(Name::from(kind.member), Value::Array(values)),
        (false, 1) => object.set(Name::from(kind.member), values.remove(0)),
        (false, _) => return Err(Error::execution(at, format!("{name} takes one value"))),
    }
    Ok(())
}

/// The member and value of a choice, by the type of an item.
fn any(at: u32, item: &Item<'_>) -> Result<(Name, Value)> {
    if let (Some(definition), Some(value)) = (item.node().and_then(Node::definition), item.value()) {
        return Ok((choice(definition.name), value.clone()));
    }
    let name = match item.system() {
        Some(System::Boolean(_)) => "boolean",
        Some(System::Integer(_)) => "integer",
        Some(System::Decimal(_)) => "decimal",
        Some(System::String(_)) => "string",
        Some(System::Date(_)) => "date",
        Some(System::DateTime(_)) => "dateTime",
        Some(System::Time(_)) => "time",
        _ => return Err(Error::execution(at, format!("a {} cannot be the value of an element", item.type_name()))),
    };
    let id = types::named(name).ok_or_else(|| Error::semantic(at, format!("there is no type {name}")))?;
    Ok((choice(name), primitive(at, id, item)?))
}

/// An extension of that address and value.
pub(super) fn extension(at: u32, url: &[Item<'_>], value: &[Item<'_>]) -> Result<Value> {
    let Some(url) = text_of(at, "the address of the extension", url)? else {
        return Err(Error::execution(at, "an extension needs an address"));
    };
    let mut extension = Object::from_iter([("url", Value::from(&*url))]);
    if let Some(item) = single(at, "the value of the extension", value)? {
        let (member, value) = any(at, item)?;
        extension.set(member, value);
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
