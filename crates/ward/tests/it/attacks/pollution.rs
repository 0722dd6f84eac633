//! Parameter pollution: a parameter twice, in the address and in the form, in another case, or encoded twice: never is one of two chosen.

use crate::attacks::house::{BACK, House, Prepared, VERIFIER, encoded, error_of};
use crate::http::Answer;

const SCOPE: &str = "patient/Observation.rs offline_access";

fn sent(house: &House, path: &str, body: &str) -> Answer {
    house.server.send("POST", path, &[("Content-Type", "application/x-www-form-urlencoded")], body.as_bytes())
}

#[test]
fn no_parameter_counts_that_stands_twice() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    let house = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    let honest = house.asking(&app, SCOPE, &[]);
    for twice in [
        "client_id=other",
        "redirect_uri=https%3A%2F%2Fevil.example%2F",
        "response_type=token",
        "scope=user%2F*.cruds",
        "state=x",
        "code_challenge_method=plain",
        "aud=https%3A%2F%2Fevil.example%2Ffhir",
        // Encoded, it is the same name.
        "redirect%5Furi=https%3A%2F%2Fevil.example%2F",
    ] {
        let (before, after) = honest.split_once('?').expect("a query");
        for path in [format!("{honest}&{twice}"), format!("{before}?{twice}&{after}")] {
            let page = browser.get(&path);
            assert_eq!((page.status, page.location()), (400, ""), "{twice}");
        }
    }
    let code = house.code(&mut browser, &app, SCOPE);
    let form = encoded(&[
        ("grant_type", "authorization_code"),
        ("client_id", &app.id),
        ("redirect_uri", BACK),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ]);
    for twice in [
        "grant_type=client_credentials",
        "client_id=other",
        "code=x",
        "code_verifier=",
        "redirect_uri=",
        "scope=a&scope=b",
        "code%5Fverifier=x",
    ] {
        for body in [format!("{form}&{twice}"), format!("{twice}&{form}")] {
            let answer = sent(&house, "/auth/token", &body);
            assert_eq!((answer.status, error_of(&answer).as_str()), (400, "invalid_request"), "{twice}");
        }
    }
    // What is in the address is not added to what is in the form.
    for query in [format!("code={code}"), form.clone(), "x=y".to_owned()] {
        let answer = sent(&house, &format!("/auth/token?{query}"), &form);
        assert_eq!(error_of(&answer), "invalid_request", "{query}");
    }
    assert_eq!(house.server.get(&format!("/auth/token?{form}")).status, 405);
    for kind in ["application/json", "multipart/form-data; boundary=x", "text/plain", ""] {
        let answer = house.server.send("POST", "/auth/token", &[("Content-Type", kind)], form.as_bytes());
        assert_eq!(error_of(&answer), "invalid_request", "{kind}");
    }
    assert_eq!(sent(&house, "/auth/token", &form).status, 200, "nothing else was wrong, and nothing used the code up");
}

#[test]
fn no_client_proves_itself_in_two_ways() {
    let prepared = Prepared::new();
    let service = prepared.client(&["Service", "--role", "service", "--scope", "system/Patient.rs"]);
    let other = prepared.client(&["Other", "--role", "service", "--scope", "system/Patient.rs"]);
    let house = prepared.open(&[]);
    let basic = |id: &str, secret: &str| {
        let text = fhir::primitive::base64::encode(format!("{id}:{secret}").as_bytes(), fhir::primitive::base64::PLAIN);
        format!("Basic {text}")
    };
    let ask = |authorization: &[&str], pairs: &[(&str, &str)]| {
        let mut headers = vec![("Content-Type", "application/x-www-form-urlencoded")];
        headers.extend(authorization.iter().map(|value| ("Authorization", *value)));
        let form = encoded(&[&[("grant_type", "client_credentials"), ("scope", "system/Patient.rs")], pairs].concat());
        house.server.send("POST", "/auth/token", &headers, form.as_bytes()).status
    };
    let (own, others) = (basic(&service.id, &service.secret), basic(&other.id, &other.secret));
    let posted = [("client_id", service.id.as_str()), ("client_secret", service.secret.as_str())];
    assert_eq!((ask(&[&own], &[]), ask(&[], &posted)), (200, 200));
    for (what, authorization, pairs) in [
        ("in header and form", vec![own.as_str()], &posted[..]),
        ("two headers", vec![own.as_str(), own.as_str()], &[]),
        ("two headers of two clients", vec![own.as_str(), others.as_str()], &[]),
        ("a header of another client", vec![others.as_str()], &posted[..1]),
        ("a secret of another client", vec![], &[("client_id", service.id.as_str()), ("client_secret", other.secret.as_str())]),
        ("an empty secret", vec![], &[("client_id", service.id.as_str()), ("client_secret", "")]),
        ("no secret", vec![], &posted[..1]),
        ("a bearer token", vec!["Bearer x"], &posted[..1]),
        ("an assertion beside it", vec![own.as_str()], &[("client_assertion", "a.b.c")]),
    ] {
        let status = ask(&authorization, pairs);
        assert!([400, 401].contains(&status), "{what}: {status}");
    }
}
