//! The values of arguments.

use fhir::{IssueCode, Object, Value};

use super::Plan;
use crate::codes;
use crate::error::Error;
use crate::syntax::{Argument, Field, Input};
use crate::validate::Variables;

/// A value with its variables put in; `None` for a variable without a value.
pub(crate) fn plain(input: &Input, variables: &Variables) -> Option<Value> {
    Some(match input {
        Input::Variable(name) => variables.get(name)?.clone(),
        Input::Number(text) => Value::Number(text.as_str().into()),
        Input::String(text) | Input::Enum(text) => Value::from(text.as_str()),
        Input::Boolean(truth) => Value::Bool(*truth),
        Input::Null => Value::Null,
        Input::List(items) => Value::Array(items.iter().map(|item| plain(item, variables).unwrap_or(Value::Null)).collect()),
        Input::Object(members) => {
            let values = members.iter().filter_map(|(name, value)| Some((name.clone(), plain(value, variables)?)));
            Value::Object(Object::from_iter(values))
        }
    })
}

impl Plan<'_> {
    /// The value of an argument, unless it is absent or null.
    pub(super) fn argument<'f>(&self, field: &'f Field, name: &str) -> Option<(&'f Argument, Value)> {
        let argument = field.arguments.iter().find(|argument| argument.name == name)?;
        let value = plain(&argument.value, &self.variables).filter(|value| *value != Value::Null)?;
        Some((argument, value))
    }

    /// The same where it is one text, number or truth value, as text.
    pub(super) fn text(&self, field: &Field, name: &str) -> Result<Option<String>, Error> {
        let Some((argument, value)) = self.argument(field, name) else { return Ok(None) };
        match texts(&value).as_deref() {
            Some([single]) => Ok(Some(single.clone())),
            _ => Err(unfit(argument, "one plain value")),
        }
    }

    /// The same where it is a number, not below zero.
    pub(super) fn number(&self, field: &Field, name: &str) -> Result<Option<usize>, Error> {
        let Some((argument, value)) = self.argument(field, name) else { return Ok(None) };
        let number = value.as_number().or(value.as_str()).and_then(|text| text.parse::<u32>().ok());
        number.map(|number| Some(number as usize)).ok_or_else(|| unfit(argument, "a whole number, 0 or more"))
    }

    /// The same where it is a truth value.
    pub(super) fn truth(&self, field: &Field, name: &str) -> Result<Option<bool>, Error> {
        let Some((argument, value)) = self.argument(field, name) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| unfit(argument, "true or false"))
    }
}

/// The plain values in a value, as text; `None` when there is anything else in it.
pub(super) fn texts(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) | Value::Number(text) => Some(text.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    value.each().map(text).collect()
}

/// An argument whose value does not fit.
pub(super) fn unfit(argument: &Argument, wanted: &str) -> Error {
    Error::new(codes::BAD_ARGUMENT, IssueCode::Value, argument.at, format!("the argument `{}` is {wanted}", argument.name))
}
