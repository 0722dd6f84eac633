//! The items that an expression gives, as parts of Parameters: each named by its type.

use ::fhirpath::{Item, Node, System, Unit};
use fhir::definitions::{TypeKind, definitions};
use fhir::{Object, Value, object};

use super::json_extension;
use crate::Error;
use crate::operation::arguments::member_of;
use crate::operation::limits::{MAX_ANSWER_BYTES, MAX_ANSWER_ROWS};

/// The parts made so far for one answer.
#[derive(Default)]
pub(super) struct Parts {
    count: usize,
    bytes: usize,
}

impl Parts {
    /// The part of an item. [`Error::OperationTooLarge`] when the answer has too many, or becomes too long.
    pub(super) fn part(&mut self, item: &Item<'_>) -> Result<Value, Error> {
        self.count += 1;
        self.bytes += item.value().map_or(0, |value| fhir::json::to_string(value).len());
        if self.count > MAX_ANSWER_ROWS || self.bytes > MAX_ANSWER_BYTES {
            let most = format!("the expression gives more than {MAX_ANSWER_ROWS} items or {MAX_ANSWER_BYTES} bytes: select fewer");
            return Err(Error::OperationTooLarge(most));
        }
        Ok(part(item))
    }
}

/// The part of an item.
pub(super) fn part(item: &Item<'_>) -> Value {
    match item {
        Item::Node(node) => of_node(node),
        Item::System(value) => of_system(value),
    }
}

fn of_node(node: &Node<'_>) -> Value {
    let name = node.type_name();
    let value = node.value().cloned();
    if node.definition().is_some_and(|definition| definition.kind == TypeKind::Resource) {
        return object! { "name": name, "resource": value.unwrap_or(Value::Null) };
    }
    let member = member_of(name);
    let fits = definitions().type_by_name("Parameters.parameter").is_some_and(|parameter| parameter.member(&member).is_some());
    let mut part = Object::from_iter([("name", Value::from(name))]);
    if !fits {
        part.push("extension", json_extension(&value.unwrap_or(Value::Null)));
        return part.into();
    }
    if let Some(sibling) = node.sibling() {
        part.push(format!("_{member}"), sibling.clone());
    }
    if let Some(value) = value {
        part.push(member, value);
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
