//! Cross-site request forgery: every form without a token, with another's, from another origin; cookies where only tokens count.

use crate::attacks::browser::{Browser, attribute, fields};
use crate::attacks::house::{House, PASSWORD, Prepared};

/// The pages with forms that everybody is shown, and those that somebody who is signed in is.
const ANYBODY: &[&str] =
    &["/auth/sign-in", "/auth/reset", "/auth/reset?token=x", "/auth/set-up?token=x", "/auth/registration", "/auth/verification?token=x"];
const SIGNED: &[&str] = &["/auth/sessions", "/auth/factors", "/auth/password", "/auth/device", "/auth/device?user_code=BCDF-GHJK"];

/// What a browser says of a form that another site sends; the token is right.
const FOREIGN: &[&[(&str, &str)]] = &[
    &[],
    &[("Origin", "https://evil.example")],
    &[("Origin", "null")],
    &[("Origin", "http://127.0.0.1")],
    &[("Origin", "http://127.0.0.1:1")],
    &[("Origin", "")],
    &[("Sec-Fetch-Site", "cross-site")],
    &[("Sec-Fetch-Site", "same-site")],
    &[("Sec-Fetch-Site", "none")],
    &[("Origin", "https://evil.example"), ("Sec-Fetch-Site", "same-origin")],
    &[("Referer", "http://127.0.0.1/auth/sessions")],
];

/// All forms of a page: where each goes, and what it sends.
fn forms(browser: &mut Browser, path: &str) -> Vec<(String, Vec<(String, String)>)> {
    let page = browser.get(path);
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    page.forms().iter().map(|form| (attribute(form, "action").expect("an action"), fields(form))).collect()
}

/// What the forms of a page do when others send them.
fn attacked(browser: &mut Browser, others_token: &str, path: &str) {
    let origin = browser.origin();
    for (action, own) in forms(browser, path) {
        let own: Vec<(&str, &str)> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert!(own.iter().any(|(name, value)| *name == "form_token" && value.len() == 64), "{path}: {action} has a token");
        for headers in FOREIGN {
            assert_eq!(browser.post(&action, &own, headers).status, 403, "{path} {action} {headers:?}");
        }
        let without: Vec<(&str, &str)> = own.iter().filter(|(name, _)| *name != "form_token").copied().collect();
        for token in ["", "0", others_token, &"0".repeat(64), &"f".repeat(5000)] {
            let pairs = [&without[..], &[("form_token", token)]].concat();
            let answer = browser.post(&action, &pairs, &[("Origin", &origin)]);
            assert_eq!(answer.status, 403, "{path} {action} {token}");
        }
        let answer = browser.post(&action, &without, &[("Origin", &origin)]);
        // An app may ask with a form, which is made a link: nothing is decided by it.
        assert!(answer.status == 403 || answer.location().starts_with("/auth/authorize?"), "{path} {action} without a token");
    }
}

#[test]
fn no_form_of_another_site_or_session_is_taken() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app("patient/Observation.rs");
    let house = prepared.open(&["registration=open"]);
    let mut other = house.signed_in("bob");
    let others_token = forms(&mut other, "/auth/sessions")[0].1[0].1.clone();
    let mut browser = house.signed_in("ann");
    let consent = house.asking(&app, "patient/Observation.rs", &[]);
    for path in SIGNED.iter().chain(ANYBODY).copied().chain([consent.as_str()]) {
        attacked(&mut browser, &others_token, path);
    }
    let mut visitor = house.browser();
    for path in ANYBODY {
        attacked(&mut visitor, &others_token, path);
    }
    assert!(browser.is_signed_in() && other.is_signed_in(), "nothing was done");
    let page = browser.get("/auth/password");
    let changed = [("old", PASSWORD), ("password", "marmot-teapot-viaduct-38"), ("again", "marmot-teapot-viaduct-38")];
    assert_eq!(browser.fill(&page, &changed).status, 303, "its own form is taken");
}

#[test]
fn nobody_is_signed_in_unawares() {
    let house = House::usual();
    // The attacker's form, with the attacker's token and cookie, in the browser of the victim.
    let mut attacker = house.browser();
    let page = attacker.get("/auth/sign-in");
    let mut victim = house.browser();
    victim.get("/auth/sign-in");
    assert_eq!(victim.fill(&page, &[("login", "bob"), ("password", PASSWORD)]).status, 403);
    victim.cookies.clear();
    assert_eq!(victim.fill(&page, &[("login", "bob"), ("password", PASSWORD)]).status, 403);
    // Cookies of the same name that another host of the domain has set as well.
    victim.get("/auth/sign-in");
    let own = victim.cookies.iter().next().map(|(name, value)| format!("{name}={value}; {name}=planted")).expect("a cookie");
    victim.cookies.clear();
    victim.headers.push(("Cookie".into(), own));
    assert_eq!(victim.sign_in("bob", PASSWORD).status, 403);
}

#[test]
fn a_cookie_opens_no_api() {
    let house = House::usual();
    let browser = house.signed_in("doc");
    let cookie: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let cookie = cookie.join("; ");
    let origin = house.origin();
    let patient = br#"{"resourceType":"Patient"}"#;
    for (method, path) in [
        ("GET", "/fhir/Patient/ann"),
        ("POST", "/fhir/Patient"),
        ("PUT", "/fhir/Patient/ann"),
        ("DELETE", "/fhir/Patient/ann"),
        ("POST", "/fhir"),
        ("GET", "/fhir/$graphql?query=%7Bx%7D"),
        ("GET", "/api/v1/access/explain"),
        ("GET", "/auth/userinfo"),
        ("POST", "/auth/introspect"),
    ] {
        let headers = [("Cookie", cookie.as_str()), ("Origin", origin.as_str()), ("Content-Type", "application/fhir+json")];
        let body: &[u8] = if method == "GET" { b"" } else { patient };
        let status = house.server.send(method, path, &headers, body).status;
        assert!([400, 401, 404].contains(&status), "{method} {path}: {status}");
        let token = cookie.rsplit('=').next().unwrap_or_default();
        let status = house.with(token, method, path, &[], body).status;
        assert!([400, 401, 404].contains(&status), "the cookie as a bearer token: {method} {path}: {status}");
    }
    // No other site's scripts read anything.
    let answer =
        house.server.send("OPTIONS", "/fhir/Patient", &[("Origin", "https://evil.example"), ("Access-Control-Request-Method", "GET")], b"");
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let all = house.token(&[]);
    for origin in ["null", "https://evil.example", &house.origin()] {
        let answer = house.with(&all, "GET", "/fhir/Patient/ann", &[("Origin", origin)], b"");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        // What tells everybody the same may be read by all, and never with cookies.
        let answer = house.server.send("GET", "/fhir/metadata", &[("Origin", origin)], b"");
        assert!(["", "*"].contains(&answer.header("access-control-allow-origin")), "{origin}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{origin}");
    }
}
