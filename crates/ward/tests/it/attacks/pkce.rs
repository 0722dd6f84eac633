//! PKCE: verifiers that are missing, blank, wrong, of another code, or the challenge itself; challenges of another method.

use crate::attacks::house::{CHALLENGE, House, Prepared, VERIFIER, error_of};

const SCOPE: &str = "patient/Observation.rs";

/// Verifiers that belong to no code here, and what they are.
const VERIFIERS: &[(&str, &str)] = &[
    ("missing", "(missing)"),
    ("blank", ""),
    ("a blank", " "),
    ("wrong", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXx"),
    ("the challenge", CHALLENGE),
    ("cut off", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX"),
    ("padded", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk="),
    ("with a blank behind", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk "),
    ("with a line behind", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\n"),
    ("with a zero byte behind", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\0"),
    ("of other case", "DBJFTJEZ4CVP-MB92K27UHBUJU1P1R_WW1GFWFOEJXK"),
    ("null", "null"),
];

/// Challenges that no code is given for, as changes of an honest request.
const CHALLENGES: &[(&str, &[(&str, &str)])] = &[
    ("none", &[("code_challenge", ""), ("code_challenge_method", "")]),
    ("none, with a method", &[("code_challenge", "")]),
    ("no method, which means plain", &[("code_challenge_method", "")]),
    ("plain", &[("code_challenge_method", "plain")]),
    ("plain, with the verifier", &[("code_challenge_method", "plain"), ("code_challenge", VERIFIER)]),
    ("small letters", &[("code_challenge_method", "s256")]),
    ("an unknown method", &[("code_challenge_method", "S512")]),
    ("too short", &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw")]),
    ("no base64url", &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")]),
];

#[test]
fn no_other_verifier_redeems_a_code() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    let house = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    let code = house.code(&mut browser, &app, SCOPE);
    for (what, verifier) in VERIFIERS {
        let answer = house.redeem(&app, &code, &[("code_verifier", verifier)]);
        assert_eq!((answer.status, error_of(&answer).as_str()), (400, "invalid_grant"), "{what}");
    }
    assert_eq!(house.redeem(&app, &code, &[]).status, 200, "it was the verifier that was wrong, and nothing else");
}

#[test]
fn a_verifier_of_another_code_redeems_none() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    let house = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    // The victim's app asks with a challenge of its own; the code is injected into a session whose verifier is known.
    let other = [("code_challenge", "AAAAlhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")];
    let page = browser.get(&house.asking(&app, SCOPE, &other));
    let code = browser.fill(&page, &[("ward_decision", "allow")]).parameter("code").expect("a code");
    assert_eq!(error_of(&house.redeem(&app, &code, &[])), "invalid_grant");
    let code = house.code(&mut browser, &app, SCOPE);
    assert_eq!(house.redeem(&app, &code, &[]).status, 200);
    assert_eq!(error_of(&house.redeem(&app, &code, &[])), "invalid_grant", "a right verifier makes no code good twice");
}

#[test]
fn no_other_challenge_gets_a_code() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    let house: House = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    for (what, changes) in CHALLENGES {
        let page = browser.get(&house.asking(&app, SCOPE, changes));
        assert_eq!(page.parameter("error").as_deref(), Some("invalid_request"), "{what}: {} {}", page.status, page.text);
        assert_eq!(page.parameter("code"), None, "{what}");
    }
}
