//! JSON to XML and back loses nothing, on resources that nobody here wrote.

use std::path::Path;

use fhir::{Name, Object, Value, json, xml};

use crate::shared_data::{self, Document};

/// The tree with the members of each object sorted, and without the white space around a narrative: XML has its own
/// order, in JSON order means nothing (<http://hl7.org/fhir/R4/json.html>).
fn unordered(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(unordered).collect()),
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().map(|(name, value)| (name.clone(), unordered(value))).collect();
            members.sort_by(|left, right| left.0.cmp(&right.0));
            Object::from_iter(members).into()
        }
        scalar => scalar.clone(),
    }
}

/// The tree without the white space beside tags in narratives: the XML of the pairs was indented, narratives too.
fn without_indentation(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(without_indentation).collect()),
        Value::Object(object) => {
            let member = |(name, value): (&Name, &Value)| match value.as_str() {
                Some(div) if **name == *"div" => (name.clone(), beside_tags(div).into()),
                _ => (name.clone(), without_indentation(value.clone())),
            };
            Object::from_iter(object.iter().map(member)).into()
        }
        scalar => scalar,
    }
}

fn beside_tags(div: &str) -> String {
    let tags = div.split('<').map(str::trim_end).collect::<Vec<_>>().join("<");
    tags.split('>').map(str::trim_start).collect::<Vec<_>>().join(">")
}

#[track_caller]
fn survives(name: &str, value: &Value) {
    let text = xml::to_string(value).unwrap_or_else(|issue| panic!("{name}: {issue}"));
    let read = xml::parse(text.as_bytes()).unwrap_or_else(|issues| panic!("{name}: {issues:?}"));
    assert_eq!(unordered(&read), unordered(value), "{name}");
}

#[test]
fn official_examples() {
    let Some(data) = shared_data::data() else { return };
    let examples = shared_data::official_examples(&data);
    for Document { name, text } in &examples {
        let value = json::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        survives(name, &value);
    }
    println!("{} official examples went to XML and back", examples.len());
    assert!(!examples.is_empty());
}

#[test]
fn synthea_bundles() {
    let Some(data) = shared_data::data() else { return };
    let mut count = 0;
    for folder in ["r4-batch-children", "r4-v3-collections", "r4-uscore-2021"] {
        for file in shared_data::files(&data.join("synthea").join(folder), ".json.gz").iter().take(5) {
            let value = json::parse(&published::gunzip(file)).expect("Synthea's JSON is JSON");
            survives(&file.to_string_lossy(), &value);
            count += 1;
        }
    }
    println!("{count} bundles went to XML and back");
    assert!(count > 0);
}

#[test]
fn pairs_of_json_and_xml_are_equal() {
    let Some(data) = shared_data::data() else { return };
    let files = shared_data::files(&data.join("synthea/r4-json-xml-pairs"), ".json.gz");
    for file in &files {
        let from_json = json::parse(&published::gunzip(file)).expect("Synthea's JSON is JSON");
        let xml_file = file.to_string_lossy().replace(".json.gz", ".xml.gz");
        let text = published::gunzip(Path::new(&xml_file));
        let from_xml = xml::parse(&text).unwrap_or_else(|issues| panic!("{xml_file}: {issues:?}"));
        assert_eq!(unordered(&without_indentation(from_xml)), unordered(&without_indentation(from_json)), "{xml_file}");
    }
    println!("{} pairs are equal", files.len());
    assert!(!files.is_empty());
}
