//! Variables: those that an operation defines, and the values that come with the request.

use std::collections::BTreeMap;

use fhir::definitions::{ResourceType, definitions};
use fhir::{Object, Value};

use super::{Checker, did_you_mean};
use crate::codes;
use crate::error::Error;
use crate::execute::plain;
use crate::schema::scalar_name;
use crate::syntax::{Operation, Position, TypeReference, VariableDefinition};

/// The values of the variables by their names. One that has none is not in it.
pub(crate) type Variables = BTreeMap<String, Value>;

impl<'d> Checker<'d> {
    /// Whether each is defined, and each that is defined is used and has a type that can go in.
    pub(super) fn variables(&mut self, operation: &'d Operation, only: bool) {
        let mut defined: BTreeMap<&str, Position> = BTreeMap::new();
        for variable in &operation.variables {
            if defined.insert(&variable.name, variable.at).is_some() {
                self.wrong(codes::BAD_VARIABLE, variable.at, format!("the variable ${} is defined twice", variable.name));
            }
            let name = innermost(&variable.kind);
            if !is_input_type(name) {
                let message = format!("`{name}` is no type of a variable here{}", did_you_mean(name, input_types()));
                self.wrong(codes::BAD_TYPE, variable.at, message);
            }
            if only && !self.used_variables.contains_key(variable.name.as_str()) {
                self.wrong(codes::BAD_VARIABLE, variable.at, format!("the variable ${} is not used: take it out", variable.name));
            }
        }
        // Of several operations another may define what a fragment uses.
        for (name, at) in std::mem::take(&mut self.used_variables).into_iter().filter(|_| only) {
            if !defined.contains_key(name) {
                let near = did_you_mean(name, defined.keys().copied());
                self.wrong(codes::BAD_VARIABLE, at, format!("the variable ${name} is not defined by the operation{near}"));
            }
        }
    }
}

/// The values of the variables: as given, or their defaults.
///
/// # Errors
/// WARD-0928 for each that must have a value and has none, and for each whose value does not fit its type.
pub(crate) fn coerce(operation: &Operation, given: &Object) -> Result<Variables, Vec<Error>> {
    let mut variables = Variables::new();
    let mut errors = Vec::new();
    for variable in &operation.variables {
        let value = given.get(&variable.name).cloned().or_else(|| plain(variable.default.as_ref()?, &Variables::new()));
        match checked(variable, value) {
            Ok(Some(value)) => {
                variables.insert(variable.name.clone(), value);
            }
            Ok(None) => {}
            Err(rule) => errors.push(Error::new(codes::BAD_VARIABLE, fhir::IssueCode::Value, variable.at, rule)),
        }
    }
    if errors.is_empty() { Ok(variables) } else { Err(errors) }
}

fn checked(variable: &VariableDefinition, value: Option<Value>) -> Result<Option<Value>, String> {
    match value {
        None if matches!(variable.kind, TypeReference::NonNull(_)) => Err(format!("the variable ${} must have a value", variable.name)),
        None => Ok(None),
        Some(value) if fits(&value, &variable.kind) => Ok(Some(value)),
        Some(_) => Err(format!("the variable ${} has a value that is no {}", variable.name, written(&variable.kind))),
    }
}

fn fits(value: &Value, kind: &TypeReference) -> bool {
    match (kind, value) {
        (TypeReference::NonNull(inner), value) => *value != Value::Null && fits(value, inner),
        (_, Value::Null) => true,
        (TypeReference::List(inner), Value::Array(items)) => items.iter().all(|item| fits(item, inner)),
        // A single value stands for a list of one.
        (TypeReference::List(inner), single) => fits(single, inner),
        (TypeReference::Named(name), value) => fits_name(value, name),
    }
}

fn fits_name(value: &Value, name: &str) -> bool {
    let is_integer = |text: &str| text.parse::<i64>().is_ok();
    match (name, value) {
        (_, Value::Array(_) | Value::Object(_) | Value::Null) => false,
        ("Boolean" | "boolean", value) => value.as_bool().is_some(),
        ("Int" | "integer" | "positiveInt" | "unsignedInt", value) => value.as_number().is_some_and(is_integer),
        ("Float" | "decimal", value) => value.as_number().is_some(),
        ("ID" | "id", value) => value.as_str().is_some() || value.as_number().is_some_and(is_integer),
        ("ResourceType", value) => value.as_str().and_then(ResourceType::parse).is_some(),
        ("SearchValue", _) => true,
        (_, value) => value.as_str().is_some(),
    }
}

fn innermost(kind: &TypeReference) -> &str {
    match kind {
        TypeReference::Named(name) => name,
        TypeReference::List(inner) | TypeReference::NonNull(inner) => innermost(inner),
    }
}

fn written(kind: &TypeReference) -> String {
    match kind {
        TypeReference::Named(name) => name.clone(),
        TypeReference::List(inner) => format!("[{}]", written(inner)),
        TypeReference::NonNull(inner) => format!("{}!", written(inner)),
    }
}

fn is_input_type(name: &str) -> bool {
    input_types().any(|known| known == name)
}

/// GraphQL's scalars, FHIR's primitives by both their names, and the types that arguments have besides.
fn input_types() -> impl Iterator<Item = &'static str> {
    let primitives = definitions().types().iter().filter(|of| of.primitive.is_some());
    primitives.flat_map(|of| [of.name, scalar_name(of)]).chain(["Float", "ResourceType", "SearchValue"])
}
