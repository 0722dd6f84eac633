//! FHIRPath Patch, beyond the suite.

use fhir::{Value, array, json, object};
use patch::Patch;
use patch::fhirpath_patch::FhirPathPatch;

fn value(text: &str) -> Value {
    json::parse(text.as_bytes()).expect("JSON")
}

/// A patient that has a bit of everything.
fn patient() -> Value {
    value(
        r##"{"resourceType":"Patient","id":"p","active":true,
        "name":[{"use":"official","family":"A","given":["a","b","c"],"_given":[null,{"id":"g"},null]},{"use":"usual","family":"B"},{"use":"official","family":"C"}],
        "birthDate":"1970-01-01","_birthDate":{"extension":[{"url":"http://x.test/time","valueString":"noon"}]},
        "deceasedBoolean":false,
        "contact":[{"gender":"male"},{"gender":"female"}],
        "contained":[{"resourceType":"Organization","id":"o","name":"O"}],
        "managingOrganization":{"reference":"#o"}}"##,
    )
}

/// A part with a value: `valueString` and its JSON.
fn part(name: &str, choice: &str, json: &str) -> String {
    format!(r#"{{"name":"{name}","{choice}":{json}}}"#)
}

/// The parts of an operation: its type, its path, and others as they are written.
fn operation(kind: &str, path: &str, rest: &[String]) -> String {
    let mut parts = vec![part("type", "valueCode", &format!("\"{kind}\"")), part("path", "valueString", &format!("\"{path}\""))];
    parts.extend_from_slice(rest);
    format!(r#"{{"name":"operation","part":[{}]}}"#, parts.join(","))
}

fn add(path: &str, name: &str, choice: &str, json: &str) -> String {
    operation("add", path, &[part("name", "valueString", &format!("\"{name}\"")), part("value", choice, json)])
}

fn replace(path: &str, choice: &str, json: &str) -> String {
    operation("replace", path, &[part("value", choice, json)])
}

fn insert(path: &str, index: &str, choice: &str, json: &str) -> String {
    operation("insert", path, &[part("index", "valueInteger", index), part("value", choice, json)])
}

fn moving(path: &str, source: u32, destination: u32) -> String {
    operation(
        "move",
        path,
        &[part("source", "valueInteger", &source.to_string()), part("destination", "valueInteger", &destination.to_string())],
    )
}

/// The patient after these operations, or the numbers of the issues.
fn apply(operations: &[String]) -> Result<Value, Vec<u16>> {
    let parameters = value(&format!(r#"{{"resourceType":"Parameters","parameter":[{}]}}"#, operations.join(",")));
    let done = Patch::parameters(&parameters).and_then(|patch| patch.apply(&patient()));
    done.map_err(|issues| issues.iter().map(|issue| issue.number).collect())
}

/// Applies one operation, and compares the member `name` with this JSON; `none` when it is gone.
#[track_caller]
fn becomes(operation: &str, name: &str, expected: &str) {
    let patched = apply(&[operation.to_owned()]).unwrap_or_else(|numbers| panic!("{operation}: {numbers:?}"));
    assert_eq!(patched.get(name).map_or("none".to_owned(), json::to_string), expected, "{operation}");
}

#[track_caller]
fn refused(operation: &str, number: u16) {
    assert_eq!(apply(&[operation.to_owned()]), Err(vec![number]), "{operation}");
}

#[test]
fn adds_to_elements_of_every_kind() {
    becomes(&add("Patient", "gender", "valueCode", r#""male""#), "gender", r#""male""#);
    becomes(
        &add("Patient.contact[1]", "name", "valueHumanName", r#"{"family":"X"}"#),
        "contact",
        r#"[{"gender":"male"},{"gender":"female","name":{"family":"X"}}]"#,
    );
    becomes(
        &add("Patient.name[1]", "given", "valueString", r#""d""#),
        "name",
        r#"[{"use":"official","family":"A","given":["a","b","c"],"_given":[null,{"id":"g"},null]},{"use":"usual","family":"B","given":["d"]},{"use":"official","family":"C"}]"#,
    );
    becomes(
        &add("Patient.contained[0]", "active", "valueBoolean", "true"),
        "contained",
        r#"[{"resourceType":"Organization","id":"o","name":"O","active":true}]"#,
    );
    becomes(&add("Patient", "multipleBirth", "valueInteger", "2"), "multipleBirthInteger", "2");
    becomes(&add("Patient", "multipleBirthInteger", "valueInteger", "2"), "multipleBirthInteger", "2");
    becomes(
        &add("Patient", "contained", "resource", r#"{"resourceType":"Organization","id":"q"}"#),
        "contained",
        r#"[{"resourceType":"Organization","id":"o","name":"O"},{"resourceType":"Organization","id":"q"}]"#,
    );
}

#[test]
fn reaches_extensions_of_primitives() {
    let parts = r#"[{"name":"url","valueUri":"http://x.test/n"},{"name":"value","valueInteger":1}]"#;
    becomes(&add("Patient.active", "extension", "part", parts), "_active", r#"{"extension":[{"url":"http://x.test/n","valueInteger":1}]}"#);
    becomes(
        &add("Patient.name[0].given[2]", "id", "valueString", r#""z""#),
        "name",
        r#"[{"use":"official","family":"A","given":["a","b","c"],"_given":[null,{"id":"g"},{"id":"z"}]},{"use":"usual","family":"B"},{"use":"official","family":"C"}]"#,
    );
    becomes(&operation("delete", "Patient.birthDate.extension[0]", &[]), "_birthDate", "none");
    becomes(
        &operation("delete", "Patient.birthDate.extension.where(url = 'http://x.test/time').value", &[]),
        "_birthDate",
        r#"{"extension":[{"url":"http://x.test/time"}]}"#,
    );
    becomes(&replace("Patient.birthDate", "valueDate", r#""1971-02-02""#), "_birthDate", "none");
}

#[test]
fn keeps_what_stands_beside_repeating_primitives_in_its_place() {
    let given = |operation: &str| {
        let patched = apply(&[operation.to_owned()]).expect("it is done");
        let name = patched.list("name").next().cloned().expect("a name");
        (json::to_string(name.get("given").expect("given")), name.get("_given").map(json::to_string).unwrap_or_default())
    };
    let path = "Patient.name[0].given";
    assert_eq!(
        given(&insert(path, "0", "valueString", r#""x""#)),
        (r#"["x","a","b","c"]"#.into(), r#"[null,null,{"id":"g"},null]"#.into())
    );
    assert_eq!(
        given(&insert(path, "3", "valueString", r#""x""#)),
        (r#"["a","b","c","x"]"#.into(), r#"[null,{"id":"g"},null,null]"#.into())
    );
    assert_eq!(given(&operation("delete", "Patient.name[0].given[0]", &[])), (r#"["b","c"]"#.into(), r#"[{"id":"g"},null]"#.into()));
    assert_eq!(given(&operation("delete", "Patient.name[0].given[1]", &[])), (r#"["a","c"]"#.into(), String::new()));
    assert_eq!(given(&moving(path, 1, 0)), (r#"["b","a","c"]"#.into(), r#"[{"id":"g"},null,null]"#.into()));
    assert_eq!(given(&replace("Patient.name[0].given[1]", "valueString", r#""y""#)), (r#"["a","y","c"]"#.into(), String::new()));
}

#[test]
fn counts_within_what_the_path_selects() {
    let families = |operation: &str| {
        let patched = apply(&[operation.to_owned()]).expect("it is done");
        patched.list("name").map(|name| name.text("family").unwrap_or("-").to_owned()).collect::<String>()
    };
    let official = "Patient.name.where(use = 'official')";
    let new = r#"{"family":"N"}"#;
    assert_eq!(families(&insert(official, "1", "valueHumanName", new)), "ABNC");
    assert_eq!(families(&insert(official, "2", "valueHumanName", new)), "ABCN");
    assert_eq!(families(&insert("Patient.name.where(use = 'usual')", "0", "valueHumanName", new)), "ANBC");
    assert_eq!(families(&moving(official, 0, 1)), "CBA");
    assert_eq!(families(&moving("Patient.name", 0, 2)), "BCA");
    assert_eq!(families(&moving("Patient.name", 1, 1)), "ABC");
}

#[test]
fn inserts_into_a_list_without_items() {
    let telecom = r#"{"system":"phone","value":"1"}"#;
    becomes(&insert("Patient.telecom", "0", "valueContactPoint", telecom), "telecom", &format!("[{telecom}]"));
    refused(&insert("Patient.telecom", "1", "valueContactPoint", telecom), 908);
    refused(&insert("Patient.gender", "0", "valueCode", r#""male""#), 912);
}

#[test]
fn replaces_a_choice_by_another_of_its_types() {
    let patched = apply(&[replace("Patient.deceased", "valueDateTime", r#""2020-01-01""#)]).expect("it is done");
    assert_eq!((patched.get("deceasedBoolean"), patched.text("deceasedDateTime")), (None, Some("2020-01-01")));
    refused(&replace("Patient.deceased", "valueString", r#""yes""#), 911);
}

#[test]
fn builds_values_from_parts() {
    let parts = r#"[{"name":"gender","valueCode":"other"},{"name":"telecom","part":[{"name":"system","valueCode":"phone"},{"name":"value","valueString":"1"}]},{"name":"telecom","valueContactPoint":{"value":"2"}}]"#;
    becomes(
        &add("Patient", "contact", "part", parts),
        "contact",
        r#"[{"gender":"male"},{"gender":"female"},{"gender":"other","telecom":[{"system":"phone","value":"1"},{"value":"2"}]}]"#,
    );
    refused(&add("Patient", "contact", "part", r#"[{"name":"gendre","valueCode":"other"}]"#), 910);
    refused(&add("Patient", "contact", "part", r#"[{"name":"gender","valueCode":"other"},{"name":"gender","valueCode":"other"}]"#), 909);
    refused(&add("Patient", "contact", "valueHumanName", r#"{"family":"X"}"#), 911);
}

#[test]
fn deletes_one_or_nothing() {
    becomes(&operation("delete", "Patient.telecom", &[]), "telecom", "none");
    becomes(&operation("delete", "Patient.name.where(use = 'old')", &[]), "active", "true");
    becomes(&operation("delete", "Patient.contact[0].gender", &[]), "contact", r#"[{"gender":"female"}]"#);
    refused(&operation("delete", "Patient.name", &[]), 906);
    refused(&operation("delete", "Patient", &[]), 912);
    refused(&operation("delete", "Patient.brithDate", &[]), 905);
}

#[test]
fn sees_what_the_operations_before_have_done() {
    let operations = [
        add("Patient", "contact", "part", r#"[{"name":"gender","valueCode":"other"}]"#),
        replace("Patient.contact[2].gender", "valueCode", r#""unknown""#),
        operation("delete", "Patient.contact[0]", &[]),
        operation("delete", "Patient.contact[0].gender", &[]),
    ];
    let patched = apply(&operations).expect("it is done");
    assert_eq!(patched.get("contact"), Some(&array![object! { "gender": "unknown" }]));
    // What is left empty is gone at once, and does not count any more.
    let operations =
        [operation("delete", "Patient.contact[0].gender", &[]), replace("Patient.contact[0].gender", "valueCode", r#""other""#)];
    let patched = apply(&operations).expect("it is done");
    assert_eq!(patched.get("contact"), Some(&array![object! { "gender": "other" }]));
}

#[test]
fn refuses_what_cannot_be_done() {
    refused(&replace("Patient.maritalStatus", "valueCodeableConcept", r#"{"text":"x"}"#), 905);
    refused(&replace("Patient.name", "valueHumanName", r#"{"family":"x"}"#), 906);
    refused(&add("Patient.name", "family", "valueString", r#""x""#), 906);
    refused(&add("Patient", "active", "valueBoolean", "true"), 909);
    refused(&add("Patient", "deceased", "valueDateTime", r#""2020""#), 909);
    refused(&add("Patient", "nose", "valueString", r#""x""#), 910);
    refused(&add("Patient", "gender", "valueBoolean", "true"), 911);
    refused(&add("Patient", "gender", "valueHumanName", r#"{"family":"x"}"#), 911);
    refused(&add("Patient", "contained", "valueString", r#""x""#), 911);
    refused(&insert("Patient.name", "4", "valueHumanName", r#"{"family":"x"}"#), 908);
    refused(&moving("Patient.name", 3, 0), 908);
    refused(&moving("Patient.name", 0, 3), 908);
    refused(&moving("Patient.telecom", 0, 0), 905);
    refused(&moving("Patient.birthDate", 0, 0), 912);
    refused(&moving("Patient", 0, 0), 912);
    refused(&moving("Patient.name.given | Patient.name.family", 0, 1), 906);
    refused(&replace("Patient.name.count()", "valueInteger", "1"), 913);
    refused(&replace("'text'", "valueString", r#""x""#), 913);
    refused(&replace("Patient.name.family.as(nonsense)", "valueString", r#""x""#), 913);
    refused(&replace("Patient.managingOrganization.resolve()", "valueString", r#""x""#), 911);
    becomes(
        &replace("Patient.managingOrganization.resolve().name", "valueString", r#""Q""#),
        "contained",
        r#"[{"resourceType":"Organization","id":"o","name":"Q"}]"#,
    );
}

#[test]
fn refuses_what_is_no_patch() {
    let path = part("path", "valueString", r#""Patient""#);
    for (operation, number) in [
        (r#"{"name":"other","valueString":"x"}"#.to_owned(), 901),
        (format!(r#"{{"name":"operation","part":[{path}]}}"#), 901),
        (operation("merge", "Patient", &[]), 901),
        (operation("add", "Patient", &[]), 902),
        (operation("replace", "Patient.gender", &[]), 902),
        (operation("insert", "Patient.name", &[part("value", "valueString", r#""x""#)]), 902),
        (operation("move", "Patient.name", &[part("source", "valueInteger", "0")]), 902),
        (operation("move", "Patient.name", &[part("source", "valueInteger", "-1"), part("destination", "valueInteger", "0")]), 902),
        (operation("delete", "Patient.name", &[part("value", "valueString", r#""x""#)]), 902),
        (operation("delete", "Patient.name", std::slice::from_ref(&path)), 902),
        (operation("delete", "Patient.name.where(", &[]), 903),
        (replace("Patient.gender", "valueNonsense", r#""x""#), 103),
    ] {
        refused(&operation, number);
    }
    let issues = FhirPathPatch::read(&patient()).expect_err("it is no Parameters");
    assert_eq!(issues[0].number, 900);
    refused(&vec![operation("delete", "Patient.telecom", &[]); 1001].join(","), 904);
    let all = apply(&[operation("merge", "x", &[]), operation("delete", "x.(", &[])]);
    assert_eq!(all, Err(vec![901, 903]), "all malformed operations are reported");
}

#[test]
fn says_which_operation_and_shows_no_text_of_its_path() {
    let parameters = value(&format!(
        r#"{{"resourceType":"Parameters","parameter":[{},{}]}}"#,
        operation("delete", "Patient.telecom", &[]),
        replace("Patient.name.where(family = 'Secret').use", "valueCode", r#""old""#)
    ));
    let issue = Patch::parameters(&parameters).expect("a patch").apply(&patient()).expect_err("nobody is called that").remove(0);
    assert_eq!(issue.expression, "Parameters.parameter[1]");
    assert!(issue.diagnostics.starts_with("operation[1] (replace Patient.name.where(family = '…').use): "), "{}", issue.diagnostics);
    assert!(!issue.diagnostics.contains("Secret"));
}

#[test]
fn bounds_how_deep_it_goes() {
    let mut parts = r#"[{"name":"url","valueUri":"http://x.test"},{"name":"value","valueString":"x"}]"#.to_owned();
    for _ in 0..30 {
        parts = format!(r#"[{{"name":"url","valueUri":"http://x.test"}},{{"name":"extension","part":{parts}}}]"#);
    }
    let deeper = |levels: usize| add(&format!("Patient{}", ".extension".repeat(levels)), "extension", "part", &parts);
    assert!(apply(&[deeper(0), deeper(31)]).is_ok());
    let operations = [deeper(0), deeper(31), deeper(62)];
    assert_eq!(apply(&operations), Err(vec![904]));
}
