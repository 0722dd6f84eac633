//! The GraphQL cases of HL7's test suite for R4.

use std::path::Path;

use fhir::{Value, json};
use graphql::{Dialect, Found, Limits, Page, Request, Root};
use published::KnownFailures;
use quick_xml::events::{BytesStart, Event};

use crate::folder::Folder;

#[test]
fn answers_as_the_suite_says() {
    let Some(folder) = published::data("suites/graphql") else { return };
    let mut known = KnownFailures::read(include_str!("known_failures.txt"));
    let source = examples(&folder);
    for case in cases(&folder) {
        known.report(&case.name, verdict(&folder, &source, &case));
    }
    known.finish("the GraphQL suite");
}

struct Case {
    name: String,
    query: String,
    expected: String,
    context: String,
    operation: Option<String>,
}

fn cases(folder: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(folder.join("manifest.xml")).expect("the manifest");
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut cases = Vec::new();
    loop {
        match reader.read_event().expect("XML") {
            Event::Eof => return cases,
            Event::Empty(test) if test.name().as_ref() == "test" => cases.push(case(&test)),
            _ => {}
        }
    }
}

fn case(test: &BytesStart<'_>) -> Case {
    let attribute = |name: &str| {
        let found = test.attributes().flatten().find(|attribute| attribute.key.as_ref() == name);
        found.map(|attribute| attribute.value.into_owned())
    };
    let of = |name: &str| attribute(name).unwrap_or_default();
    Case { name: of("name"), query: of("source"), expected: of("output"), context: of("context"), operation: attribute("operation") }
}

/// The examples. Searches give what the suite's own runner gives: two patients that are active.
fn examples(folder: &Path) -> Folder {
    let files = published::unzip(&folder.join("examples.zip"));
    let parse =
        |(name, text): &(String, Vec<u8>)| if name.ends_with(".xml") { fhir::xml::parse(text).ok() } else { json::parse(text).ok() };
    let mut resources: Vec<Value> = files.iter().filter_map(parse).collect();
    // Some are there twice, in JSON and in XML.
    let mut seen = std::collections::BTreeSet::new();
    resources.retain(|resource: &Value| seen.insert(format!("{:?}/{:?}", resource.resource_type(), resource.text("id"))));
    let mut source = Folder { resources, ..Folder::default() };
    let active = ["Patient/example", "Patient/xds"].map(|name| source.get(name).cloned());
    let marks = [(None, None), (Some("match"), Some("0.5".to_owned()))];
    let matches = active.into_iter().flatten().zip(marks).map(|(resource, (mode, score))| Found { resource, mode, score }).collect();
    let next = Some("77c97e03-8a6c-415f-a63d-11c80cf73f:50".to_owned());
    source.page = Some(Page { matches, total: Some(50), offset: Some(0), size: 50, next, ..Page::default() });
    source
}

fn verdict(folder: &Path, source: &Folder, case: &Case) -> Result<(), String> {
    let query = std::fs::read_to_string(folder.join(&case.query)).map_err(|error| error.to_string())?;
    let root = match case.context.strip_suffix("/$graphql") {
        None => Root::System,
        Some(reference) => Root::Resource(source.get(reference).ok_or(format!("{reference} is missing"))?.clone()),
    };
    let mut request = Request { operation: case.operation.clone(), ..Request::new(query) };
    if request.query.contains("$var") {
        // The suite's own runner sets this one.
        request.variables.push("var", Value::Bool(true));
    }
    let answer = source.answer(&request, &root, Dialect::Fhir, &Limits::default());
    if case.expected == "$error" {
        return if answer.data.is_none() && !answer.errors.is_empty() { Ok(()) } else { Err("no error".to_owned()) };
    }
    let expected = std::fs::read(folder.join(&case.expected)).map_err(|error| error.to_string())?;
    let expected = json::parse(&expected).map_err(|error| error.to_string())?;
    match &answer.data {
        Some(data) if same(data, &expected) => Ok(()),
        _ => Err(format!("{} and not {}", answer.to_json(), json::to_string(&expected))),
    }
}

/// Whether two documents are equal, whatever the order of members.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len() && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| same(value, other)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        _ => left == right,
    }
}
