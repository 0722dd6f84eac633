//! Index entries that another server derives from a resource: each is asked for as a search, which must find the resource.

use std::collections::BTreeMap;

use fhir::{Value, json};
use search::url::query_string;

use super::expectation::without_mark;
use super::verdict::server;

/// The resource is that of the same name, without `.indexes`.
pub(super) async fn verdict(name: &str, bytes: &[u8], files: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let of = name.replace(".indexes.json", ".json");
    let resource = files.get(&of).ok_or("there is no resource of this name")?;
    let resource = json::parse(without_mark(resource)).map_err(|error| error.to_string())?;
    let (Some(kind), Some(id)) = (resource.resource_type(), resource.text("id")) else { return Err("the resource has no id".to_owned()) };
    let server = server();
    let written = server.put(&format!("/fhir/{kind}/{id}"), &json::to_string(&resource)).await;
    if written.status != 201 {
        return Err(written.text());
    }
    let entries = json::parse(without_mark(bytes)).map_err(|error| error.to_string())?;
    let mut missed = Vec::new();
    for entry in entries.each() {
        let query = query(entry).ok_or_else(|| format!("an entry of another form: {}", json::to_string(entry)))?;
        let found = server.get(&format!("/fhir/{kind}?{}", query_string(&query))).await;
        if found.status != 200 || found.entries() != [format!("{kind}/{id}")] {
            missed.push(query_string(&query));
        }
    }
    if missed.is_empty() { Ok(()) } else { Err(format!("not found by {missed:?}")) }
}

/// The search that the entry answers.
fn query(entry: &Value) -> Option<Vec<(String, String)>> {
    let (code, value) = (entry.text("code")?, entry.get("value")?);
    let one = |name: String, value: String| Some(vec![(name, value)]);
    match entry.text("type")? {
        "Date" => {
            let (start, end) = (value.text("start")?, value.text("end")?);
            Some(vec![(code.to_owned(), format!("ge{}", milliseconds(start))), (code.to_owned(), format!("le{}", milliseconds(end)))])
        }
        "String" => one(format!("{code}:exact"), escaped(value.text("string")?)),
        "Composite" => {
            let components = value.list("components").map(|values| part(values.each().next()?));
            one(code.to_owned(), components.collect::<Option<Vec<_>>>()?.join("$"))
        }
        _ => one(code.to_owned(), part(value)?),
    }
}

/// A value as a search writes it.
fn part(value: &Value) -> Option<String> {
    if let (Some(kind), Some(id)) = (value.text("resourceType"), value.text("resourceId")) {
        return Some(format!("{kind}/{id}"));
    }
    if let Some(uri) = value.text("uri") {
        return Some(escaped(uri));
    }
    if let Some(low) = value.get("low").and_then(Value::as_number) {
        let (system, code) = (value.text("system").unwrap_or_default(), value.text("code").unwrap_or_default());
        return Some(if code.is_empty() { low.to_owned() } else { format!("{low}|{}|{}", escaped(system), escaped(code)) });
    }
    let code = escaped(value.text("code")?);
    Some(match value.text("system") {
        Some(system) => format!("{}|{code}", escaped(system)),
        None => code,
    })
}

/// A moment to the millisecond: the other server counts in smaller parts.
fn milliseconds(moment: &str) -> String {
    match moment.split_once('.') {
        Some((seconds, rest)) => {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            format!("{seconds}.{:.3}{}", digits, &rest[digits.len()..])
        }
        None => moment.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if matches!(letter, ',' | '|' | '$' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
