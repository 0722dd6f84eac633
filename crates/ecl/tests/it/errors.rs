//! What is said of a mistake: the place, what was expected, and a remedy.

use ecl::{ErrorKind, Limits, evaluate, parse};

use crate::synthetic_making::{id_of, make};

#[test]
fn mistakes_of_grammar() {
    let cases = [
        (
            "<< heart",
            "at byte 3: this is not understood: \"heart\"; expected is \"^\", an identifier such as LOINC#54486-6, \"*\", \"(\" or the identifier of a concept",
        ),
        ("404684003 AND 64572001 OR 73211009", "at byte 23: AND, OR and MINUS bind equally: put parentheses around what belongs together"),
        ("404684003: 363698007 > 39057004", "at byte 23: this is not understood: \"39057004\"; expected is \"#\" and a number"),
        ("12345", "at byte 0: identifiers of SNOMED CT have 6 to 18 digits, the first of which is not 0"),
        ("404684003 |Clinical finding", "at byte 10: this term is not closed by \"|\""),
        ("404684003 {{ D term = \"a", "at byte 22: this text is not closed by a quotation mark"),
        ("404684003: [3..1] 363698007 = *", "at byte 11: the second number of a cardinality is not below the first"),
    ];
    for (text, message) in cases {
        assert_eq!(parse(text).expect_err(text).to_string(), message);
    }
}

#[test]
fn what_has_no_meaning() {
    let edition = make(1);
    let id = id_of;
    let cases = [
        (format!("{} {{{{ M active = true }}}}", id(1)), "a filter of members has a meaning only behind"),
        (format!("< ^ [mapTarget] {}", id(6)), "the values of \"mapTarget\" are no concepts"),
        (format!("< ^ [mapTarget, mapGroup] {}", id(6)), "within a constraint one field can be asked for"),
        (format!("(^ [*] {}) AND *", id(6)), "all fields can be asked for only where the constraint is nothing else"),
        (format!("*: R {} = #5", id(1)), "a reversed attribute leads to concepts"),
    ];
    for (text, message) in cases {
        let error = evaluate(&parse(&text).expect("it is a constraint"), &edition, Limits::default()).expect_err(&text);
        assert_eq!((error.kind, error.message.contains(message)), (ErrorKind::Meaning, true), "{text}: {error}");
    }
}
