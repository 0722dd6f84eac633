//! The glass broken by an app, through `/api/v1/break-glass`: what it takes is the same as on the page.

use crate::attacks::factors::Factor;

const PATH: &str = "/api/v1/break-glass";
const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];

fn asked(patient: &str, reason: &str, code: &str) -> Vec<u8> {
    format!(r#"{{"patient": "{patient}", "reason": "{reason}", "code": "{code}"}}"#).into_bytes()
}

#[test]
fn an_app_breaks_the_glass_in_the_session_in_which_it_was_allowed() {
    let (house, app) = super::house_with_app("user/*.rs");
    let mut doc = house.signed_in("doc");
    let mut factor = Factor::set_up(&mut doc);
    let (token, _) = house.tokens(&mut doc, &app, "user/*.rs");
    assert_eq!(house.get(&token, PATH).status, 404, "it is not broken");
    let reason = "unconscious, no kin to ask";
    for (patient, reason, code, status) in
        [("ann", "short", "000000", 400), ("ann", reason, "000000", 403), ("Patient/ann", reason, "000000", 400)]
    {
        let answer = house.with(&token, "POST", PATH, JSON, &asked(patient, reason, code));
        assert_eq!(answer.status, status, "{patient} {reason}: {}", String::from_utf8_lossy(&answer.body));
    }
    let code = factor.next();
    let begun = house.with(&token, "POST", PATH, JSON, &asked("ann", reason, &code));
    assert_eq!(begun.status, 201, "{}", String::from_utf8_lossy(&begun.body));
    let (from, until) = (begun.json().text("until").map(str::to_owned), house.get(&token, PATH).json().text("until").map(str::to_owned));
    assert!(from.is_some() && from == until);
    assert!(house.get(&token, "/fhir/Patient/ann").header("ward-emergency").starts_with("until="));
    assert!(
        doc.get("/auth/break-glass").text.contains("The glass is broken"),
        "the page of the same session says so, under the same token"
    );
    assert_eq!(house.with(&token, "POST", PATH, JSON, &asked("bob", reason, &code)).status, 403, "a code is good once");
    assert_eq!(house.with(&token, "DELETE", PATH, &[], b"").status, 204);
    assert_eq!(house.get(&token, PATH).status, 404);
    assert!(house.get(&token, "/fhir/Patient/ann").header("ward-emergency").is_empty());
    let mut eve = house.signed_in("eve");
    assert!(eve.get("/auth/reviews").text.contains(reason));
}

#[test]
fn whose_rules_give_nothing_then_and_who_has_no_session_cannot() {
    let (house, app) = super::house_with_app("user/*.rs");
    let mut ann = house.signed_in("boss");
    let mut factor = Factor::set_up(&mut ann);
    let (token, _) = house.tokens(&mut ann, &app, "user/*.rs");
    let code = factor.next();
    let refused = house.with(&token, "POST", PATH, JSON, &asked("ann", "unconscious, no kin to ask", &code));
    assert_eq!(refused.status, 403);
    assert!(String::from_utf8_lossy(&refused.body).contains("WARD-1344"));
    let operator = house.token(&[]);
    for method in ["GET", "DELETE"] {
        let refused = house.with(&operator, method, PATH, &[], b"");
        assert!(refused.status == 403 && String::from_utf8_lossy(&refused.body).contains("WARD-1344"), "{method}");
    }
}
