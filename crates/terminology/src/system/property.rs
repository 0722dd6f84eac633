//! Properties of concepts: `CodeSystem.concept.property`.

use std::borrow::Cow;

use fhir::{Object, Value};

/// The value of a property.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PropertyValue<'a> {
    /// A code, which may be that of another concept of the system.
    Code(&'a str),
    /// Text.
    Text(&'a str),
    /// An integer, as it is written.
    Integer(&'a str),
    /// Yes or no.
    Boolean(bool),
    /// A date, with or without a time.
    DateTime(&'a str),
    /// A decimal, as it is written.
    Decimal(&'a str),
    /// A `Coding`.
    Coding(&'a Value),
}

/// A property of a concept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Property<'a> {
    /// What it is called in the system.
    pub code: &'a str,
    /// What it is, formally.
    pub uri: Option<&'a str>,
    /// Its value.
    pub value: PropertyValue<'a>,
}

impl<'a> Property<'a> {
    /// The property that an element `property` of a concept is; `None` when it has no code or value.
    pub fn read(element: &'a Value, uri: Option<&'a str>) -> Option<Self> {
        let code = element.text("code")?;
        let value = element.as_object()?.iter().find_map(|(name, value)| {
            Some(match name.strip_prefix("value")? {
                "Code" => PropertyValue::Code(value.as_str()?),
                "String" => PropertyValue::Text(value.as_str()?),
                "Integer" => PropertyValue::Integer(value.as_number()?),
                "Boolean" => PropertyValue::Boolean(value.as_bool()?),
                "DateTime" => PropertyValue::DateTime(value.as_str()?),
                "Decimal" => PropertyValue::Decimal(value.as_number()?),
                "Coding" => PropertyValue::Coding(value),
                _ => return None,
            })
        })?;
        Some(Self { code, uri, value })
    }
}

impl<'a> PropertyValue<'a> {
    /// What a filter compares with: the code of a coding, the text of everything else.
    pub fn text(&self) -> Cow<'a, str> {
        match *self {
            PropertyValue::Code(text)
            | PropertyValue::Text(text)
            | PropertyValue::Integer(text)
            | PropertyValue::DateTime(text)
            | PropertyValue::Decimal(text) => Cow::Borrowed(text),
            PropertyValue::Boolean(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
            PropertyValue::Coding(coding) => Cow::Borrowed(coding.text("code").unwrap_or_default()),
        }
    }

    /// The name and the value of the element `value[x]`.
    pub fn element(&self) -> (&'static str, Value) {
        match *self {
            PropertyValue::Code(text) => ("valueCode", text.into()),
            PropertyValue::Text(text) => ("valueString", text.into()),
            PropertyValue::Integer(number) => ("valueInteger", Value::Number(number.into())),
            PropertyValue::Boolean(truth) => ("valueBoolean", truth.into()),
            PropertyValue::DateTime(text) => ("valueDateTime", text.into()),
            PropertyValue::Decimal(number) => ("valueDecimal", Value::Number(number.into())),
            PropertyValue::Coding(coding) => ("valueCoding", coding.clone()),
        }
    }

    /// Adds the element to an object.
    pub fn write(&self, object: &mut Object) {
        let (name, value) = self.element();
        object.push(name, value);
    }
}
