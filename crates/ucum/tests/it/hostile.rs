//! What is meant to hurt ends in an error.

use ucum::{MAX_BYTES, MAX_DEPTH, Number, Problem, Unit};

#[test]
fn size_and_depth_are_bounded() {
    let long = "m.".repeat(MAX_BYTES);
    assert_eq!(Unit::parse(&long).unwrap_err().problem, Problem::TooLong);
    assert!(Unit::parse(&long).unwrap_err().to_string().len() < 100, "what is too long is not said again");
    let nested = |depth| format!("{}m{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Unit::parse(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(Unit::parse(&nested(MAX_DEPTH + 1)).unwrap_err().problem, Problem::TooDeep);
    for code in ["10*999.10*999.10*999", "[pi]999", "Ym999.Ym999", "[ly]-999", "9".repeat(250).as_str()] {
        let canonical = Unit::parse(code).and_then(|unit| unit.canonical());
        assert!(canonical.is_err_and(|error| error.problem == Problem::TooLarge) || code.starts_with('9'), "{code}");
    }
    assert_eq!(Unit::parse("1/0").and_then(|unit| unit.canonical()).unwrap_err().problem, Problem::ByZero);
    assert_eq!(Number::parse("1e1001"), None);
    assert_eq!(Number::parse(&"1".repeat(1000)), None);
}

/// Every text of a few characters is a code or none, and never a panic; what is a code has a name and says so again.
#[test]
fn all_short_texts() {
    let alphabet: Vec<char> = "m1*[({}/.-é".chars().collect();
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        texts = texts.iter().flat_map(|text| alphabet.iter().map(move |next| format!("{text}{next}"))).collect();
        for text in &texts {
            match Unit::parse(text) {
                Ok(unit) => {
                    assert!(!unit.name().is_empty());
                    let _ = unit.canonical();
                }
                Err(error) => assert!(error.at <= text.len() && text.is_char_boundary(error.at), "{error}"),
            }
        }
    }
}
