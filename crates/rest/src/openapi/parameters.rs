//! Parameters: of the path, of the query, of the head.

use std::sync::Arc;

use fhir::definitions::ResourceType;
use fhir::{Object, Value, array, object};
use interaction::Server;
use interaction::table::{Input, Row, SEARCH_VALUES, Values, routes};
use search::{Parameter, ParameterKind};

use super::component;

/// The parameters of an operation, as references to components.
pub(super) fn of(server: &Server, row: &Row, kind: Option<ResourceType>) -> Vec<Value> {
    let names = if kind.is_none() { &["type", "id", "vid", "member"][..] } else { &["id", "vid", "member"] };
    let in_path = names.iter().filter(|name| row.path.contains(&format!("{{{name}}}"))).map(|name| (*name).to_owned());
    let searched = kind
        .filter(|_| row.interaction.is_search())
        .into_iter()
        .flat_map(|kind| searchable(server, kind))
        .map(|parameter| search_key(&parameter));
    let in_query = row.interaction.parameters().iter().map(key);
    let in_head = row.interaction.headers().iter().map(key);
    in_path.chain(searched).chain(in_query).chain(in_head).map(|key| component("parameters", &key)).collect()
}

/// All parameters that [`of`] refers to.
pub(super) fn components(server: &Server, types: &[ResourceType]) -> Value {
    let kinds: Vec<Value> = types.iter().map(|kind| Value::from(kind.name())).collect();
    let kind = object! { "name": "type", "in": "path", "required": true, "description": "The type.", "schema": object! { "enum": kinds } };
    let mut components = Object::from_iter([
        ("type", kind),
        ("id", path_parameter("id", "The logical id.", "^[A-Za-z0-9.-]{1,64}$")),
        ("member", member()),
        ("vid", path_parameter("vid", "The number of the version.", "^[1-9][0-9]{0,17}$")),
    ]);
    for row in routes() {
        let queried = row.interaction.parameters().iter().map(|input| (input, "query"));
        for (input, place) in queried.chain(row.interaction.headers().iter().map(|input| (input, "header"))) {
            let value = object! { "name": input.name, "in": place, "description": input.doc, "schema": schema(input.values) };
            add(&mut components, key(input), value);
        }
    }
    for parameter in types.iter().flat_map(|kind| searchable(server, *kind)) {
        let list = object! { "type": "array", "items": component("schemas", &values_key(parameter.kind)) };
        add(&mut components, search_key(&parameter), object! { "name": &*parameter.code, "in": "query", "schema": list });
    }
    components.into()
}

fn add(components: &mut Object, key: String, value: Value) {
    if components.get(&key).is_none() {
        components.push(key, value);
    }
}

/// Which of the resources in a compartment are searched.
fn member() -> Value {
    let doc = "The type, or `*` for all types that the compartment has.";
    let schema = object! { "type": "string", "examples": array!["*", "Observation"] };
    object! { "name": "member", "in": "path", "required": true, "description": doc, "schema": schema }
}

fn path_parameter(name: &str, doc: &str, pattern: &str) -> Value {
    let examples = if name == "id" { array!["example"] } else { array!["1"] };
    let schema = object! { "type": "string", "pattern": pattern, "examples": examples };
    object! { "name": name, "in": "path", "required": true, "description": doc, "schema": schema }
}

/// The parameters that a type can be searched by.
fn searchable(server: &Server, kind: ResourceType) -> impl Iterator<Item = Arc<Parameter>> + use<> {
    let found: Vec<Arc<Parameter>> = server.registry().searchable(kind).cloned().collect();
    found.into_iter()
}

/// The name of a search parameter's component: the id that HL7 gave its definition, or its whole address in the letters that OpenAPI allows.
fn search_key(parameter: &Parameter) -> String {
    let id = parameter.url.strip_prefix("http://hl7.org/fhir/SearchParameter/").unwrap_or(&parameter.url);
    id.chars().map(|letter| if letter.is_ascii_alphanumeric() || "-_".contains(letter) { letter } else { '.' }).collect()
}

/// The name of an input's component. Two that have a name in common differ in what they are for.
fn key(input: &Input) -> String {
    let known = routes().flat_map(|row| row.interaction.parameters().iter().chain(row.interaction.headers()));
    let mut docs: Vec<&str> = Vec::new();
    for other in known.filter(|other| other.name == input.name) {
        if !docs.contains(&other.doc) {
            docs.push(other.doc);
        }
    }
    match docs.iter().position(|doc| *doc == input.doc) {
        None | Some(0) => input.name.to_owned(),
        Some(place) => format!("{}-{}", input.name, place + 1),
    }
}

fn schema(values: Values) -> Value {
    match values {
        Values::Text => object! { "type": "string" },
        Values::Several => object! { "type": "array", "items": object! { "type": "string" } },
        Values::Count => object! { "type": "integer", "minimum": 0u64, "maximum": u64::from(u32::MAX) },
        Values::Moment => object! { "type": "string", "examples": array!["2026-03-01", "2026-03-01T08:00:00Z"] },
        Values::OneOf(codes) => object! { "enum": codes.iter().map(|code| Value::from(*code)).collect::<Vec<_>>() },
    }
}

/// What values the kinds of search parameters take, as schemas.
pub(super) fn value_schemas() -> impl Iterator<Item = (String, Value)> {
    SEARCH_VALUES.iter().map(|values| {
        let examples: Vec<Value> = values.examples.iter().map(|(example, _)| Value::from(*example)).collect();
        (values_key(values.kind), object! { "type": "string", "description": values.doc, "examples": examples })
    })
}

fn values_key(kind: ParameterKind) -> String {
    format!("search.{}", kind.code())
}
