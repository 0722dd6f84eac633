//! The operations of the FHIR endpoint: a line of `interaction::table`, for each type where it is about one.

use fhir::definitions::ResourceType;
use fhir::{Object, Value, array, object};
use interaction::Server;
use interaction::table::{Body, Level, Row, TABLE};

use super::responses::Responses;
use super::{component, parameters};

/// The tag of operations that are about no type.
pub(super) const SYSTEM: &str = "system";

/// The media types of resources.
pub(super) const JSON: &str = "application/fhir+json";
pub(super) const XML: &str = "application/fhir+xml";

/// All paths with their operations.
pub(super) fn paths(server: &Server, types: &[ResourceType], responses: &mut Responses) -> Value {
    let mut paths: Vec<(String, Object)> = Vec::new();
    for row in TABLE {
        let kinds: Vec<Option<ResourceType>> =
            if row.level == Level::System { vec![None] } else { types.iter().copied().map(Some).collect() };
        for kind in kinds {
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

fn operation(server: &Server, row: &Row, kind: Option<ResourceType>, responses: &mut Responses) -> Value {
    let tag = kind.map_or(SYSTEM, ResourceType::name);
    let mut operation =
        Object::from_iter([("operationId", Value::from(operation_id(row, kind))), ("tags", array![tag]), ("summary", row.doc.into())]);
    let inputs = parameters::of(server, row, kind);
    if !inputs.is_empty() {
        operation.push("parameters", inputs);
    }
    if let Some(body) = row.interaction.body() {
        operation.push("requestBody", request_body(body, kind));
    }
    operation.push("responses", responses.of(row, kind));
    operation.into()
}

/// `read-Patient`; a name that stands twice in the table also has its method: `search-type-post-Patient`.
fn operation_id(row: &Row, kind: Option<ResourceType>) -> String {
    let first = TABLE.iter().find(|other| other.name == row.name);
    let mut id = row.name.to_owned();
    if first.is_some_and(|first| first.interaction != row.interaction) {
        id = format!("{id}-{}", row.method.to_ascii_lowercase());
    }
    match kind {
        Some(kind) => format!("{id}-{}", kind.name()),
        None => id,
    }
}

fn request_body(body: Body, kind: Option<ResourceType>) -> Value {
    let resource = |name: &str| object! { "required": true, "content": resource_content(component("schemas", name)) };
    match body {
        Body::Resource => resource(kind.map_or("Resource", ResourceType::name)),
        Body::One(name) => resource(name),
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
