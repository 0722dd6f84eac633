//! The server's operations as OperationDefinition resources.

use fhir::{Object, Value, array, object};

use crate::operation::{Operation, Parameter, Types, Use};

/// The canonical address of the definition of `$graphql`, which has an address of its own and is in no table of operations.
pub(crate) const GRAPHQL: &str = "http://hl7.org/fhir/OperationDefinition/Resource-graphql";

/// Its logical id.
pub(super) const GRAPHQL_ID: &str = "Resource-graphql";

/// The definition of `$graphql`.
pub(super) fn graphql() -> Value {
    let query = object! {
        "name": "query", "use": "in", "min": 1_u64, "max": "1", "type": "string",
        "documentation": "The query in GraphQL's language; a POST may give it in its body."
    };
    let result = object! {
        "name": "result", "use": "out", "min": 1_u64, "max": "1", "type": "Binary",
        "documentation": "What GraphQL answers, as JSON: data and errors."
    };
    object! {
        "resourceType": "OperationDefinition",
        "id": GRAPHQL_ID,
        "url": GRAPHQL,
        "name": "GraphQL",
        "status": "active",
        "kind": "operation",
        "publisher": "HL7",
        "description": "Answers a GraphQL query on all resources, on those of a type, or on one.",
        "affectsState": false,
        "code": "graphql",
        "resource": array!["Resource"],
        "system": true,
        "type": true,
        "instance": true,
        "parameter": array![query, result]
    }
}

/// The definition of an operation.
pub(super) fn resource(operation: &Operation) -> Value {
    let types = match operation.types {
        Types::All => array!["Resource"],
        Types::Only(names) => Value::Array(names.iter().copied().map(Value::from).collect()),
    };
    let mut resource = Object::from_iter([
        ("resourceType", Value::from("OperationDefinition")),
        ("id", operation.id.into()),
        ("url", operation.url().into()),
        ("name", operation.name.into()),
        ("status", "active".into()),
        ("kind", "operation".into()),
        ("publisher", if operation.is_standard { "HL7" } else { "Ward" }.into()),
        ("description", description(operation).into()),
        ("affectsState", operation.affects_state.into()),
        ("code", operation.code.into()),
        ("resource", types),
        ("system", operation.system.into()),
        ("type", operation.on_type.into()),
        ("instance", operation.on_instance.into()),
    ]);
    if !operation.parameters.is_empty() {
        resource.push("parameter", operation.parameters.iter().map(parameter).collect::<Vec<_>>());
    }
    resource.into()
}

fn description(operation: &Operation) -> String {
    let more = if operation.takes_criteria { " It also takes the search parameters of the type." } else { "" };
    format!("{}{more}", operation.doc)
}

fn parameter(parameter: &Parameter) -> Value {
    let direction = if parameter.direction == Use::In { "in" } else { "out" };
    let max = parameter.max.map_or_else(|| "*".to_owned(), |max| max.to_string());
    let mut value = Object::from_iter([
        ("name", Value::from(parameter.name)),
        ("use", direction.into()),
        ("min", u64::from(parameter.min).into()),
        ("max", max.into()),
        ("documentation", parameter.doc.into()),
    ]);
    match parameter.kind {
        Some(kind) => value.push("type", kind),
        // Its parts have the names that their content gives them.
        None => {
            let part = object! { "name": "part", "use": direction, "min": 0_u64, "max": "*", "type": "Any" };
            value.push("part", array![part]);
        }
    }
    value.into()
}
