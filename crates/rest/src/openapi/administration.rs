//! The paths of administration, from [`administration::TABLE`].

use administration::table::{PREFIX, Parameter, Row, TABLE};
use fhir::{Object, Value, array, object};

/// What may be answered besides what is done, whatever is asked.
const REFUSALS: [(u16, &str); 6] = [
    (400, "Something in it is not as it must be: all of that is listed, each with its place."),
    (401, "Nobody is known to ask."),
    (403, "No rule lets whoever asks do this, or they would hand out more than they may."),
    (404, "There is no such thing in the tenant."),
    (409, "It does not fit what is there: somebody else has the name, is the last administrator, or changes the same."),
    (412, "It is no longer at the version that If-Match names."),
];

/// All paths with their operations, in the order of the table.
pub(super) fn paths() -> Vec<(String, Value)> {
    let mut paths: Vec<(String, Object)> = Vec::new();
    for row in TABLE {
        let path = format!("{PREFIX}{}", row.path);
        let (method, operation) = (row.method.to_ascii_lowercase(), operation(row));
        match paths.iter_mut().find(|(known, _)| *known == path) {
            Some((_, item)) => item.push(method, operation),
            None => paths.push((path, Object::from_iter([(method, operation)]))),
        }
    }
    paths.into_iter().map(|(path, item)| (path, Value::Object(item))).collect()
}

fn operation(row: &Row) -> Value {
    let mut operation =
        Object::from_iter([("operationId", Value::from(row.name)), ("tags", array!["administration"]), ("summary", row.doc.into())]);
    operation.push(
        "description",
        match row.needs {
            Some(permission) => format!("It needs the permission `{}`.", permission.code()),
            None => "Everybody who is known may ask.".to_owned(),
        },
    );
    let parameters = parameters(row);
    if !parameters.is_empty() {
        operation.push("parameters", parameters);
    }
    if let Some(members) = row.body {
        let content = object! { "application/json": object! { "schema": schema(members) } };
        operation.push("requestBody", object! { "required": true, "content": content });
    }
    let conditional = |status: &u16| row.conditional || *status != 412;
    let refused = REFUSALS.iter().filter(|(status, _)| conditional(status)).map(|told| (told, super::operations::JSON));
    let done = row.answers.iter().map(|told| (told, "application/json"));
    let responses = done.chain(refused).map(|((status, doc), media_type)| {
        let mut response = Object::from_iter([("description", Value::from(*doc))]);
        if *status != 204 {
            response.push("content", Object::from_iter([(media_type, object! {})]));
        }
        (status.to_string(), Value::Object(response))
    });
    operation.push("responses", responses.collect::<Object>());
    operation.into()
}

/// What the braces of the path, the query and the headers hold.
fn parameters(row: &Row) -> Vec<Value> {
    let text = || object! { "type": "string" };
    let named = row.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = named.map(|name| object! { "name": name, "in": "path", "required": true, "schema": text() });
    let in_query = row.query.iter().map(|parameter| {
        let schema = object! { "type": parameter.kind };
        object! { "name": parameter.name, "in": "query", "description": parameter.doc, "required": parameter.required, "schema": schema }
    });
    let conditions = [("If-Match", "The version that it must have: `W/\"3\"`."), ("If-None-Match", "`*`: only what is not there yet.")];
    let kept = conditions.into_iter().filter(|(name, _)| row.conditional && (*name == "If-Match" || row.method == "PUT"));
    let in_head = kept.map(|(name, doc)| object! { "name": name, "in": "header", "description": doc, "schema": text() });
    in_path.chain(in_query).chain(in_head).collect()
}

fn schema(members: &[Parameter]) -> Value {
    // A document that is described elsewhere.
    if let [Parameter { name: "*", doc, .. }] = members {
        return object! { "type": "object", "description": *doc };
    }
    let member = |member: &Parameter| {
        let mut schema = Object::from_iter([("type", Value::from(member.kind)), ("description", member.doc.into())]);
        if member.kind == "array" {
            // Roles are objects, everything else is texts.
            let items = if member.name == "roles" { "object" } else { "string" };
            schema.push("items", object! { "type": items });
        }
        (member.name, Value::Object(schema))
    };
    let required: Vec<Value> = members.iter().filter(|member| member.required).map(|member| Value::from(member.name)).collect();
    let properties: Object = members.iter().map(member).collect();
    let mut schema = Object::from_iter([
        ("type", Value::from("object")),
        ("properties", Value::Object(properties)),
        ("additionalProperties", false.into()),
    ]);
    if !required.is_empty() {
        schema.push("required", required);
    }
    schema.into()
}
