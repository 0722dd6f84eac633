//! MeasureReports against their Measure.

use fhir::Value;

use crate::base::definitions::errors;
use crate::walk::json;

fn code(code: &str) -> String {
    format!(r#""code": {{"coding": [{{"system": "http://terminology.hl7.org/CodeSystem/measure-population", "code": "{code}"}}]}}"#)
}

fn measure(scoring: &str, groups: &str) -> Value {
    json(&format!(
        r#"{{"resourceType": "Measure", "url": "http://example.org/m", "group": [{groups}],
            "scoring": {{"coding": [{{"system": "http://terminology.hl7.org/CodeSystem/measure-scoring", "code": "{scoring}"}}]}}}}"#
    ))
}

fn report(status: &str, kind: &str, groups: &str) -> String {
    format!(
        r#"{{"resourceType": "MeasureReport", "status": "{status}", "type": "{kind}", "measure": "http://example.org/m", "group": [{groups}]}}"#
    )
}

#[test]
fn groups_and_populations_are_those_of_the_measure() {
    let group = |populations: &[&str]| {
        let populations: Vec<String> = populations.iter().map(|name| format!("{{{}}}", code(name))).collect();
        format!(r#"{{"population": [{}]}}"#, populations.join(","))
    };
    let definition = [measure("cohort", &group(&["numerator", "denominator"]))];
    let judged = |groups: &str| errors(&definition, &report("complete", "summary", groups));
    assert_eq!(judged(&group(&["denominator", "numerator"])), [""; 0]);
    assert_eq!(judged(&group(&["numerator", "denominator", "initial-population"])), ["1090 MeasureReport.group[0].population[2]"]);
    assert_eq!(judged(&group(&["numerator", "denominator", "numerator"])), ["1090 MeasureReport.group[0].population[2]"]);
    assert_eq!(judged(&group(&["numerator"])), ["1090 MeasureReport.group[0]"]);
    // What is not complete may leave something out.
    assert_eq!(errors(&definition, &report("pending", "summary", &group(&["numerator"]))), [""; 0]);
    assert_eq!(judged(&format!("{0}, {0}", group(&["numerator", "denominator"])))[0], "1090 MeasureReport.group[0]");
    assert_eq!(errors(&[], &report("complete", "summary", &group(&["x"]))), [""; 0], "the Measure is not known");
}

#[test]
fn scores_are_where_the_scoring_has_them() {
    let judged = |scoring: &str, kind: &str, score: &str| {
        errors(&[measure(scoring, "{}")], &report("complete", kind, &format!(r#"{{"id": "g"{score}}}"#)))
    };
    let score = r#", "measureScore": {"value": 1}"#;
    assert_eq!(judged("cohort", "summary", score), ["1090 MeasureReport.group[0].measureScore"]);
    assert_eq!(judged("cohort", "summary", ""), [""; 0]);
    assert_eq!(
        (judged("ratio", "summary", ""), judged("ratio", "summary", score)),
        (vec!["1090 MeasureReport.group[0]".to_owned()], vec![])
    );
    assert_eq!(judged("ratio", "data-collection", score), ["1050 MeasureReport", "1090 MeasureReport.group[0].measureScore"]);
}

#[test]
fn counts_are_those_of_the_subjects() {
    let counted = |count: u32| {
        let group = format!(r##"{{"population": [{{"count": {count}, "subjectResults": {{"reference": "#l"}}}}]}}"##);
        let list = r#""contained": [{"resourceType": "List", "id": "l", "status": "current", "mode": "snapshot", "entry": [{"item": {"display": "x"}}]}]"#;
        let report = report("complete", "subject-list", &group).replacen("\"status\"", &format!("{list}, \"status\""), 1);
        errors(&[measure("cohort", r#"{"population": [{}]}"#)], &report)
    };
    assert_eq!((counted(1), counted(2)), (vec![], vec!["1090 MeasureReport.group[0].population[0]".to_owned()]));
}

#[test]
fn stratifiers_are_told_by_their_components() {
    let components = |code: &str| format!(r#"[{{"code": {{"text": "{code}"}}, "value": {{"text": "x"}}}}]"#);
    let definition = format!(r#"{{"stratifier": [{{"component": {}}}, {{"component": {}}}]}}"#, components("age"), components("sex"));
    let judged = |first: &str| {
        let stratum = |code: &str| format!(r#"{{"stratum": [{{"component": {}}}]}}"#, components(code));
        errors(
            &[measure("cohort", &definition)],
            &report("complete", "summary", &format!(r#"{{"stratifier": [{}, {}]}}"#, stratum(first), stratum("sex"))),
        )
    };
    assert_eq!((judged("age"), judged("colour")), (vec![], vec!["1090 MeasureReport.group[0].stratifier[0]".to_owned()]));
}
