//! The suites of fhir-test-cases for the three languages.

use fhir::xml::tree::{self, Element, Node};
use fhir::{Value, json, xml};
use patch::Patch;
use patch::json_patch::JsonPatch;
use patch::xml_patch::XmlPatch;
use published::KnownFailures;

const KNOWN: &str = include_str!("suites/known_failures.txt");

/// The exceptions of one suite: lines begin with its name and a slash.
fn known(suite: &str) -> KnownFailures {
    let lines = KNOWN.lines().filter_map(|line| line.strip_prefix(suite)?.strip_prefix('/'));
    KnownFailures::read(&lines.collect::<Vec<_>>().join("\n"))
}

/// The text of a file of the data; `None` when it is not here.
fn text(path: &str) -> Option<Vec<u8>> {
    published::data(path).map(|path| std::fs::read(path).expect("the file can be read"))
}

#[test]
fn fhirpath_patch() {
    let Some(text) = text("suites/patch/fhir-patch-tests.xml") else { return };
    let document = tree::parse(&text).expect("the suite is XML");
    let mut report = known("fhirpath");
    for case in document.elements() {
        let name = case.attribute("name").expect("a case has a name");
        report.report(name, in_xml(case).and_then(|()| in_json(case)));
    }
    report.finish("FHIRPath Patch");
}

/// The case as it is written.
fn in_xml(case: &Element) -> Result<(), String> {
    run(case, &resource(case, "diff")?.ok_or("there is no diff")?)
}

/// The case with its patch gone through JSON.
fn in_json(case: &Element) -> Result<(), String> {
    let text = json::to_string(&resource(case, "diff")?.ok_or("there is no diff")?);
    run(case, &json::parse(text.as_bytes()).expect("what was written can be read"))
}

fn run(case: &Element, parameters: &Value) -> Result<(), String> {
    let input = resource(case, "input")?.ok_or("there is no input")?;
    let done = Patch::parameters(parameters).and_then(|patch| patch.apply(&input));
    match (done, resource(case, "output")?) {
        (Ok(patched), Some(expected)) => {
            let (patched, expected) = (xml::to_string(&patched), xml::to_string(&expected));
            if patched == expected { Ok(()) } else { Err(format!("{patched:?} instead of {expected:?}")) }
        }
        (Err(_), None) => Ok(()),
        (Ok(_), None) => Err("is not refused".to_owned()),
        (Err(issues), Some(_)) => Err(format!("{issues:?}")),
    }
}

/// The resource in a part of a case; `None` when there is no such part. The error says why it is none.
fn resource(case: &Element, part: &str) -> Result<Option<Value>, String> {
    let Some(root) = case.elements().find(|element| *element.name == *part).and_then(|part| part.elements().next()) else {
        return Ok(None);
    };
    let text = tree::to_string(root).expect("it can be written");
    xml::parse(text.as_bytes()).map(Some).map_err(|issues| format!("{part}: {issues:?}"))
}

#[test]
fn xml_patch() {
    let Some(text) = text("suites/patch/xml-patch-tests.xml") else { return };
    let document = tree::parse(&text).expect("the suite is XML");
    let mut report = known("xml");
    for case in document.elements() {
        report.report(case.attribute("name").expect("a case has a name"), xml_case(case));
    }
    report.finish("XML Patch");
}

fn xml_case(case: &Element) -> Result<(), String> {
    let part = |name: &str| case.elements().find(|element| *element.name == *name);
    let mut document = part("target").and_then(|target| target.elements().next()).expect("a target").clone();
    let done = XmlPatch::read(part("patch").expect("a patch")).and_then(|patch| patch.apply(&mut document).map_err(|issue| vec![issue]));
    match (done, part("patched").and_then(|patched| patched.elements().next())) {
        (Ok(()), Some(expected)) if plain(&document) == plain(expected) => Ok(()),
        (Ok(()), Some(expected)) => Err(format!("{document:?} instead of {expected:?}")),
        (Err(_), None) => Ok(()),
        (Ok(()), None) => Err("is not refused".to_owned()),
        (Err(issues), Some(_)) => Err(format!("{issues:?}")),
    }
}

/// The document without blank texts, its attributes and declarations sorted, and what is the same however it is written left out.
fn plain(element: &Element) -> Element {
    let mut plain = element.clone();
    plain.declared.retain(|(prefix, _)| !prefix.is_empty());
    plain.declared.sort();
    plain.attributes.sort_by(|left, right| left.name.cmp(&right.name));
    plain.children.retain(|child| !child.is_blank());
    for child in &mut plain.children {
        match child {
            Node::Element(inner) => *inner = self::plain(inner),
            Node::Text(text) => *text = text.trim().into(),
            Node::Comment(_) | Node::Instruction(_) => {}
        }
    }
    plain
}

#[test]
fn json_patch() {
    let Some(text) = text("suites/patch/json-patch-tests.json") else { return };
    let cases = json::parse(&text).expect("the suite is JSON");
    let mut report = known("json");
    for case in cases.each() {
        report.report(case.text("comment").expect("a case has a comment"), json_case(case));
    }
    report.finish("JSON Patch");
}

fn json_case(case: &Value) -> Result<(), String> {
    let mut document = case.get("doc").expect("a document").clone();
    let done =
        JsonPatch::read(case.get("patch").expect("a patch")).and_then(|patch| patch.apply(&mut document).map_err(|issue| vec![issue]));
    match (done, case.get("expected")) {
        (Ok(()), Some(expected)) if sorted(&document) == sorted(expected) => Ok(()),
        (Ok(()), Some(_)) => Err(json::to_string(&document)),
        (Err(_), None) => Ok(()),
        (Ok(()), None) => Err("is not refused".to_owned()),
        (Err(issues), Some(_)) => Err(format!("{issues:?}")),
    }
}

/// The value with the members of its objects in the order of their names.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(name, member)| (name.clone(), sorted(member))).collect();
            members.sort_by(|(left, _), (right, _)| left.cmp(right));
            Value::Object(members.into_iter().collect())
        }
        other => other.clone(),
    }
}
