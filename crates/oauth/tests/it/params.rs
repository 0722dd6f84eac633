//! Parameters: each once, bounded, and shown to nobody.

use oauth::{Fault, Params};

fn params(pairs: &[(&str, &str)]) -> Result<Params, oauth::Refusal> {
    Params::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

#[test]
fn one_that_stands_twice_is_an_error_whatever_it_says() {
    for name in ["client_id", "redirect_uri", "scope", "code", "state", "grant_type", "x"] {
        for values in [("a", "a"), ("a", "b"), ("", "a"), ("a", "")] {
            let refusal = params(&[(name, values.0), ("other", "1"), (name, values.1)]).unwrap_err();
            assert_eq!((refusal.fault, refusal.status()), (Fault::InvalidRequest, 400));
            assert!(refusal.why.contains(name));
        }
    }
}

#[test]
fn an_empty_one_is_not_there() {
    let params = params(&[("a", ""), ("b", " ")]).unwrap();
    assert_eq!((params.get("a"), params.get("b"), params.get("c")), (None, Some(" "), None));
    assert!(params.need("a").is_err());
}

#[test]
fn there_are_bounds() {
    let many: Vec<(String, String)> = (0..65).map(|number| (number.to_string(), String::new())).collect();
    assert!(Params::new(many[..64].to_vec()).is_ok());
    assert!(Params::new(many).is_err());
    assert!(params(&[("a", &"x".repeat(16 * 1024))]).is_ok());
    assert!(params(&[("a", &"x".repeat(16 * 1024 + 1))]).is_err());
    assert!(params(&[(&"n".repeat(129), "")]).is_err());
}

#[test]
fn no_value_is_shown() {
    let shown = format!("{:?}", params(&[("client_secret", "canary-4711")]).unwrap());
    assert!(shown.contains("client_secret") && !shown.contains("canary"), "{shown}");
}

#[test]
fn a_description_has_the_letters_that_it_may_have() {
    let refusal = oauth::Refusal::new(Fault::InvalidScope, "a \"b\" \\ é\r\nSet-Cookie: x");
    assert_eq!(refusal.description(), "a 'b' / ???Set-Cookie: x (WARD-1405)");
    assert_eq!(refusal.reply().status, 400);
}
