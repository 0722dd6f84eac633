//! The operations of the FHIR endpoint: a route of `interaction::table`, for each type where it is about one.

use fhir::definitions::ResourceType;
use fhir::{Object, Value, array, object};
use interaction::Server;
use interaction::operation::{self, Operation, Parameter, Types};
use interaction::table::{Body, Interaction, Level, Row, routes};

use super::responses::{Responses, content_of};
use super::{component, parameters};

/// The tag of operations that are about no type.
pub(super) const SYSTEM: &str = "system";

/// The media types of resources.
pub(super) const JSON: &str = "application/fhir+json";
pub(super) const XML: &str = "application/fhir+xml";

/// All paths with their operations.
pub(super) fn paths(server: &Server, types: &[ResourceType], responses: &mut Responses) -> Value {
    let mut paths: Vec<(String, Object)> = Vec::new();
    for row in routes() {
        for kind in kinds(row, types) {
            let path = kind.map_or_else(|| row.path.to_owned(), |kind| row.path.replace("{type}", kind.name()));
            let path = if path.is_empty() { "/".to_owned() } else { path };
            let operation = operation(server, row, kind, responses);
            let method = row.method.to_ascii_lowercase();
            match paths.iter_mut().find(|(known, _)| *known == path) {
                Some((_, item)) => item.push(method, operation),
                None => paths.push((path, Object::from_iter([(method, operation)]))),
            }
        }
    }
    paths.into_iter().map(|(path, item)| (path, Value::Object(item))).collect::<Object>().into()
}

/// The types for which a route is told of by itself. A compartment, or an operation that every type has, is told of once, with the type as a parameter:
/// otherwise most of the document would be copies of it.
fn kinds(row: &Row, types: &[ResourceType]) -> Vec<Option<ResourceType>> {
    let for_all = match row.interaction {
        Interaction::Operation => definitions(row).any(|operation| matches!(operation.types, Types::All)),
        Interaction::GraphQl | Interaction::GraphQlPost => true,
        _ => row.level == Level::System,
    };
    if for_all {
        return vec![None];
    }
    let is_there = |kind: &&ResourceType| match row.interaction {
        Interaction::Operation => defined(row, Some(**kind)).is_some(),
        Interaction::SearchCompartment | Interaction::SearchCompartmentPost => {
            fhir::definitions::definitions().compartments().iter().any(|compartment| compartment.compartment == **kind)
        }
        _ => true,
    };
    types.iter().filter(is_there).map(|kind| Some(*kind)).collect()
}

/// The definitions of the operations that share the route.
fn definitions(row: &Row) -> impl Iterator<Item = &'static Operation> {
    let is_here = |operation: &&'static Operation| match row.level {
        Level::System => operation.system,
        Level::Type => operation.on_type,
        Level::Instance => operation.on_instance,
    };
    operation::TABLE.iter().copied().filter(|operation| operation.code == row.name).filter(is_here)
}

/// The definition for a type.
fn defined(row: &Row, kind: Option<ResourceType>) -> Option<&'static Operation> {
    definitions(row).find(|operation| kind.is_none_or(|kind| operation.is_for(kind)))
}

fn operation(server: &Server, row: &Row, kind: Option<ResourceType>, responses: &mut Responses) -> Value {
    let tag = kind.map_or(SYSTEM, ResourceType::name);
    let defined = defined(row, kind).filter(|_| row.interaction == Interaction::Operation);
    let mut operation = Object::from_iter([
        ("operationId", Value::from(operation_id(row, kind))),
        ("tags", array![tag]),
        ("summary", defined.map_or(row.doc, |defined| defined.doc).into()),
    ]);
    if row.interaction.takes_criteria() {
        let criteria =
            format!("It takes the search parameters of `GET /{tag}`, too: in the form where there is one, otherwise in the address.");
        operation.push("description", criteria);
    }
    let mut inputs = parameters::of(server, row, kind);
    let body = match defined {
        Some(defined) if row.method == "GET" => {
            inputs.extend(defined.inputs().filter(|input| input.is_primitive()).map(argument));
            None
        }
        Some(defined) => Some(arguments(defined)),
        None => row.interaction.body().map(|body| request_body(body, kind)),
    };
    if !inputs.is_empty() {
        operation.push("parameters", inputs);
    }
    if let Some(body) = body {
        operation.push("requestBody", body);
    }
    operation.push("responses", responses.of(row, kind));
    operation.into()
}

/// A parameter of an operation that is invoked by GET.
fn argument(input: &'static Parameter) -> Value {
    let schema = input.kind.map_or_else(|| object! { "type": "string" }, |kind| component("schemas", kind));
    let schema = if input.max == Some(1) {
        schema
    } else {
        object! { "type": "array", "items": schema }
    };
    object! { "name": input.name, "in": "query", "description": input.doc, "required": input.min > 0, "schema": schema }
}

/// The body of an operation that is invoked by POST: its parameters, which the description lists.
fn arguments(of: &'static Operation) -> Value {
    let lines = of.inputs().map(|input| format!("- `{}` ({}): {}", input.name, input.kind.unwrap_or("parts"), input.doc));
    let description = lines.collect::<Vec<_>>().join("\n");
    // An operation judges itself what it is given: `$validate` is there for what is wrong.
    let mut body = Object::from_iter([("content", resource_content(object! {}))]);
    if !description.is_empty() {
        body.push("description", format!("A Parameters resource with these parameters:\n{description}"));
    }
    body.into()
}

/// `read-Patient`. A name that stands for several routes also has its method and what it is about: `meta-get-type-Patient`.
fn operation_id(row: &Row, kind: Option<ResourceType>) -> String {
    let mut alike = routes().filter(|other| other.name == row.name);
    let mut id = row.name.to_owned();
    if alike.next().is_some_and(|first| first.path != row.path || first.method != row.method) {
        let place = match row.level {
            Level::System => "system",
            Level::Type => "type",
            Level::Instance if row.path.contains("{vid}") => "version",
            Level::Instance => "instance",
        };
        id = format!("{id}-{}-{place}", row.method.to_ascii_lowercase());
    }
    kind.map_or_else(|| id.clone(), |kind| format!("{id}-{}", kind.name()))
}

fn request_body(body: Body, kind: Option<ResourceType>) -> Value {
    let resource = |name: &str| object! { "required": true, "content": resource_content(component("schemas", name)) };
    match body {
        Body::Resource => {
            let schema = component("schemas", kind.map_or("Resource", ResourceType::name));
            object! { "required": true, "content": content_of(kind, schema) }
        }
        Body::One(name) => resource(name),
        Body::Patch => object! { "required": true, "content": patches() },
        Body::GraphQl => {
            let text = object! { "type": "string" };
            let names = object! { "query": text.clone(), "operationName": text.clone(), "variables": object! { "type": "object" } };
            let json = object! { "type": "object", "properties": names, "required": array!["query"] };
            let content = object! { "application/json": object! { "schema": json }, "application/graphql": object! { "schema": text } };
            object! { "required": true, "content": content }
        }
        Body::Form => {
            let schema = object! { "type": "object", "additionalProperties": object! { "type": "string" } };
            object! { "content": object! { "application/x-www-form-urlencoded": object! { "schema": schema } } }
        }
    }
}

/// A resource of this schema in both formats. The XML has the same content in another form, which JSON Schema cannot say.
pub(super) fn resource_content(schema: Value) -> Value {
    Object::from_iter([(JSON, object! { "schema": schema }), (XML, object! {})]).into()
}

/// A patch in each of its languages (<http://hl7.org/fhir/R4/http.html#patch>).
fn patches() -> Value {
    let change = object! {
        "type": "object",
        "required": array!["op", "path"],
        "properties": object! {
            "op": object! { "enum": array!["add", "remove", "replace", "move", "copy", "test"] },
            "path": object! { "type": "string" },
            "from": object! { "type": "string" },
            "value": object! {},
        },
    };
    let json_patch = object! { "type": "array", "items": change };
    object! {
        "application/json-patch+json": object! { "schema": json_patch },
        "application/xml-patch+xml": object! {},
        "application/merge-patch+json": object! { "schema": object! { "type": "object" } },
        "application/fhir+json": object! { "schema": component("schemas", "Parameters") },
        "application/fhir+xml": object! {},
    }
}
