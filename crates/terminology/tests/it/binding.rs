use fhir::Value;
use terminology::{Bound, Membership, Verdict};

use crate::{animals, filtered, json, with};

const MAMMALS: &str = "http://example.org/vs/mammals|1";

fn judged(bound: Bound<'_>) -> Verdict {
    with(vec![animals(), filtered("mammals", "concept", "is-a", "mammal")], |engine| engine.validate_binding(MAMMALS, bound))
}

fn coding(code: &str, display: &str) -> Value {
    match display {
        "" => fhir::object! { "system": "http://example.org/animals", "code": code },
        display => fhir::object! { "system": "http://example.org/animals", "code": code, "display": display },
    }
}

#[test]
fn what_is_in_needs_no_words() {
    let concept = fhir::object! { "coding": fhir::array![coding("dodo", ""), coding("dog", "")] };
    let (plain, named) = (coding("dog", ""), coding("dog", "hund"));
    for bound in [Bound::Coding(&plain), Bound::Coding(&named), Bound::Code("bat"), Bound::Concept(&concept)] {
        let verdict = judged(bound);
        assert_eq!((verdict.membership, verdict.reason, verdict.issues.len()), (Membership::In, None, 0), "{bound:?}");
    }
}

#[test]
fn what_is_not_in_is_told_why() {
    let verdict = judged(Bound::Coding(&coding("unicorn", "")));
    assert_eq!(verdict.membership, Membership::NotIn);
    let reason = verdict.reason.expect("there is a reason");
    assert!(reason.contains("was not found in the value set 'http://example.org/vs/mammals|1'"), "{reason}");
    assert!(reason.contains("Unknown code 'unicorn'"), "{reason}");
    assert_eq!(judged(Bound::Code("dodo")).membership, Membership::NotIn);
    assert_eq!(judged(Bound::Coding(&json(r#"{"code": "dog"}"#))).membership, Membership::NotIn);
}

#[test]
fn a_wrong_display_is_a_warning() {
    let verdict = judged(Bound::Coding(&coding("dog", "Cat")));
    assert_eq!(verdict.membership, Membership::In);
    let issue = verdict.issues.first().expect("there is a warning");
    assert_eq!((issue.severity, issue.expression.as_str()), (fhir::Severity::Warning, "Coding.display"));
}

#[test]
fn an_unknown_value_set_cannot_be_told() {
    let dog = coding("dog", "");
    let verdict = with(vec![animals()], |engine| engine.validate_binding("http://example.org/vs/none", Bound::Coding(&dog)));
    assert_eq!(verdict.membership, Membership::CannotTell);
    assert_eq!(verdict.reason.as_deref(), Some("A definition for the value Set 'http://example.org/vs/none' could not be found"));
}
