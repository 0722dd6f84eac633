//! What is meant to hurt ends in an error.

use ecl::{ErrorKind, Limits, MAX_BYTES, MAX_DEPTH, evaluate, parse};
use published::Random;

use crate::synthetic_making::make;

#[test]
fn size_and_depth_are_bounded() {
    let long = " ".repeat(MAX_BYTES + 1);
    assert_eq!(parse(&long).expect_err("it is too long").kind, ErrorKind::Limit);
    let nested = |depth: usize| format!("{}100001{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    for text in
        [nested(MAX_DEPTH + 1), "(".repeat(MAX_BYTES), "*:*=(".repeat(10_000), "*:{*=(".repeat(10_000), "* {{+HISTORY(".repeat(4_000)]
    {
        assert_eq!(parse(&text).expect_err("it is too deep").kind, ErrorKind::Limit, "{}", &text[..20]);
    }
    // Long lists are no depth.
    assert!(parse(&vec!["100001"; 6000].join(" OR ")).is_ok());
    assert!(parse(&format!("*: {}", vec!["*=*"; 10_000].join(","))).is_ok());
}

#[test]
fn steps_are_bounded() {
    let edition = make(2);
    let wide = format!("*: {}", vec!["[0..*] R * = *"; 4000].join(" AND "));
    let nested = (0..20).fold("*".to_owned(), |inner, _| format!("(*: {{ * = {inner}, R * = {inner} }})"));
    for text in [wide, nested[..].get(..MAX_BYTES).map_or("(*: * = *) . * . *".to_owned(), str::to_owned)] {
        let Ok(constraint) = parse(&text) else { continue };
        let error = evaluate(&constraint, &edition, Limits { steps: 10_000 }).expect_err("it takes more steps");
        assert_eq!(error.kind, ErrorKind::Limit, "{error}");
    }
}

/// Pieces of constraints in any order are a constraint or none, and never a panic.
#[test]
fn pieces_in_any_order() {
    let pieces = [
        "<", "<<", "!", "!!>", "^", "*", "100001", "|t|", "(", ")", "{", "}", "{{", "}}", "[", "]", "0..1", ":", ",", "=", "!=", "#1",
        "\"a\"", " AND ", " OR ", " MINUS ", " ", ".", "R ", "D ", "C ", "M ", "+HISTORY", "-MIN", "term", "active", "dialect", "en-gb",
        "prefer", "/*", "*/", "wild:", "é", "\\",
    ];
    let mut random = Random::new(7);
    let mut read = 0;
    for _ in 0..50_000 {
        let text: String = (0..=random.below(12)).map(|_| random.pick(&pieces)).collect();
        match parse(&text) {
            Ok(constraint) => {
                read += 1;
                assert_eq!(parse(&constraint.to_string()).as_ref(), Ok(&constraint), "{text}");
            }
            Err(error) => assert!(text.is_char_boundary(error.at), "{text}: {error}"),
        }
    }
    assert!(read > 100, "only {read} were constraints");
}
