//! The items that an expression gives, as parts of Parameters: each named by its type.

use ::fhirpath::{Item, Node, Places, System, Unit};
use fhir::definitions::{TypeKind, definitions};
use fhir::{Object, Value, object};

use super::lab_extension;
use crate::Error;
use crate::operation::arguments::member_of;
use crate::operation::limits::{MAX_ANSWER_BYTES, MAX_ANSWER_ROWS};

/// The parts made so far for one answer.
pub(super) struct Parts<'a> {
    count: usize,
    bytes: usize,
    places: Places<'a>,
}

impl<'a> Parts<'a> {
    /// None so far, of a resource whose nodes have these places.
    pub(super) fn of(places: Places<'a>) -> Self {
        Self { count: 0, bytes: 0, places }
    }

    /// The part of an item. [`Error::OperationTooLarge`] when the answer has too many, or becomes too long.
    pub(super) fn part(&mut self, item: &Item<'a>) -> Result<Value, Error> {
        self.count += 1;
        self.bytes += item.value().map_or(0, |value| fhir::json::to_string(value).len());
        if self.count > MAX_ANSWER_ROWS || self.bytes > MAX_ANSWER_BYTES {
            let most = format!("the expression gives more than {MAX_ANSWER_ROWS} items or {MAX_ANSWER_BYTES} bytes: select fewer");
            return Err(Error::OperationTooLarge(most));
        }
        Ok(part(item, self.places.path(item)))
    }
}

/// The part of an item, and where it stands in the resource.
pub(super) fn part(item: &Item<'_>, path: Option<String>) -> Value {
    match item {
        Item::Node(node) => of_node(node, path),
        Item::System(value) => of_system(value),
    }
}

fn of_node(node: &Node<'_>, path: Option<String>) -> Value {
    let name = node.type_name();
    let value = node.value().cloned();
    let mut extensions: Vec<Value> = path.map(|path| lab_extension("resource-path", path)).into_iter().collect();
    let is_resource = node.definition().is_some_and(|definition| definition.kind == TypeKind::Resource);
    let member = member_of(name);
    let fits = definitions().type_by_name("Parameters.parameter").is_some_and(|parameter| parameter.member(&member).is_some());
    if !is_resource && !fits {
        extensions.push(lab_extension("json-value", fhir::json::to_string(value.as_ref().unwrap_or(&Value::Null))));
    }
    let mut part = Object::new();
    if !extensions.is_empty() {
        part.push("extension", extensions);
    }
    part.push("name", name);
    match (is_resource, fits) {
        (true, _) => part.push("resource", value.unwrap_or(Value::Null)),
        (false, false) => {}
        (false, true) => {
            if let Some(sibling) = node.sibling() {
                part.push(format!("_{member}"), sibling.clone());
            }
            if let Some(value) = value {
                part.push(member, value);
            }
        }
    }
    part.into()
}

fn of_system(value: &System<'_>) -> Value {
    let text = value.text().into_owned();
    match value {
        System::Boolean(truth) => object! { "name": "boolean", "valueBoolean": *truth },
        System::String(_) if text.is_empty() => object! { "name": "empty-string" },
        System::String(_) | System::Type(_) => object! { "name": "string", "valueString": text },
        System::Integer(_) => object! { "name": "integer", "valueInteger": Value::Number(text.into()) },
        System::Long(_) | System::Decimal(_) => object! { "name": "decimal", "valueDecimal": Value::Number(text.into()) },
        System::Date(_) => object! { "name": "date", "valueDate": text },
        System::DateTime(_) => object! { "name": "dateTime", "valueDateTime": text },
        System::Time(_) => object! { "name": "time", "valueTime": text },
        System::Quantity(quantity) => {
            let unit = text.split_once(' ').map_or("", |(_, unit)| unit.trim_matches('\''));
            let mut value = Object::from_iter([("value", Value::Number(quantity.value.to_string().into())), ("unit", unit.into())]);
            if !matches!(quantity.unit, Unit::Calendar(_)) {
                value.push("system", "http://unitsofmeasure.org");
                value.push("code", unit);
            }
            object! { "name": "Quantity", "valueQuantity": value }
        }
    }
}
