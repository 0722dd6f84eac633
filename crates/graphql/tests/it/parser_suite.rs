//! The parser cases of HL7's test suite: each is a document that the grammar takes.

use graphql::{Limits, syntax};

#[test]
fn reads_all_documents() {
    let Some(folder) = published::data("suites/graphql") else { return };
    let text = std::fs::read_to_string(folder.join("parser-tests.gql")).expect("the cases");
    let mut ran = 0;
    for case in text.split("#### ").skip(1) {
        let (name, document) = case.split_once('\n').expect("a name and a document");
        let parsed = syntax::parse(document, &Limits::default());
        assert!(parsed.is_ok(), "{name}: {parsed:?}");
        ran += 1;
    }
    println!("the parser cases: {ran} ran");
    assert!(ran > 20);
}

#[test]
fn refuses_what_the_grammar_does_not_have() {
    for (text, line, column) in [
        ("", 1, 1),
        ("{", 1, 2),
        ("{}", 1, 3),
        ("{ a", 1, 4),
        ("{ a }}", 1, 6),
        ("{\n  a(b: ) }", 2, 8),
        ("{ a(b: 01) }", 1, 8),
        ("{ a(b: \"x) }", 1, 8),
        ("{ a(b: \"\\q\") }", 1, 8),
        ("{ a(b: \"\\ud800\") }", 1, 8),
        ("{ ..a }", 1, 3),
        ("query ($a Int) { a }", 1, 11),
        ("fragment on on A { b }", 1, 10),
        ("banana { a }", 1, 1),
        ("{ a ; b }", 1, 5),
        ("{ a(b: \"\"\"x) }", 1, 8),
    ] {
        let error = syntax::parse(text, &Limits::default()).expect_err(text);
        let at = error.at.expect("a place");
        assert_eq!((error.issue.number, at.line, at.column), (920, line, column), "{text}: {}", error.issue);
    }
}

#[test]
fn reads_strings_as_they_are_meant() {
    let text = r#"{ a(b: "x\n\u00e9\u{1F600}\ud83d\ude00\"", c: """
        one
          two \"""
        """) }"#;
    let document = syntax::parse(text, &Limits::default()).expect("a document");
    let syntax::Selection::Field(field) = &document.operations[0].selections[0] else { panic!("a field") };
    assert_eq!(field.arguments[0].value, syntax::Input::String("x\né😀😀\"".to_owned()));
    assert_eq!(field.arguments[1].value, syntax::Input::String("one\n  two \"\"\"".to_owned()));
}
