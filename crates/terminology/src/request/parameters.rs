//! A Parameters resource, read by name (<http://hl7.org/fhir/R4/parameters.html>).

use fhir::Value;

use crate::error::TerminologyError;

/// The parameters of a request.
#[derive(Clone, Copy)]
pub struct Parameters<'a> {
    resource: &'a Value,
}

impl<'a> Parameters<'a> {
    /// The parameters of a resource.
    ///
    /// # Errors
    /// When it is no Parameters resource.
    pub fn new(resource: &'a Value) -> Result<Self, TerminologyError> {
        match resource.resource_type() {
            Some("Parameters") => Ok(Self { resource }),
            Some(other) => Err(TerminologyError::request(format!("Wrong type for resource. Expected Parameters but found {other}"))),
            None => Err(TerminologyError::request("Wrong type for resource. Expected Parameters but found none")),
        }
    }

    /// All parameters of a name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a Value> {
        self.resource.list("parameter").filter(move |parameter| parameter.text("name") == Some(name))
    }

    /// All parameters with their names.
    pub fn each(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.resource.list("parameter").filter_map(|parameter| Some((parameter.text("name")?, parameter)))
    }

    /// The value of a parameter, whatever its type; `None` when there is none of that name.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        value(self.all(name).next()?)
    }

    /// The resource of a parameter.
    pub fn resource(&self, name: &str) -> Option<&'a Value> {
        self.all(name).next()?.get("resource")
    }

    /// The text of a parameter.
    ///
    /// # Errors
    /// When its value is not text.
    pub fn text(&self, name: &str) -> Result<Option<String>, TerminologyError> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => match (value.as_str(), value.as_number()) {
                (Some(text), _) | (None, Some(text)) => Ok(Some(text.to_owned())),
                (None, None) => {
                    Err(TerminologyError::request(format!("The parameter '{name}' has to be text, and it is {}", value.kind())))
                }
            },
        }
    }

    /// The truth value of a parameter, which may be written as text.
    ///
    /// # Errors
    /// When it is neither true nor false.
    pub fn truth(&self, name: &str) -> Result<Option<bool>, TerminologyError> {
        self.value(name).map(|value| truth(name, value)).transpose()
    }
}

/// The value of one parameter.
pub(super) fn value(parameter: &Value) -> Option<&Value> {
    parameter.as_object()?.iter().find(|(name, _)| name.starts_with("value")).map(|(_, value)| value)
}

/// A truth value, which may be written as text.
pub(super) fn truth(name: &str, value: &Value) -> Result<bool, TerminologyError> {
    match (value.as_bool(), value.as_str()) {
        (Some(truth), _) => Ok(truth),
        (None, Some("true")) => Ok(true),
        (None, Some("false")) => Ok(false),
        _ => Err(TerminologyError::request(format!("The parameter '{name}' has to be true or false"))),
    }
}
