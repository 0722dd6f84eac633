//! Policies that are wrong: refused with the place, the rule and the remedy.

use access::{Acts, Policy, codes, policy};
use search::Registry;

fn refusals(text: &str) -> Vec<String> {
    let issues = Policy::read(text.as_bytes(), &Registry::standard()).expect_err(text);
    issues.iter().map(|issue| format!("{} {}: {}", issue.number, issue.expression, issue.diagnostics)).collect()
}

/// What is said of a policy with this rule.
fn of_rule(rule: &str) -> String {
    refusals(&format!(r#"{{"name": "p", "description": "d", "rules": [{rule}]}}"#)).join("\n")
}

#[test]
fn each_mistake_in_a_rule_is_named_with_its_place_and_remedy() {
    let ok = r#""name": "r", "types": ["Patient"], "acts": ["read"]"#;
    let with = |more: &str| format!("{{{ok}, {more}}}");
    let cases = [
        (with(r#""criterion": "x""#), "1321 rules[0]: there is no member `criterion`: did you mean `criteria`?"),
        (with(r#""patient": "x""#), "did you mean `patients`?"),
        (with(r#""effect": "forbid""#), "1322 rules[0].effect: `forbid` is no effect: known are allow, deny"),
        (
            r#"{"name": "r", "types": ["Patien"], "acts": ["read"]}"#.to_owned(),
            "rules[0].types[0]: `Patien` is no type or group of types: did you mean `Patient`?",
        ),
        (r#"{"name": "r", "types": ["clincal"], "acts": ["read"]}"#.to_owned(), "did you mean `clinical`?"),
        (r#"{"name": "r", "types": "Patient", "acts": ["read"]}"#.to_owned(), "rules[0].types: it is a string, and should be an array"),
        (r#"{"name": "r", "types": [], "acts": ["read"]}"#.to_owned(), "the array is empty"),
        (r#"{"name": "r", "types": [7], "acts": ["read"]}"#.to_owned(), "rules[0].types[0]: it is a number, and should be a text"),
        (r#"{"name": "r", "types": ["Patient"], "acts": ["raed"]}"#.to_owned(), "rules[0].acts[0]: `raed` is no act: did you mean `read`?"),
        (r#"{"name": "r", "types": ["Patient"]}"#.to_owned(), "rules[0].acts: it is missing"),
        (r#"{"name": "r", "acts": ["read"]}"#.to_owned(), "rules[0].types: it is missing"),
        (r#"{"name": "r"}"#.to_owned(), "the rule is about nothing"),
        (r#"{"types": ["Patient"], "acts": ["read"]}"#.to_owned(), "rules[0].name: it is missing"),
        (r#""rule""#.to_owned(), "rules[0]: it is a string, and should be an object"),
        (
            with(r#""criteria": "birthdat=2000""#),
            "1323 rules[0].criteria: as a search of Patient: Patient has no search parameter `birthdat`: did you mean `birthdate`?",
        ),
        (with(r#""criteria": "_count=1""#), "a condition has criteria only"),
        (with(r#""criteria": "name=%usr""#), "1323 rules[0].criteria: `%usr` is no placeholder: did you mean `%user`?"),
        (with(r#""criteria": "name=%e4%""#), "percent"),
        (with(r#""criteria": " ""#), "it is empty"),
        (with(r#""criteria": "birthdate=gt""#), "1323 rules[0].criteria"),
        (with(r#""patients": "nam=x""#), "1323 rules[0].patients: as a search of Patient"),
        (with(r#""compartment": "%facility""#), "rules[0].compartment: `%facility` is no owner of a compartment"),
        (
            r#"{"name": "r", "types": ["Medication"], "acts": ["read"], "compartment": "%patient"}"#.to_owned(),
            "Medication is in no compartment of a Patient",
        ),
        (
            r#"{"name": "r", "types": ["Medication"], "acts": ["read"], "relations": ["care-team"]}"#.to_owned(),
            "rules[0].relations: Medication is not about a patient",
        ),
        (
            r#"{"name": "r", "types": ["Medication"], "acts": ["read"], "patients": "_id=1"}"#.to_owned(),
            "rules[0].patients: Medication is not about a patient",
        ),
        (with(r#""relations": ["careteam"]"#), "did you mean `care-team`?"),
        (with(r#""clearance": "X""#), "rules[0].clearance: `X` is no clearance"),
        (with(r#""hidden": ["telecom"]"#), "rules[0].hidden[0]: an element is written with its type"),
        (with(r#""hidden": ["Patient.telcom"]"#), "1324 rules[0].hidden[0]: Patient has no element `telcom`: did you mean `telecom`?"),
        (with(r#""hidden": ["Patient.name.givn"]"#), "HumanName has no element `givn`: did you mean `given`?"),
        (with(r#""hidden": ["Patient.birthDate.year"]"#), "has no elements that could be named"),
        (with(r#""hidden": ["Observation.value"]"#), "Observation is not among the types of the rule"),
        (with(r#""hidden": ["Patient.meta"]"#), "what the server works with"),
        (
            r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "hidden": ["Observation.status"]}"#.to_owned(),
            "every Observation must have `status`",
        ),
        (with(r#""purposes": ["TRAET"]"#), "rules[0].purposes[0]: `TRAET` is no purpose of use: did you mean `TREAT`?"),
        (with(r#""hours": [{"from": "25:00"}]"#), "rules[0].hours[0].from: it is a time of day"),
        (with(r#""hours": [{"from": "7:30"}]"#), "it is a time of day"),
        (with(r#""hours": [{"days": ["monday"]}]"#), "`monday` is no day"),
        (with(r#""hours": [{"til": "10:00"}]"#), "1321 rules[0].hours[0]: there is no member `til`"),
        (with(r#""hours": []"#), "rules[0].hours: it is an array of objects"),
        (with(r#""users": ["Doctor"]"#), "rules[0].users[0]: `Doctor` is no type that a user may be"),
        (with(r#""secondFactor": "yes""#), "rules[0].secondFactor: it is a string, and should be true or false"),
        (with(r#""operations": ["purge"], "criteria": "active=true""#), "rules[0].operations: an operation is allowed or not"),
        (with(r#""effect": "deny", "breakGlass": true"#), "rules[0].breakGlass: only a rule that allows has it"),
        (with(r#""effect": "deny", "clearance": "R""#), "rules[0].clearance: only a rule that allows has it"),
        (with(r#""effect": "deny", "hidden": ["Patient.telecom"]"#), "either about acts or about elements"),
        (
            r#"{"name": "r", "effect": "deny", "types": ["Patient"], "hidden": ["Patient.telecom"], "criteria": "active=true"}"#.to_owned(),
            "elements are denied for all resources",
        ),
    ];
    for (rule, expected) in cases {
        let said = of_rule(&rule);
        assert!(said.contains(expected), "{rule}\n{said}\nand not\n{expected}");
    }
}

#[test]
fn what_is_no_policy_is_refused() {
    let cases = [
        ("{", codes::UNREADABLE_POLICY),
        ("[]", codes::BAD_POLICY),
        (r#"{"name": "p", "description": "d"}"#, codes::BAD_POLICY),
        (r#"{"name": "p", "description": "d", "rules": {}}"#, codes::BAD_POLICY),
        (r#"{"name": "P Q", "description": "d", "rules": []}"#, codes::BAD_POLICY),
        (r#"{"name": "p", "rules": []}"#, codes::BAD_POLICY),
        (r#"{"name": "p", "description": "d", "rules": [], "rule": []}"#, codes::UNKNOWN_MEMBER),
        (r#"{"name": "p", "description": "d", "rules": [], "rules": []}"#, codes::UNREADABLE_POLICY),
    ];
    for (text, number) in cases {
        let issues = Policy::read(text.as_bytes(), &Registry::standard()).expect_err(text);
        assert_eq!(issues[0].number, number, "{text}: {issues:?}");
    }
    let long = " ".repeat(policy::MAX_TEXT_BYTES + 1);
    assert!(refusals(&long)[0].contains("longer than"));
    let rule = r#"{"name": "r", "types": ["Patient"], "acts": ["read"]}"#;
    let many = vec![rule; policy::MAX_RULES + 1].join(",");
    assert!(refusals(&format!(r#"{{"name": "p", "description": "d", "rules": [{many}]}}"#))[0].contains("more than 200 rules"));
}

#[test]
fn every_mistake_is_told_at_once() {
    let said = of_rule(r#"{"name": "r", "types": ["Patien", "Observatio"], "acts": ["raed"], "colour": 1}"#);
    assert!(said.lines().count() >= 4, "{said}");
}

#[test]
fn values_of_criteria_are_not_repeated() {
    let said = of_rule(r#"{"name": "r", "types": ["Patient"], "acts": ["read"], "criteria": "birthdate=Waldemar"}"#);
    assert!(!said.contains("Waldemar"), "{said}");
}

#[test]
fn a_rule_is_understood_as_it_is_written() {
    let read = crate::world::policy(
        r#"{"name": "r", "effect": "deny", "types": ["Patient", "security", "Patient"], "acts": ["read", "update"], "operations": ["$purge"]}"#,
    );
    let rule = &read.rules[0];
    let names: Vec<&str> = rule.kinds.iter().map(|kind| kind.name()).collect();
    assert_eq!(names, ["AuditEvent", "Consent", "Patient", "Provenance"]);
    assert_eq!(rule.acts, Acts { read: true, update: true, search: true, ..Acts::default() });
    assert_eq!(*rule.operations, ["purge".into()]);
    let hidden = crate::world::policy(
        r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "hidden": ["Observation.value[x]", "Observation.component.value"]}"#,
    );
    let paths: Vec<&str> = hidden.rules[0].hidden.iter().map(|(_, path)| &**path).collect();
    assert_eq!(paths, ["value", "component.value"]);
}
