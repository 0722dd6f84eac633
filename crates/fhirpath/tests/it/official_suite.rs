//! HL7's own test suite for R4.

use std::collections::HashMap;
use std::path::Path;

use fhir::Value;
use fhir::primitive::Temporal;
use fhirpath::{Collection, Context, Error, Expression, Item};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use published::KnownFailures;

/// One case: `<test>`.
#[derive(Debug, Default)]
struct Case {
    name: String,
    input: String,
    expression: String,
    /// Whether it must fail, at parsing, checking or evaluating.
    is_invalid: bool,
    /// Whether it is to be checked against the types before it runs.
    is_strict: bool,
    /// Whether functions on collections without an order are refused.
    checks_order: bool,
    /// Whether the result is taken as a truth.
    is_predicate: bool,
    outputs: Vec<(Option<String>, String)>,
}

#[test]
fn official_suite() {
    let Some(folder) = published::data("suites/fhirpath") else { return };
    let inputs = inputs(&folder.join("input"));
    let mut known = KnownFailures::read(include_str!("known_failures/official.txt"));
    let cases = cases(&std::fs::read_to_string(folder.join("tests-fhir-r4.xml")).expect("the suite can be read"));
    assert!(!cases.is_empty());
    for case in &cases {
        known.report(&case.name, verdict(case, inputs.get(case.input.trim_end_matches(".xml").trim_end_matches(".json"))));
    }
    known.finish("official suite");
}

fn inputs(folder: &Path) -> HashMap<String, Value> {
    let mut inputs = HashMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let text = std::fs::read(&path).expect("the input can be read");
        let value = match path.extension().is_some_and(|extension| extension == "xml") {
            true => fhir::xml::parse(&text).expect("the input is FHIR's XML"),
            false => fhir::json::parse(&text).expect("the input is JSON"),
        };
        let name = path.file_stem().and_then(|name| name.to_str()).expect("the name is text");
        inputs.insert(name.to_owned(), value);
    }
    inputs
}

/// What went wrong, if anything.
fn verdict(case: &Case, input: Option<&Value>) -> Result<(), String> {
    let nothing = fhir::Object::new().into();
    let input = input.unwrap_or(&nothing);
    match (run(case, input), case.is_invalid) {
        (Err(_), true) => Ok(()),
        (Err(error), false) => Err(format!("{error}")),
        (Ok(found), true) => Err(format!("it should have failed, and gave {} items", found.len())),
        (Ok(found), false) => compare(case, &found),
    }
}

fn run<'a>(case: &Case, input: &'a Value) -> Result<Collection<'a>, Error> {
    let item = Item::resource(input);
    let context = Context::new(input).with_now(Temporal::parse("2026-11-22T01:02:03.004+01:00").expect("it is a moment"));
    let expression = Expression::parse(&case.expression)?;
    if input.resource_type().is_some() && (case.is_strict || !case.is_invalid) {
        expression.check(item.type_name())?;
    }
    if case.checks_order {
        expression.check_order(item.type_name())?;
    }
    expression.evaluate(&context, &item)
}

fn compare(case: &Case, found: &[Item<'_>]) -> Result<(), String> {
    if case.is_predicate {
        let truth = found.first().map(|item| item.as_bool().unwrap_or(true)).unwrap_or(false);
        return if case.outputs == [(Some("boolean".into()), truth.to_string())] { Ok(()) } else { Err(format!("it gave {truth}")) };
    }
    let described: Vec<_> = found.iter().map(|item| (item.type_name(), item.as_string().unwrap_or_default())).collect();
    let is_expected = |(kind, text): (&str, &str), (wanted_kind, wanted): &(Option<String>, String)| {
        let same_type = wanted_kind.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(kind));
        same_type && text == wanted.trim_start_matches("@T").trim_start_matches('@')
    };
    let all = described.len() == case.outputs.len()
        && described.iter().zip(&case.outputs).all(|((kind, text), wanted)| is_expected((kind, text), wanted));
    if all { Ok(()) } else { Err(format!("it gave {described:?} and not {:?}", case.outputs)) }
}

fn cases(text: &str) -> Vec<Case> {
    let mut reader = Reader::from_str(text);
    let (mut cases, mut case, mut text, mut kind) = (Vec::new(), Case::default(), String::new(), None);
    loop {
        match reader.read_event().expect("the suite is XML") {
            Event::Start(start) => {
                text.clear();
                open(&start, &mut case, &mut kind);
            }
            Event::Empty(start) => {
                open(&start, &mut case, &mut kind);
                if start.name().as_ref() == "output" {
                    case.outputs.push((kind.take(), String::new()));
                }
            }
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().expect("it is a character") {
                Some(character) => text.push(character),
                None => text.push_str(entity(&reference)),
            },
            Event::End(end) => match end.name().as_ref() {
                "expression" => case.expression = std::mem::take(&mut text),
                "output" => case.outputs.push((kind.take(), std::mem::take(&mut text))),
                "test" => cases.push(std::mem::take(&mut case)),
                _ => {}
            },
            Event::Eof => return cases,
            _ => {}
        }
    }
}

fn open(start: &BytesStart<'_>, case: &mut Case, kind: &mut Option<String>) {
    let attribute = |name: &str| {
        let attribute = start.try_get_attribute(name).expect("the attributes are well-formed")?;
        Some(attribute.value.into_owned())
    };
    match start.name().as_ref() {
        "test" => {
            case.name = attribute("name").unwrap_or_default();
            case.input = attribute("inputfile").unwrap_or_default();
            case.is_strict = attribute("mode").as_deref() == Some("strict");
            case.checks_order = attribute("checkOrderedFunctions").as_deref() == Some("true");
            case.is_predicate = attribute("predicate").as_deref() == Some("true");
        }
        "expression" => case.is_invalid = attribute("invalid").is_some(),
        "output" => *kind = attribute("type"),
        _ => {}
    }
}

fn entity(name: &str) -> &'static str {
    match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        _ => panic!("the suite uses the entity {name}"),
    }
}
