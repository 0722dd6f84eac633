//! Terminology: one module for each operation, one for hostile input, and one for the published suite.

mod binding;
mod closure;
mod expand;
mod grammars;
mod hostile;
mod lookup;
mod membership;
mod suite;
mod supplied;
mod table;
mod translate;
mod validate;

use fhir::Value;
use fhir::library::{Library, Shelf};
use terminology::request::ExpandRequest;
use terminology::{Cache, NoTables, Terminology, TerminologyError};

/// The value of JSON text.
fn json(text: &str) -> Value {
    fhir::json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Animals: a hierarchy with two parents for one, an abstract, an inactive and a deprecated concept, names in two languages.
fn animals() -> Value {
    json(
        r#"{"resourceType": "CodeSystem", "url": "http://example.org/animals", "version": "2", "name": "Animals", "status": "active", "language": "en",
        "content": "complete", "caseSensitive": false, "valueSet": "http://example.org/animals/vs",
        "property": [{"code": "legs", "type": "integer", "uri": "http://example.org/legs"}, {"code": "parent", "type": "code"}, {"code": "notSelectable", "type": "boolean"}],
        "concept": [
            {"code": "animal", "display": "Animal", "property": [{"code": "notSelectable", "valueBoolean": true}], "concept": [
                {"code": "mammal", "display": "Mammal", "concept": [
                    {"code": "dog", "display": "Dog", "definition": "A friend", "designation": [{"language": "de", "value": "Hund"}], "property": [{"code": "legs", "valueInteger": 4}]},
                    {"code": "bat", "display": "Bat", "property": [{"code": "legs", "valueInteger": 2}, {"code": "parent", "valueCode": "flyer"}]}]},
                {"code": "flyer", "display": "Flying animal"},
                {"code": "dodo", "display": "Dodo", "property": [{"code": "inactive", "valueBoolean": true}, {"code": "legs", "valueInteger": 2}]},
                {"code": "fowl", "display": "Fowl", "property": [{"code": "status", "valueCode": "deprecated"}]}]}]}"#,
    )
}

/// A value set over the animals with these rules.
fn value_set(name: &str, compose: &str) -> Value {
    json(&format!(
        r#"{{"resourceType": "ValueSet", "url": "http://example.org/vs/{name}", "version": "1", "status": "active", "compose": {compose}}}"#
    ))
}

/// Value sets with one filter on the animals.
fn filtered(name: &str, property: &str, operator: &str, value: &str) -> Value {
    let filter = format!(r#"{{"property": "{property}", "op": "{operator}", "value": "{value}"}}"#);
    value_set(name, &format!(r#"{{"include": [{{"system": "http://example.org/animals", "filter": [{filter}]}}]}}"#))
}

/// Asks an engine that has these resources.
fn with<T>(resources: Vec<Value>, ask: impl FnOnce(&Terminology<'_>) -> T) -> T {
    let shelf = Shelf::new(resources);
    let cache = Cache::new();
    ask(&Terminology::new(&shelf as &dyn Library, &NoTables, &cache))
}

/// Parameters of names and texts; `true` and `false` are booleans.
fn parameters(pairs: &[(&str, &str)]) -> Value {
    let parameter = |(name, text): &(&str, &str)| match *text {
        "true" | "false" => fhir::object! { "name": *name, "valueBoolean": *text == "true" },
        text => fhir::object! { "name": *name, "valueString": text },
    };
    fhir::object! { "resourceType": "Parameters", "parameter": pairs.iter().map(parameter).collect::<Vec<_>>() }
}

/// Expands with these parameters.
fn expand(engine: &Terminology<'_>, pairs: &[(&str, &str)]) -> Result<Value, TerminologyError> {
    ExpandRequest::read(&parameters(pairs), "2026-01-01T00:00:00Z", "urn:uuid:1").and_then(|request| terminology::expand(engine, request))
}

/// The codes of an expansion, those that stand below others after them.
fn codes(value_set: &Value) -> Vec<String> {
    let mut codes = Vec::new();
    let mut waiting: Vec<&Value> = value_set.get("expansion").into_iter().flat_map(|expansion| expansion.list("contains")).collect();
    waiting.reverse();
    while let Some(entry) = waiting.pop() {
        codes.push(entry.text("code").unwrap_or_default().to_owned());
        let below: Vec<&Value> = entry.list("contains").collect();
        waiting.extend(below.into_iter().rev());
    }
    codes
}

/// The value of a parameter of an answer.
fn told<'a>(answer: &'a Value, name: &str) -> Option<&'a Value> {
    let parameter = answer.list("parameter").find(|parameter| parameter.text("name") == Some(name))?;
    parameter.as_object()?.iter().find(|(name, _)| name.starts_with("value") || &***name == "resource").map(|(_, value)| value)
}
