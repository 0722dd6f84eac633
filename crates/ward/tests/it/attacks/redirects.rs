//! Redirects and mix-up: addresses that look like the app's, answers that lead elsewhere, and answers that do not say whose they are.

use crate::attacks::house::{BACK, House, Prepared};

const SCOPE: &str = "patient/Observation.rs";
/// Where a second app wants its users back: on loopback, where the port is free.
const LOOPBACK: &str = "http://127.0.0.1:4000/back";

/// Addresses that are none of the app's.
const ADDRESSES: &[&str] = &[
    "https://app.example/back/",
    "https://app.example/Back",
    "https://APP.example/back",
    "HTTPS://app.example/back",
    "https://app.example/back/sub",
    "https://app.example/back/../back",
    "https://app.example/./back",
    "https://app.example//back",
    "https://app.example/%62ack",
    "https://app.example/back%2f",
    "https://app.example/back?",
    "https://app.example/back?next=https://evil.example",
    "https://app.example/back#",
    "https://app.example/back#https://evil.example",
    "https://app.example:443/back",
    "https://app.example:8443/back",
    "https://app.example./back",
    "https://app.example@evil.example/back",
    "https://evil.example@app.example/back",
    "https://user:secret@app.example/back",
    "https://app.example.evil.example/back",
    "https://evil-app.example/back",
    "https://evil.example/app.example/back",
    "https://evil.example\\@app.example/back",
    "https://app.example\\.evil.example/back",
    "https:/app.example/back",
    "https:app.example/back",
    "//app.example/back",
    "/back",
    "http://app.example/back",
    "javascript:alert(1)//https://app.example/back",
    "data:text/html,x",
    "https://app.example/back ",
    " https://app.example/back",
    "https://app.example/back\t",
    "https://app.example/back\r\nSet-Cookie: a=b",
    "https://app.example/back\0",
    "https://app.example/b\u{0430}ck",
    "https://*.example/back",
    "http://localhost:4000/back",
    "http://127.0.0.1.evil.example:4000/back",
    "http://127.0.0.1:4000/other",
    "http://127.0.0.1:4000@evil.example/back",
    "http://127.1:4000/back",
    "http://2130706433:4000/back",
    "http://0x7f000001:4000/back",
    "http://[::1]:4000/back",
    "http://[::ffff:127.0.0.1]:4000/back",
    "https://127.0.0.1:4000/back",
    "http://127.0.0.1:+4000/back",
    "http://127.0.0.1:99999/back",
    "urn:ietf:wg:oauth:2.0:oob",
];

#[test]
fn nobody_is_sent_to_an_address_that_is_not_the_apps() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    let local = prepared.client(&["Local", "--public", "--redirect-uri", LOOPBACK, "--scope", SCOPE]);
    let house = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    for address in ADDRESSES {
        for client in [&app, &local] {
            let page = browser.get(&house.asking(client, SCOPE, &[("redirect_uri", address)]));
            assert_eq!((page.status, page.location()), (400, ""), "{address}");
            assert!(!page.text.contains("<form"), "{address}");
        }
    }
    let page = browser.get(&house.asking(&app, SCOPE, &[("redirect_uri", LOOPBACK)]));
    assert_eq!(page.status, 400, "the address of another app");
    let page = browser.get(&house.asking(&local, SCOPE, &[("redirect_uri", "http://127.0.0.1:5123/back")]));
    assert_eq!(page.status, 200, "the port on loopback is free (RFC 8252, 7.3)");
    // What an address says when the code is redeemed is what it said before, letter by letter.
    let code = house.code(&mut browser, &app, SCOPE);
    for address in ["https://app.example/back/", "https://evil.example/", "", "(missing)", "https://APP.example/back"] {
        assert_eq!(house.redeem(&app, &code, &[("redirect_uri", address)]).status, 400, "{address}");
    }
    assert_eq!(house.redeem(&app, &code, &[]).status, 200);
}

#[test]
fn nothing_in_a_request_leads_elsewhere() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    let house = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    let evil = "https://app.example/back\r\nLocation: https://evil.example/\r\n\r\n<script>";
    for (name, value) in [
        ("state", evil),
        ("nonce", evil),
        ("login_hint", evil),
        ("launch", evil),
        ("prompt", evil),
        ("display", evil),
        ("scope", evil),
        ("aud", evil),
        ("max_age", evil),
    ] {
        let page = browser.get(&house.asking(&app, SCOPE, &[(name, value)]));
        let lines = page.head.lines().filter(|line| line.to_ascii_lowercase().starts_with("location:")).count();
        assert!(lines <= 1 && !page.head.contains("<script>"), "{name}: {}", page.head);
        assert!(page.location().is_empty() || page.location().starts_with(&format!("{BACK}?")), "{name}: {}", page.location());
        assert!(!page.text.contains("<script>"), "{name}");
    }
    for aud in [
        "https://evil.example/fhir",
        "http://127.0.0.1/fhir",
        "/fhir",
        &format!("{}/fhir/x", house.origin()),
        &format!("{}/fhir@evil.example", house.origin()),
        &house.origin(),
    ] {
        let page = browser.get(&house.asking(&app, SCOPE, &[("aud", aud)]));
        assert_eq!(page.parameter("error").as_deref(), Some("invalid_request"), "{aud}");
    }
    for form in ["token", "id_token", "code token", "code id_token", "none", "CODE"] {
        let page = browser.get(&house.asking(&app, SCOPE, &[("response_type", form)]));
        assert!(page.parameter("code").is_none() && page.parameter("error").is_some(), "{form}: {}", page.status);
    }
    for (name, value) in
        [("response_mode", "fragment"), ("response_mode", "form_post"), ("request", "a.b."), ("request_uri", "https://evil.example/")]
    {
        let page = browser.get(&house.asking(&app, SCOPE, &[(name, value)]));
        assert!(page.parameter("code").is_none() && page.parameter("error").is_some(), "{name}={value}");
    }
}

#[test]
fn each_answer_says_whose_it_is() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    let house: House = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    let issuer = house.origin();
    let document = house.server.get("/.well-known/openid-configuration").json();
    assert_eq!(document.text("issuer"), Some(issuer.as_str()));
    assert_eq!(document.get("authorization_response_iss_parameter_supported"), Some(&fhir::Value::Bool(true)));
    let page = browser.get(&house.asking(&app, SCOPE, &[]));
    let allowed = browser.fill(&page, &[("ward_decision", "allow")]);
    let refused = browser.fill(&page, &[("ward_decision", "refuse")]);
    let wrong = browser.get(&house.asking(&app, SCOPE, &[("response_type", "token")]));
    for answer in [allowed, refused, wrong] {
        assert_eq!(answer.parameter("iss").as_deref(), Some(issuer.as_str()), "{}", answer.location());
        assert_eq!(answer.parameter("state").as_deref(), Some("st4te"));
        assert_eq!(answer.status, 303, "a form is not sent on to the app");
    }
}
