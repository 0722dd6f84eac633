//! One concept of a CodeSystem.

use serde_json::Value;

use super::super::json::{need, text};
use crate::{Coding, Failure, NewDesignation, Property, Rank, ValueType, Writer};

/// What has been read of it.
#[derive(Default)]
pub(super) struct Concept {
    pub(super) code: String,
    /// The codes of those that stand in it.
    pub(super) children: Vec<String>,
    display: String,
    definition: String,
    designations: Vec<Value>,
    properties: Vec<Value>,
}

/// The property that holds a concept's definition.
const DEFINITION: &str = "definition";

impl Concept {
    /// A member of its object.
    pub(super) fn take(&mut self, member: &str, value: Value) {
        match (member, value) {
            ("code", Value::String(text)) => self.code = text,
            ("display", Value::String(text)) => self.display = text,
            ("definition", Value::String(text)) => self.definition = text,
            ("designation", Value::Array(values)) => self.designations = values,
            ("property", Value::Array(values)) => self.properties = values,
            _ => {}
        }
    }

    /// Tells its facts.
    pub(super) fn tell(&self, writer: &mut Writer) -> Result<(), Failure> {
        if self.code.is_empty() {
            return Err(Failure::malformed("", 0, "each concept has a code"));
        }
        writer.concept(&self.code)?;
        writer.designation(&self.code, &NewDesignation::display(&self.display))?;
        for designation in &self.designations {
            let usage = designation.get("use").map(coding);
            let (language, text) = (text(designation, "language"), need(designation, "value")?);
            writer.designation(&self.code, &NewDesignation { language, usage: usage.as_ref(), rank: Rank::Other, text })?;
        }
        if !self.definition.is_empty() {
            let uri = "http://hl7.org/fhir/concept-properties#definition".into();
            let property = writer.declare(Property { code: DEFINITION.into(), uri, kind: ValueType::String })?;
            writer.value(&self.code, property, &self.definition)?;
        }
        for property in &self.properties {
            self.property(writer, property)?;
        }
        self.children.iter().try_for_each(|child| writer.parent(child, &self.code))
    }

    fn property(&self, writer: &mut Writer, property: &Value) -> Result<(), Failure> {
        let code = need(property, "code")?;
        let Some((kind, value)) = value_of(property) else {
            return Err(Failure::malformed(
                "",
                0,
                format!("the property {code} of the concept {} has a value of a type that FHIR has", self.code),
            ));
        };
        match (code, value.as_str()) {
            ("parent", parent) if kind == ValueType::Code => writer.parent(&self.code, parent)?,
            ("child", child) if kind == ValueType::Code => writer.parent(child, &self.code)?,
            ("inactive", "true") | ("status", "retired" | "inactive" | "deprecated") => writer.inactive(&self.code)?,
            ("notSelectable" | "abstract", "true") => writer.not_selectable(&self.code)?,
            _ => {}
        }
        let property = writer.declare(Property { code: code.into(), uri: "".into(), kind })?;
        writer.value(&self.code, property, &value)
    }
}

fn coding(value: &Value) -> Coding {
    Coding::new(text(value, "system"), text(value, "code"), text(value, "display"))
}

/// The type and the text of `value[x]`.
fn value_of(property: &Value) -> Option<(ValueType, String)> {
    let (name, value) = property.as_object()?.iter().find(|(name, _)| name.starts_with("value"))?;
    let (kind, value) = match (name.strip_prefix("value")?, value) {
        ("Code", Value::String(text)) => (ValueType::Code, text.clone()),
        ("String", Value::String(text)) => (ValueType::String, text.clone()),
        ("DateTime", Value::String(text)) => (ValueType::DateTime, text.clone()),
        ("Boolean", Value::Bool(truth)) => (ValueType::Boolean, truth.to_string()),
        ("Integer", Value::Number(number)) => (ValueType::Integer, number.to_string()),
        ("Decimal", Value::Number(number)) => (ValueType::Decimal, number.to_string()),
        ("Coding", value @ Value::Object(_)) => (ValueType::Coding, coding(value).to_text()),
        _ => return None,
    };
    Some((kind, value))
}
