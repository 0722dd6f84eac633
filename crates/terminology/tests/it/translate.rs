use fhir::Value;
use terminology::request::TranslateRequest;

use crate::{json, parameters, told, with};

fn map() -> Value {
    json(
        r#"{"resourceType": "ConceptMap", "url": "http://example.org/map", "version": "1", "status": "active", "group": [{
            "source": "http://example.org/from", "target": "http://example.org/to",
            "element": [
                {"code": "a", "target": [{"code": "A", "equivalence": "equivalent"}]},
                {"code": "b", "target": [{"code": "B", "equivalence": "wider"}, {"code": "B1", "equivalence": "equal",
                    "dependsOn": [{"property": "http://example.org/sex", "value": "f"}], "product": [{"property": "http://example.org/side", "value": "left"}]}]},
                {"code": "c", "target": [{"equivalence": "unmatched"}]}],
            "unmapped": {"mode": "other-map", "url": "http://example.org/other"}}]}"#,
    )
}

fn other() -> Value {
    json(
        r#"{"resourceType": "ConceptMap", "url": "http://example.org/other", "status": "active", "group": [{
            "source": "http://example.org/from", "target": "http://example.org/to", "unmapped": {"mode": "fixed", "code": "X"}}]}"#,
    )
}

/// Whether there is a translation, and each as `equivalence code`.
fn translated(pairs: &[(&str, &str)]) -> (bool, Vec<String>) {
    with(vec![map(), other()], |engine| {
        let request = TranslateRequest::read(&parameters(pairs)).expect("the request is right");
        let answer = terminology::translate(engine, &request).unwrap_or_else(|error| panic!("{error}"));
        let part = |parts: &Value, name: &str| parts.list("part").find(|part| part.text("name") == Some(name)).cloned();
        let matches = answer.list("parameter").filter(|parameter| parameter.text("name") == Some("match")).map(|parts| {
            let code = part(parts, "concept").and_then(|concept| concept.get("valueCoding")?.text("code").map(str::to_owned));
            format!("{} {}", part(parts, "equivalence").expect("it says").text("valueCode").unwrap_or_default(), code.unwrap_or_default())
        });
        (told(&answer, "result").and_then(Value::as_bool).expect("it says"), matches.collect())
    })
}

#[test]
fn maps_lead_there_and_back() {
    let from = ("system", "http://example.org/from");
    assert_eq!(translated(&[("url", "http://example.org/map"), ("code", "a"), from]), (true, vec!["equivalent A".to_owned()]));
    let to = ("system", "http://example.org/to");
    let back = translated(&[("url", "http://example.org/map"), ("code", "B"), to, ("reverse", "true")]);
    assert_eq!(back, (true, vec!["narrower b".to_owned()]));
    let named = translated(&[("targetCode", "A"), ("targetSystem", "http://example.org/to")]);
    assert_eq!(named, (true, vec!["equivalent a".to_owned()]));
}

#[test]
fn what_a_mapping_depends_on_has_to_be_told() {
    let from = ("system", "http://example.org/from");
    assert_eq!(translated(&[("url", "http://example.org/map"), ("code", "b"), from]).1, ["wider B"]);
    with(vec![map()], |engine| {
        let request = json(
            r#"{"resourceType": "Parameters", "parameter": [{"name": "url", "valueUri": "http://example.org/map"}, {"name": "code", "valueCode": "b"},
                {"name": "system", "valueUri": "http://example.org/from"}, {"name": "dependency", "part": [
                    {"name": "element", "valueUri": "http://example.org/sex"}, {"name": "concept", "valueCodeableConcept": {"coding": [{"code": "f"}]}}]}]}"#,
        );
        let request = TranslateRequest::read(&request).expect("the request is right");
        let answer = fhir::json::to_string(&terminology::translate(engine, &request).expect("it is translated"));
        assert!(answer.contains(r#""code":"B1""#) && answer.contains("http://example.org/side"), "{answer}");
    });
}

#[test]
fn what_is_not_mapped_is_told() {
    let from = ("system", "http://example.org/from");
    assert_eq!(translated(&[("url", "http://example.org/map"), ("code", "c"), from]), (false, vec!["unmatched ".to_owned()]));
    assert_eq!(translated(&[("url", "http://example.org/map"), ("code", "z"), from]), (true, vec!["relatedto X".to_owned()]));
    let elsewhere = translated(&[("code", "a"), from, ("targetsystem", "http://example.org/elsewhere")]);
    assert_eq!(elsewhere, (false, Vec::new()));
}
