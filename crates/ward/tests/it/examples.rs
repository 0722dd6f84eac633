//! FHIR's own examples go in and come out equal, in JSON and in XML.

use fhir::Value;

use crate::process::Server;

/// Without it a Binary comes as its content.
const AS_JSON: &[(&str, &str)] = &[("Accept", "application/fhir+json")];

/// Examples that are refused, with the reason.
const KNOWN: &str = include_str!("known-examples.txt");

#[test]
fn every_example_comes_back_as_it_went_in() {
    let Some(examples) = published::examples() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &["--set", "references=allow"]);
    let mut problems = Vec::new();
    for (name, text) in &examples {
        let known = KNOWN.lines().any(|line| line.split(':').next() == Some(name));
        match (round_trip(&server, text), known) {
            (Err(problem), false) => problems.push(format!("{name}: {problem}")),
            (Ok(()), true) => problems.push(format!("{name} is listed as known to fail, and passes: take it off the list")),
            _ => {}
        }
    }
    println!("{} examples, in JSON and XML", examples.len());
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

fn round_trip(server: &Server, text: &[u8]) -> Result<(), String> {
    let sent = fhir::json::parse(text).map_err(|error| error.to_string())?;
    let kind = sent.resource_type().ok_or("no resourceType")?.to_owned();
    let id = sent.text("id").ok_or("no id")?.to_owned();
    let path = format!("/fhir/{kind}/{id}");
    put(server, &path, "application/fhir+json", text)?;
    let json = server.send("GET", &path, AS_JSON, b"");
    same(&sent, &json.json())?;

    let xml = server.send("GET", &path, &[("Accept", "application/fhir+xml")], b"");
    let read = fhir::xml::parse(&xml.body).map_err(|issues| format!("the XML is broken: {issues:?}"))?;
    same(&sent, &read)?;
    put(server, &path, "application/fhir+xml", &xml.body)?;
    same(&sent, &server.send("GET", &path, AS_JSON, b"").json())
}

fn put(server: &Server, path: &str, content_type: &str, body: &[u8]) -> Result<(), String> {
    let answer = server.send("PUT", path, &[("Content-Type", content_type)], body);
    match answer.status {
        200 | 201 => Ok(()),
        status => Err(format!("{content_type}: {status}: {}", String::from_utf8_lossy(&answer.body))),
    }
}

fn same(sent: &Value, got: &Value) -> Result<(), String> {
    let (sent, got) = (normal(sent), normal(got));
    if sent == got { Ok(()) } else { Err(format!("sent {}\ngot  {}", fhir::json::to_string(&sent), fhir::json::to_string(&got))) }
}

/// The resource without what the server gives, its members in the order of their names.
fn normal(resource: &Value) -> Value {
    let mut resource = resource.clone();
    if let Some(members) = resource.as_object_mut() {
        let mut empty = false;
        if let Some(meta) = members.get_mut("meta").and_then(Value::as_object_mut) {
            meta.remove("versionId");
            meta.remove("lastUpdated");
            empty = meta.is_empty();
        }
        if empty {
            members.remove("meta");
        }
    }
    sorted(resource)
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().map(|(name, value)| (name.clone(), sorted(value.clone()))).collect();
            members.sort_by(|left, right| left.0.cmp(&right.0));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
