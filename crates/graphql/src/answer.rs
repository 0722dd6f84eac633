//! What is answered.

use fhir::{Object, Value, json};

use crate::error::Error;
use crate::request::Dialect;

/// The answer to a query: data, errors, or in GraphQL's dialect both.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What was selected; `None` when there is none.
    pub data: Option<Value>,
    /// What went wrong.
    pub errors: Vec<Error>,
}

impl Answer {
    /// An answer that only says what is wrong.
    pub fn refused(errors: Vec<Error>) -> Self {
        Self { data: None, errors }
    }

    /// In FHIR's dialect an error stands in place of the data.
    pub(crate) fn new(data: Value, errors: Vec<Error>, dialect: Dialect) -> Self {
        let data = (errors.is_empty() || dialect == Dialect::GraphQl).then_some(data);
        Self { data, errors }
    }

    /// The JSON text: `data` and, when there are any, `errors`.
    pub fn to_json(&self) -> String {
        let mut out = String::from("{");
        if !self.errors.is_empty() {
            let errors: Vec<Value> = self.errors.iter().map(Error::to_value).collect();
            out.push_str("\"errors\":");
            json::write(&Value::Array(errors), &mut out);
            out.push(',');
        }
        out.push_str("\"data\":");
        json::write(self.data.as_ref().unwrap_or(&Value::Null), &mut out);
        out.push('}');
        out
    }

    /// The whole as one JSON value.
    pub fn to_value(&self) -> Value {
        let mut whole = Object::new();
        if !self.errors.is_empty() {
            whole.push("errors", self.errors.iter().map(Error::to_value).collect::<Vec<_>>());
        }
        whole.push("data", self.data.clone().unwrap_or(Value::Null));
        whole.into()
    }
}
