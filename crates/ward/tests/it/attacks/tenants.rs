//! Tenants: another one named in the path, a header, a parameter, a body or a forged token; and the directory of accounts, which is one of its own.

use crate::attacks::house::{House, PASSWORD, Prepared};
use crate::http::Answer;

fn total(answer: &Answer) -> String {
    answer.json().get("total").and_then(|total| total.as_number()).unwrap_or_default().to_owned()
}

#[test]
fn no_other_tenant_is_reached_by_naming_it() {
    let prepared = Prepared::new().usual_people();
    prepared.client(&["Service", "--role", "service", "--scope", "system/*.rs"]);
    let house = prepared.open(&[]);
    let all = house.token(&[]);
    // The directory has accounts, their credentials and clients as records of a type that FHIR knows.
    for path in ["/fhir/Basic", "/fhir/Basic?_total=accurate", "/fhir?_type=Basic", "/fhir/Basic?code=user", "/fhir/Basic/_history"] {
        let answer = house.get(&all, path);
        assert_eq!((answer.status, total(&answer).as_str()), (200, "0"), "{path}");
    }
    let headers = [
        ("X-Tenant", "0"),
        ("X-Tenant-Id", "0"),
        ("X-Ward-Tenant", "0"),
        ("Tenant", "0"),
        ("X-Original-URL", "/t/0/fhir/Basic"),
        ("X-Rewrite-URL", "/t/0/fhir/Basic"),
        ("Forwarded", "host=other.example"),
        ("Cookie", "tenant=0"),
    ];
    let answer = house.with(&all, "GET", "/fhir/Basic", &headers, b"");
    assert_eq!((answer.status, total(&answer).as_str()), (200, "0"));
    for path in ["/fhir/Basic?tenant=0", "/fhir/Basic?_tenant=0", "/fhir/Basic;tenant=0"] {
        let answer = house.get(&all, path);
        assert!(answer.status >= 400 || total(&answer) == "0", "{path}: {}", answer.status);
    }
    for path in [
        "/t/0/fhir/Basic",
        "/t/directory/fhir/Basic",
        "/0/fhir/Basic",
        "/fhir/0/Basic",
        "/fhir/t/0/Basic",
        "/fhir/Basic/..%2f..%2ft/0",
        "/t/1/../0/fhir/Basic",
    ] {
        let answer = house.get(&all, path);
        assert!([400, 401, 404].contains(&answer.status), "{path}: {}", answer.status);
    }
    let account = br#"{"resourceType":"Basic","meta":{"tag":[{"system":"urn:ward:tenant","code":"0"}]},"code":{"text":"user"},"extension":[{"url":"urn:ward:tenant","valueInteger":0}]}"#;
    assert_eq!(house.with(&all, "POST", "/fhir/Basic", &[], account).status, 201, "it is a resource like others");
    assert_eq!(total(&house.get(&all, "/fhir/Basic?_total=accurate")), "1");
    let mut browser = house.browser();
    assert_eq!(browser.sign_in("ann", PASSWORD).status, 303, "no account was touched");
}

#[test]
fn no_token_is_made_good_for_another() {
    let house: House = Prepared::new().open(&[]);
    let token = house.token(&["--patient", "ann"]);
    let (head, proof) = token.rsplit_once('.').expect("a proof");
    let said = String::from_utf8(identity::base64url::decode(head.rsplit('.').next().expect("a body")).expect("base64url")).expect("text");
    assert!(house.is_good(&token) && said.contains(r#""tenant":1"#), "{said}");
    let forged = |said: String| format!("ward-operator.{}.{proof}", identity::base64url::encode(said.as_bytes()));
    let (own, other) = (r#""tenant":1"#, r#""tenant":0"#);
    for (what, token) in [
        ("another tenant", forged(said.replace(own, other))),
        ("another patient", forged(said.replace(r#""ann""#, r#""bob""#))),
        ("no patient", forged(said.replace(r#","patient":"ann""#, ""))),
        ("another scope", forged(said.replace("patient/*.cruds", "system/*.cruds"))),
        ("a later end", forged(said.replace(r#""until":1"#, r#""until":9"#))),
        ("the same, with a blank", forged(format!("{said} "))),
        ("no proof", format!("{head}.")),
        ("an empty proof and body", "ward-operator..".to_owned()),
        ("a proof cut off", token[..token.len() - 1].to_owned()),
        ("a proof with more behind", format!("{token}A")),
        ("another prefix", token.replace("ward-operator", "ward_at")),
        ("in capitals", token.to_uppercase()),
        ("twice", format!("{token}.{token}")),
    ] {
        assert_ne!(token, format!("{head}.{proof}"), "{what}: it was changed");
        assert_eq!(house.get(&token, "/fhir/Patient/ann").status, 401, "{what}");
    }
    for scheme in ["Basic", "Token", "bearer:", "Bearer,", "Bearer Bearer", ""] {
        let value = format!("{scheme} {token}");
        let status = house.server.send("GET", "/fhir/Patient/ann", &[("Authorization", value.as_str())], b"").status;
        assert!([400, 401].contains(&status), "{scheme}: {status}");
    }
    // A token is taken from one place.
    for path in [
        format!("/fhir/Patient/ann?access_token={token}"),
        format!("/fhir/Patient/ann?token={token}"),
        format!("/fhir/Patient/ann?Authorization=Bearer%20{token}"),
    ] {
        assert_eq!(house.server.get(&path).status, 401);
    }
    let form = format!("access_token={token}");
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    assert_eq!(house.server.send("POST", "/fhir/Patient/_search", &kind, form.as_bytes()).status, 401);
}
