use terminology::request::{Coded, Coding};
use terminology::{Membership, Verdict};

use crate::{animals, filtered, json, with};

const MAMMALS: &str = "http://example.org/vs/mammals|1";

fn judged(coded: &Coded) -> Verdict {
    with(vec![animals(), filtered("mammals", "concept", "is-a", "mammal")], |engine| engine.validate_binding(MAMMALS, coded))
}

fn coding(code: &str, display: Option<&str>) -> Coding {
    let text = |text: &str| Some(text.to_owned());
    Coding { system: text("http://example.org/animals"), code: text(code), display: display.and_then(text), version: None }
}

#[test]
fn what_is_in_needs_no_words() {
    for coded in [
        Coded::Coding(coding("dog", None)),
        Coded::Coding(coding("dog", Some("hund"))),
        Coded::Code(Coding { system: None, ..coding("bat", None) }),
        Coded::Concept(json(
            r#"{"coding": [{"system": "http://example.org/animals", "code": "dodo"}, {"system": "http://example.org/animals", "code": "dog"}]}"#,
        )),
    ] {
        let verdict = judged(&coded);
        assert_eq!((verdict.membership, verdict.reason, verdict.issues.len()), (Membership::In, None, 0), "{coded:?}");
    }
}

#[test]
fn what_is_not_in_is_told_why() {
    let verdict = judged(&Coded::Coding(coding("unicorn", None)));
    assert_eq!(verdict.membership, Membership::NotIn);
    let reason = verdict.reason.expect("there is a reason");
    assert!(reason.contains("was not found in the value set 'http://example.org/vs/mammals|1'"), "{reason}");
    assert!(reason.contains("Unknown code 'unicorn'"), "{reason}");
    let alone = Coded::Code(Coding { system: None, ..coding("dodo", None) });
    assert_eq!(judged(&alone).membership, Membership::NotIn);
    assert_eq!(judged(&Coded::Coding(Coding { system: None, ..coding("dog", None) })).membership, Membership::NotIn);
}

#[test]
fn a_wrong_display_is_a_warning() {
    let verdict = judged(&Coded::Coding(coding("dog", Some("Cat"))));
    assert_eq!(verdict.membership, Membership::In);
    let issue = verdict.issues.first().expect("there is a warning");
    assert_eq!((issue.severity, issue.expression.as_str()), (fhir::Severity::Warning, "Coding.display"));
}

#[test]
fn an_unknown_value_set_cannot_be_told() {
    let verdict =
        with(vec![animals()], |engine| engine.validate_binding("http://example.org/vs/none", &Coded::Coding(coding("dog", None))));
    assert_eq!(verdict.membership, Membership::CannotTell);
    assert_eq!(verdict.reason.as_deref(), Some("A definition for the value Set 'http://example.org/vs/none' could not be found"));
}
