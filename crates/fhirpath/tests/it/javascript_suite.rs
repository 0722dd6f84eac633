//! The cases of fhirpath.js, the reference implementation in JavaScript.

use std::collections::HashMap;
use std::path::Path;

use fhir::primitive::Temporal;
use fhir::value::Object;
use fhir::{Name, Value};
use fhirpath::{Arena, Collection, Context, Error, Expression, Item, System};
use saphyr::{LoadableYamlNode, Scalar, Yaml};

use published::KnownFailures;

use crate::sameness::same;

#[test]
fn javascript_suite() {
    let Some(folder) = published::data("suites/fhirpath-js") else { return };
    let inputs = inputs(&folder.join("resources/r4"));
    let mut known = KnownFailures::read(include_str!("known_failures/javascript.txt"));
    let mut files: Vec<_> = std::fs::read_dir(folder.join("cases"))
        .expect("the folder can be read")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    files.sort();
    let mut others = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).expect("the file can be read");
        let documents = Yaml::load_from_str(&text).expect("the file is YAML");
        let document = json(&documents[0]);
        let subject = document.get("subject").cloned().unwrap_or(Object::new().into());
        let mut cases = Vec::new();
        collect(document.get("tests").expect("there are cases"), &mut cases);
        for case in cases {
            // Cases of other releases of FHIR, and those that the suite itself leaves out.
            if matches!(case.text("model"), Some("r5" | "stu3" | "dstu2")) || case.get("disable").is_some() {
                others += 1;
                continue;
            }
            let input = case.text("inputfile").map_or(&subject, |name| inputs.get(name).unwrap_or_else(|| panic!("there is no {name}")));
            for expression in case.get("expression").into_iter().flat_map(Value::each).filter_map(Value::as_str) {
                let name = expression.split_whitespace().collect::<Vec<_>>().join(" ");
                known.report(&name, verdict(case, expression, input));
            }
        }
    }
    println!("{others} cases are for other releases of FHIR, or disabled");
    known.finish("fhirpath.js");
}

fn inputs(folder: &Path) -> HashMap<String, Value> {
    let mut inputs = HashMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_file() {
            let text = std::fs::read(&path).expect("the input can be read");
            let name = path.file_name().and_then(|name| name.to_str()).expect("the name is text");
            inputs.insert(name.to_owned(), fhir::json::parse(&text).expect("the input is JSON"));
        }
    }
    inputs
}

/// The cases in a list, those of its groups included.
fn collect<'v>(list: &'v Value, cases: &mut Vec<&'v Value>) {
    for entry in list.each() {
        if entry.get("expression").is_some() {
            cases.push(entry);
        }
        let groups = entry.as_object().into_iter().flat_map(Object::iter).filter(|(name, _)| name.starts_with("group"));
        groups.for_each(|(_, group)| collect(group, cases));
    }
}

fn verdict(case: &Value, expression: &str, input: &Value) -> Result<(), String> {
    let arena = Arena::new();
    let fails = case.get("error").and_then(Value::as_bool) == Some(true);
    match (run(case, expression, input, &arena), fails) {
        (Err(_), true) => Ok(()),
        (Err(error), false) => Err(error.to_string()),
        (Ok(found), true) => Err(format!("it should have failed, and gave {} items", found.len())),
        (Ok(found), false) => {
            let wanted: Vec<&Value> = case.get("result").into_iter().flat_map(Value::each).collect();
            let same = wanted.len() == found.len() && wanted.iter().zip(&found).all(|(wanted, item)| is_result(wanted, item));
            if same { Ok(()) } else { Err(format!("it gave {found:?} and not {wanted:?}")) }
        }
    }
}

fn run<'a>(case: &'a Value, expression: &str, input: &'a Value, arena: &'a Arena) -> Result<Collection<'a>, Error> {
    let root: fn(&'a Value) -> Item<'a> = if case.text("model").is_some() { Item::resource } else { Item::plain };
    let item = root(input);
    let mut context = Context::new(input).with_resource(item.clone()).with_arena(arena);
    context = context.with_now(Temporal::parse("2026-11-22T01:02:03.004+01:00").expect("it is a moment"));
    for (name, value) in case.get("variables").and_then(Value::as_object).into_iter().flat_map(Object::iter) {
        context = context.with_variable(name, value.each().map(root));
    }
    Expression::parse(expression)?.evaluate(&context, &item)
}

/// Whether an item is what the suite writes: numbers by their value, texts as `toString()` gives them.
fn is_result(wanted: &Value, item: &Item<'_>) -> bool {
    if let (Item::System(System::Type(info)), Value::Object(_)) = (item, wanted) {
        return wanted.text("namespace") == Some(info.namespace()) && wanted.text("name") == Some(info.name());
    }
    match (wanted, item.as_string()) {
        (Value::Number(wanted), Some(text)) => wanted.parse::<f64>().is_ok_and(|wanted| text.parse() == Ok(wanted)),
        (Value::Bool(wanted), _) => item.as_bool() == Some(*wanted),
        (Value::String(wanted), Some(text)) => **wanted == *text,
        (wanted, None) => item.value().is_some_and(|value| same(wanted, value)),
        _ => false,
    }
}

fn json(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Boolean(truth)) => Value::Bool(*truth),
        Yaml::Value(Scalar::Integer(integer)) => Value::Number(integer.to_string().into()),
        Yaml::Value(Scalar::FloatingPoint(number)) => Value::Number(number.to_string().into()),
        Yaml::Value(Scalar::String(text)) => Value::from(&**text),
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Sequence(items) => Value::Array(items.iter().map(json).collect()),
        Yaml::Mapping(members) => {
            let name = |key: &Yaml<'_>| Name::from(key.as_str().expect("a member has a name").to_owned());
            Value::Object(members.iter().map(|(key, value)| (name(key), json(value))).collect())
        }
        Yaml::Tagged(_, inner) => json(inner),
        other => panic!("the suite has something unknown: {other:?}"),
    }
}
