//! Random documents and patches: whatever they say, there is a result or an error, and no panic; and what is applied is within bounds.

use fhir::xml::tree::{self, Element};
use fhir::{Object, Value, json};
use patch::Patch;
use patch::json_patch::JsonPatch;
use patch::limits::MAX_DEPTH;
use patch::xml_patch::XmlPatch;
use published::Random;

const NAMES: [&str; 16] = [
    "name",
    "_name",
    "given",
    "_given",
    "family",
    "extension",
    "valueString",
    "url",
    "contact",
    "deceasedBoolean",
    "birthDate",
    "_birthDate",
    "contained",
    "resourceType",
    "",
    "a/b~c",
];
const TEXTS: [&str; 8] = ["", "Patient", "x", "1970", "é\u{1F600}", "true", "http://x.test", "'"];

fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 4 } else { 8 }) {
        0 => Value::Null,
        1 => Value::Bool(random.below(2) == 0),
        2 => Value::Number(random.pick(&["0", "1.0", "1e9999", "-5"]).into()),
        3 => Value::from(random.pick(&TEXTS)),
        4 | 5 => Value::Array((0..random.below(4)).map(|_| value(random, depth - 1)).collect()),
        _ => {
            let mut members = Object::new();
            for _ in 0..random.below(5) {
                members.set(random.pick(&NAMES).to_owned(), value(random, depth - 1));
            }
            Value::Object(members)
        }
    }
}

/// A document that is a Patient at its root, and anything below.
fn document(random: &mut Random) -> Value {
    let mut members = Object::from_iter([("resourceType", Value::from("Patient"))]);
    for _ in 0..random.below(8) {
        members.set(random.pick(&NAMES[..13]).to_owned(), value(random, 4));
    }
    members.into()
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.iter().map(|(_, member)| depth(member)).max().unwrap_or(0),
        _ => 0,
    }
}

fn pointer(random: &mut Random) -> String {
    let steps = ["name", "given", "0", "1", "-", "extension", "", "~0", "~", "a~1b~0c", "01", "99999999999999999999", "contact"];
    (0..random.below(5)).map(|_| format!("/{}", random.pick(&steps))).collect()
}

#[test]
fn json_patches() {
    let (mut done, mut refused) = (0, 0);
    for seed in 0..20_000 {
        let mut random = Random::new(seed);
        let mut target = document(&mut random);
        let operations = (0..random.below(6)).map(|_| {
            let op = random.pick(&["add", "remove", "replace", "move", "copy", "test", "copy", "merge"]);
            let mut operation = Object::from_iter([("op", Value::from(op)), ("path", pointer(&mut random).into())]);
            if random.below(8) > 0 {
                operation.push("value", value(&mut random, 3));
                operation.push("from", pointer(&mut random));
            }
            Value::from(operation)
        });
        let operations = Value::Array(operations.collect());
        match JsonPatch::read(&operations).map(|patch| patch.apply(&mut target)) {
            Ok(Ok(())) => done += 1,
            _ => refused += 1,
        }
        assert!(depth(&target) <= MAX_DEPTH, "seed {seed}");
    }
    println!("{done} patches applied, {refused} refused");
    assert!(done > 2_000 && refused > 2_000);
}

const PATHS: [&str; 24] = [
    "Patient",
    "Patient.name",
    "Patient.name[0]",
    "Patient.name.given",
    "Patient.name[0].given[1]",
    "Patient.birthDate",
    "Patient.birthDate.extension",
    "Patient.deceased",
    "Patient.contact",
    "Patient.contact[0].name",
    "Patient.contained",
    "Patient.contained[0]",
    "Patient.extension",
    "Patient.extension[0].value",
    "name.first()",
    "descendants()",
    "children()",
    "1 + 1",
    "Patient.name.where(use = 'x')",
    "%resource",
    "$this",
    "Patient.name | Patient.contact",
    "Patient.id",
    "(((",
];
const VALUES: [&str; 11] = [
    r#""valueString":"x""#,
    r#""valueBoolean":true"#,
    r#""valueInteger":1"#,
    r#""valueHumanName":{"family":"x","given":["a"]}"#,
    r#""_valueDate":{"id":"x"}"#,
    r#""part":[{"name":"family","valueString":"y"}]"#,
    r#""part":[{"name":"gender","valueCode":"male"}]"#,
    r#""resource":{"resourceType":"Organization","id":"o"}"#,
    r#""part":[{"name":"name","part":[{"name":"given","valueString":"z"}]}]"#,
    r#""valueIdentifier":{"value":"1"}"#,
    r#""part":[{"name":"url","valueUri":"u"},{"name":"value","valueString":"v"}]"#,
];

#[test]
fn fhirpath_patches() {
    let (mut done, mut refused) = (0, 0);
    for seed in 0..8_000 {
        let mut random = Random::new(seed);
        let target = document(&mut random);
        let operations = (0..1 + random.below(4)).map(|_| {
            let kind = random.pick(&["add", "insert", "delete", "replace", "move"]);
            let mut parts =
                vec![format!(r#"{{"name":"type","valueCode":"{kind}"}},{{"name":"path","valueString":"{}"}}"#, random.pick(&PATHS))];
            if kind == "add" {
                parts.push(format!(r#"{{"name":"name","valueString":"{}"}}"#, random.pick(&NAMES[..13])));
            }
            for index in ["index", "source", "destination"] {
                if matches!((kind, index), ("insert", "index") | ("move", "source" | "destination")) {
                    parts.push(format!(r#"{{"name":"{index}","valueInteger":{}}}"#, random.below(4)));
                }
            }
            if matches!(kind, "add" | "insert" | "replace") {
                parts.push(format!(r#"{{"name":"value",{}}}"#, random.pick(&VALUES)));
            }
            format!(r#"{{"name":"operation","part":[{}]}}"#, parts.join(","))
        });
        let operations = operations.collect::<Vec<_>>().join(",");
        let parameters = json::parse(format!(r#"{{"resourceType":"Parameters","parameter":[{operations}]}}"#).as_bytes()).expect("JSON");
        match Patch::parameters(&parameters).and_then(|patch| patch.apply(&target)) {
            Ok(_) => done += 1,
            Err(issues) => {
                assert!(!issues.is_empty() && issues.iter().all(|issue| issue.diagnostics.len() < 2000), "seed {seed}");
                refused += 1;
            }
        }
    }
    println!("{done} patches applied, {refused} refused");
    assert!(done > 300 && refused > 1_000);
}

/// A document or a patch's content.
fn markup(random: &mut Random, depth: usize) -> String {
    match random.below(if depth == 0 { 3 } else { 6 }) {
        0 => random.pick(&["text", " ", "&lt;", ""]).to_owned(),
        1 => random.pick(&["<!-- c -->", "<?pi x?>", "<![CDATA[x]]>"]).to_owned(),
        2 => format!("<{}/>", random.pick(&["a", "b", "a id='1'", "a value='x' xml:lang='de'"])),
        _ => {
            let name = random.pick(&["a", "b", "div"]);
            let namespace = random.pick(&["", "", " xmlns='http://www.w3.org/1999/xhtml'", " xmlns='http://hl7.org/fhir'"]);
            let inside: String = (0..random.below(4)).map(|_| markup(random, depth - 1)).collect();
            format!("<{name}{namespace}>{inside}</{name}>")
        }
    }
}

const SELECTORS: [&str; 20] = [
    "f:doc",
    "f:doc/f:a",
    "f:doc/f:a[1]",
    "*/*[last()]",
    "f:doc/*/text()",
    "f:doc/text()[1]",
    "f:doc/comment()",
    "f:doc/f:a/@id",
    "*/*[1]/*[2]",
    "f:doc/f:a[@id='1']",
    "f:doc/f:b[f:a]",
    "f:doc/h:div",
    "*/processing-instruction('pi')",
    "f:doc/@none",
    "f:doc/*[.='text']",
    "f:doc/f:a[2]",
    "f:doc/f:b[1]",
    "f:doc/namespace::x",
    "f:doc/[",
    "f:doc/f:b[position()=1]/f:a",
];

#[test]
fn xml_patches() {
    let (mut done, mut refused) = (0, 0);
    for seed in 0..20_000 {
        let mut random = Random::new(seed);
        let content: String = (0..1 + random.below(5)).map(|_| markup(&mut random, 3)).collect();
        let text = format!("<doc xmlns='http://hl7.org/fhir'>{content}</doc>");
        let mut target: Element = tree::parse(text.as_bytes()).unwrap_or_else(|issue| panic!("seed {seed}: {issue}"));
        let operations: String = (0..1 + random.below(4))
            .map(|_| {
                let attributes = random.pick(&["", "", " pos='before'", " pos='after'", " pos='prepend'", " type='@id'", " ws='both'"]);
                let content = if random.below(3) == 0 { "x".to_owned() } else { markup(&mut random, 2) };
                match random.pick(&["add", "replace", "remove"]) {
                    "remove" => format!("<remove sel=\"{}\"{attributes}/>", random.pick(&SELECTORS)),
                    name => format!("<{name} sel=\"{}\"{attributes}>{content}</{name}>", random.pick(&SELECTORS)),
                }
            })
            .collect();
        let patch = XmlPatch::parse(format!("<diff xmlns='http://hl7.org/fhir'>{operations}</diff>").as_bytes());
        match patch.map(|patch| patch.apply(&mut target)) {
            Ok(Ok(())) => {
                done += 1;
                // What can be written can be read, and is the same.
                let text = tree::to_string(&target).unwrap_or_else(|what| panic!("seed {seed}: {what}"));
                let again = tree::parse(text.as_bytes()).unwrap_or_else(|issue| panic!("seed {seed}: {issue}: {text}"));
                assert_eq!(tree::to_string(&again), Ok(text), "seed {seed}");
            }
            _ => refused += 1,
        }
    }
    println!("{done} patches applied, {refused} refused");
    assert!(done > 500 && refused > 2_000);
}

/// Texts that are cut, doubled and changed somewhere.
#[test]
fn broken_texts() {
    let json_patch = r#"[{"op":"add","path":"/name/0","value":{"family":"x"}},{"op":"test","path":"/active","value":true}]"#;
    let xml_patch = r#"<diff xmlns:f="http://hl7.org/fhir"><add sel="f:Patient/f:name[1]" pos="after"><name xmlns="http://hl7.org/fhir"/></add></diff>"#;
    let resource = document(&mut Random::new(1));
    for seed in 0..10_000 {
        let mut random = Random::new(seed);
        for (text, read) in [(json_patch, Patch::json as fn(&[u8]) -> _), (xml_patch, Patch::xml)] {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..1 + random.below(3) {
                let at = random.below(bytes.len());
                match random.below(3) {
                    0 => bytes[at] = random.below(256) as u8,
                    1 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, b"[]{}\"'<>/@*~0"[random.below(13)]),
                }
            }
            if let Ok(patch) = read(&bytes) {
                let _ = patch.apply(&resource);
            }
        }
    }
}
