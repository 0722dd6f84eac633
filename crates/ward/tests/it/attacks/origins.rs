//! Scripts of other sites: those of registered apps read the API and no page, no other reads anything, none with cookies; and an app that is removed takes its site with it.

use crate::attacks::house::{House, Prepared};
use crate::http::Answer;
use crate::process::run_well;

const APP: &str = "https://app.example";

fn preflight(house: &House, origin: &str, path: &str) -> Answer {
    let headers =
        [("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization, content-type")];
    house.server.send("OPTIONS", path, &headers, b"")
}

#[test]
fn registered_apps_read_the_api_and_nobody_else_does() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app("launch/patient patient/Patient.rs");
    prepared.client(&["Server", "--redirect-uri", "https://server.example/back", "--scope", "patient/*.rs"]);
    prepared.client(&[
        "Both",
        "--redirect-uri",
        "https://both.example/back",
        "--origin",
        "https://web.both.example:8443",
        "--scope",
        "patient/*.rs",
    ]);
    let house = prepared.open(&[]);
    let token = house.token(&["--patient", "ann"]);
    for path in ["/fhir", "/fhir/Patient", "/fhir/Patient/ann", "/auth/token", "/auth/revoke", "/auth/userinfo"] {
        for origin in [APP, "https://web.both.example:8443"] {
            let answer = preflight(&house, origin, path);
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, origin), "{path}");
            assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}: no cookies");
            assert!(answer.head.to_ascii_lowercase().contains("vary: origin"), "{path}");
        }
        for origin in [
            "https://evil.example",
            "null",
            "https://app.example.evil.example",
            "https://app.example:444",
            "https://app.example:443",
            "https://APP.example",
            "http://app.example",
            "https://app.example/",
            "https://sub.app.example",
            "https://server.example",
            "https://both.example",
            "*",
        ] {
            let answer = preflight(&house, origin, path);
            assert_eq!(answer.header("access-control-allow-origin"), "", "{origin} {path}");
            assert_ne!(answer.status, 204, "{origin} {path}");
        }
    }
    let bearer = format!("Bearer {token}");
    let read = |origin: &str, path: &str| house.server.send("GET", path, &[("Origin", origin), ("Authorization", bearer.as_str())], b"");
    let answer = read(APP, "/fhir/Patient/ann");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, APP));
    assert_eq!(read("https://evil.example", "/fhir/Patient/ann").header("access-control-allow-origin"), "");
    // Refusals are read by scripts, too.
    let refused =
        house.server.send("POST", "/auth/token", &[("Origin", APP), ("Content-Type", "application/x-www-form-urlencoded")], b"a=b");
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (400, APP));
    // Pages are nobody's, and what is administered neither.
    for path in ["/auth/sign-in", "/auth/sessions", "/auth/authorize", "/auth/apps", "/auth/end-session", "/api/v1/clients", "/metrics"] {
        assert_eq!(preflight(&house, APP, path).header("access-control-allow-origin"), "", "{path}");
        assert_eq!(read(APP, path).header("access-control-allow-origin"), "", "{path}");
    }
    // The documents of discovery are everybody's.
    for path in ["/fhir/.well-known/smart-configuration", "/fhir/metadata", "/.well-known/openid-configuration"] {
        assert_eq!(read("https://evil.example", path).header("access-control-allow-origin"), "*", "{path}");
    }
    // An app that is removed takes its site with it, at once.
    run_well(house.folder.path(), &["client", "remove", &app.id]);
    assert_eq!(read(APP, "/fhir/Patient/ann").header("access-control-allow-origin"), "");
    assert_ne!(preflight(&house, APP, "/auth/token").status, 204);
}

#[test]
fn a_cookie_is_worth_nothing_to_a_script_of_another_site() {
    let prepared = Prepared::new().usual_people();
    prepared.app("patient/*.rs");
    let house = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    for (method, path) in [("GET", "/fhir/Patient/ann"), ("POST", "/fhir/Patient/_search"), ("DELETE", "/fhir/Observation/of-ann")] {
        let answer = browser.send(method, path, &[("Origin", APP), ("Content-Type", "application/x-www-form-urlencoded")], "");
        assert_eq!(answer.status, 401, "{method} {path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
}
