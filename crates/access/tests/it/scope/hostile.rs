//! What cannot be read is refused, with a message that teaches and repeats no value.

use access::{Scopes, codes};

fn refusal(text: &str) -> String {
    let issues = Scopes::parse(text).expect_err(text);
    assert!(issues.iter().all(|issue| issue.number == codes::BAD_SCOPE), "{text}: {issues:?}");
    issues[0].diagnostics.clone()
}

#[test]
fn each_mistake_is_named_with_its_remedy() {
    let cases = [
        ("patient/Observation.sr", "write `rs`"),
        ("patient/Observation.rrs", "write `rs`"),
        ("patient/Observation.x", "letters of `cruds`"),
        ("patient/Observation.", "letters of `cruds`"),
        ("patient/Observation.reads", "letters of `cruds`"),
        ("patient/Observation.READ", "letters of `cruds`"),
        ("patient/Observation", "what may be done is missing"),
        ("patient/", "what may be done is missing"),
        ("patient/.rs", "is no resource type"),
        ("patient/observation.rs", "did you mean `Observation`?"),
        ("patient/Observatin.rs", "did you mean `Observation`?"),
        ("patient/Resource.rs", "is no resource type"),
        ("patient/**.rs", "is no resource type"),
        ("patent/Observation.rs", "did you mean `patient/`?"),
        ("Patient/Observation.rs", "did you mean `patient/`?"),
        ("patient/Observation.rs?", "search parameters"),
        ("patient/Observation.rs?category", "a name and a value"),
        ("patient/Observation.rs?=x", "a name and a value"),
        ("patient/Observation.rs?category=%ZZ", "percent"),
        ("patient/Observation.rs?category=%FF", "percent"),
        ("patient/Observation.rs\u{0}", "visible ASCII"),
        ("patient/Observation.rs\topenid", "visible ASCII"),
        ("patient/Observation.rs\nopenid", "visible ASCII"),
        ("op\"enid", "visible ASCII"),
        ("öpenid", "visible ASCII"),
    ];
    for (text, remedy) in cases {
        let said = refusal(text);
        assert!(said.contains(remedy), "{text:?}: {said}");
    }
}

#[test]
fn values_are_not_repeated() {
    let said = refusal("patient/Patient.x?name=Waldemar");
    assert!(!said.contains("Waldemar"), "{said}");
    let said = refusal(&format!("patient/{}.rs", "A".repeat(5000)));
    assert!(said.len() < 400, "{} bytes", said.len());
}

#[test]
fn a_list_is_bounded() {
    assert!(refusal(&"a".repeat(16 * 1024 + 1)).contains("longer than"));
    assert!(refusal(&"a ".repeat(201)).contains("more than 200"));
    let many: Vec<String> = (0..11).map(|each| format!("p{each}=1")).collect();
    assert!(refusal(&format!("patient/Patient.r?{}", many.join("&"))).contains("more than 10"));
    assert_eq!(Scopes::parse(&"a ".repeat(200)).expect("as many as may be").others.len(), 1);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let issues = Scopes::parse("patient/Observation.sr openid user/Foo.r").expect_err("two mistakes");
    assert_eq!(issues.len(), 2);
}
