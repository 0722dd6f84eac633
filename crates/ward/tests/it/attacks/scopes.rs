//! Scopes: widened at the form, at the token, at a refresh or in another spelling; of another client; and used for what they do not say.

use crate::attacks::house::{BACK, Client, House, Prepared, both, error_of};

const SCOPE: &str = "patient/Observation.rs offline_access";

/// Scopes that are more than [`SCOPE`], or something else.
const WIDER: &[&str] = &[
    "patient/*.rs",
    "patient/*.*",
    "patient/*.read",
    "patient/Observation.read patient/Patient.read",
    "patient/Observation.cruds",
    "patient/Observation.crs",
    "patient/Observation.*",
    "patient/Observation.write",
    "patient/Patient.r",
    "user/Observation.rs",
    "system/Observation.rs",
    "user/*.cruds",
    "openid",
    "launch",
    "launch/patient",
    "fhirUser",
    "patient/Observation.rs user/Patient.r",
    "patient/Observation.rs patient/Observation.c",
];

/// What is no scope, or none that is understood.
const BROKEN: &[&str] = &[
    "patient/observation.rs",
    "Patient/Observation.rs",
    "patient/Observation.sr",
    "patient/Observation.",
    "patient/Observation.rs?",
    "patient/Observation",
    "patient/Observation.rs\"",
    "\u{442}",
];

fn granted(answer: &crate::http::Answer) -> String {
    answer.json().text("scope").unwrap_or_default().to_owned()
}

#[test]
fn nothing_gives_more_than_the_user_allowed() {
    let prepared = Prepared::new().usual_people();
    let all = "patient/*.cruds user/*.cruds openid fhirUser launch/patient offline_access";
    let app = prepared.app(all);
    let house = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    // At the form: scopes that the app did not ask for, and the chart of another patient.
    let page = browser.get(&house.asking(&app, SCOPE, &[]));
    for wider in WIDER.iter().chain(BROKEN) {
        let answer = browser.fill(&page, &[("ward_scope", wider), ("ward_decision", "allow")]);
        assert_eq!(answer.parameter("code"), None, "{wider}");
        assert!(answer.parameter("error").is_some() || [400, 422].contains(&answer.status), "{wider}: {}", answer.status);
    }
    for patient in ["bob", "Patient/bob", "../Patient/bob"] {
        let answer = browser.fill(&page, &[("ward_patient", patient), ("ward_decision", "allow")]);
        assert_eq!((answer.status, answer.parameter("code")), (422, None), "{patient}: {}", answer.location());
    }
    // At the token: it has the scopes of its code, whatever is asked for there.
    let code = house.code(&mut browser, &app, SCOPE);
    let answer = house.redeem(&app, &code, &[("scope", "user/*.cruds"), ("patient", "bob")]);
    assert_eq!((granted(&answer).as_str(), answer.json().text("patient")), (SCOPE, Some("ann")));
    // At each refresh.
    let (_, mut refresh) = both(&answer);
    for wider in WIDER.iter().chain(BROKEN) {
        let answer = house.refresh(&app, &refresh, &[("scope", wider)]);
        assert_eq!((answer.status, error_of(&answer).as_str()), (400, "invalid_scope"), "{wider}");
    }
    let narrowed = house.refresh(&app, &refresh, &[("scope", "patient/Observation.r")]);
    assert_eq!(granted(&narrowed), "patient/Observation.r");
    refresh = both(&narrowed).1;
    assert_eq!(granted(&house.refresh(&app, &refresh, &[])), SCOPE, "what was allowed, and no more");
}

#[test]
fn no_client_gets_scopes_that_are_not_its_own() {
    let prepared = Prepared::new().usual_people();
    let narrow = prepared.app("patient/Observation.rs");
    let wide = prepared.app("patient/*.cruds user/*.cruds");
    let service = prepared.client(&["Service", "--role", "service", "--scope", "system/Patient.rs"]);
    let house = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    // Beyond what it is registered for: left out, and not offered.
    let page = browser.get(&house.asking(&narrow, "patient/Observation.rs patient/Patient.rs user/*.cruds", &[]));
    assert!(!page.text.contains("value=\"user/*.cruds\"") && !page.text.contains("value=\"patient/Patient.rs\""), "{}", page.text);
    // What they have in common is offered, and nothing else.
    let common = browser.get(&house.asking(&narrow, "user/*.cruds", &[]));
    assert_eq!(common.text.matches("name=\"ward_scope\"").count(), 1);
    assert!(common.text.contains("name=\"ward_scope\" value=\"patient/Observation.rs\""));
    for scope in ["system/*.rs", "patient/Patient.r", "user/Patient.rs"] {
        let page = browser.get(&house.asking(&narrow, scope, &[]));
        assert_eq!(page.parameter("error").as_deref(), Some("invalid_scope"), "{scope}");
    }
    // A code, a refresh token, or a secret of one app in the hands of another.
    let code = house.code(&mut browser, &wide, "patient/*.rs");
    assert_eq!(error_of(&house.redeem(&narrow, &code, &[])), "invalid_grant");
    let ask = |client: &Client, scope: &str| {
        let pairs = [("grant_type", "client_credentials"), ("client_id", &client.id), ("client_secret", &client.secret), ("scope", scope)];
        house.form("/auth/token", &pairs)
    };
    for scope in ["system/Observation.rs", "user/Patient.rs", "patient/Patient.rs", "offline_access", "openid", ""] {
        let answer = ask(&service, scope);
        assert_eq!(answer.status, 400, "{scope}");
        assert!(fhir::json::parse(&answer.body).is_ok_and(|json| json.get("access_token").is_none()), "{scope}");
    }
    for wider in ["system/*.rs", "system/*.*", "system/Patient.cruds", "system/*.read", "system/Patient.rs user/*.cruds offline_access"] {
        assert_eq!(granted(&ask(&service, wider)), "system/Patient.rs", "{wider}: what they have in common");
    }
    assert_eq!(granted(&ask(&service, "system/Patient.rs")), "system/Patient.rs");
    for (grant, client) in [
        ("password", &service),
        ("implicit", &service),
        ("authorization_code", &service),
        ("client_credentials", &wide),
        ("urn:ietf:params:oauth:grant-type:jwt-bearer", &service),
        ("urn:ietf:params:oauth:grant-type:device_code", &wide),
    ] {
        let pairs = [
            ("grant_type", grant),
            ("client_id", client.id.as_str()),
            ("client_secret", client.secret.as_str()),
            ("scope", "system/Patient.rs"),
            ("username", "ann"),
            ("password", crate::attacks::house::PASSWORD),
            ("code", "x"),
            ("device_code", "x"),
            ("redirect_uri", BACK),
        ];
        let answer = house.form("/auth/token", &pairs);
        assert!([400, 401].contains(&answer.status), "{grant}: {}", answer.status);
    }
}

#[test]
fn a_token_is_good_for_its_scopes_alone() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app("patient/*.cruds user/*.cruds");
    let house: House = prepared.open(&[]);
    let mut ann = house.signed_in("ann");
    let (reading, _) = house.tokens(&mut ann, &app, "patient/Observation.rs");
    let note = br#"{"resourceType":"QuestionnaireResponse","status":"completed","subject":{"reference":"Patient/ann"},"author":{"reference":"Patient/ann"}}"#;
    for (method, path, body, expected) in [
        ("GET", "/fhir/Observation/of-ann", &b""[..], 200),
        ("GET", "/fhir/Observation/of-bob", b"", 404),
        ("GET", "/fhir/Patient/ann", b"", 403),
        ("GET", "/fhir/Patient", b"", 403),
        ("POST", "/fhir/QuestionnaireResponse", note, 403),
        ("DELETE", "/fhir/Observation/of-ann", b"", 403),
    ] {
        assert_eq!(house.with(&reading, method, path, &[], body).status, expected, "{method} {path}");
    }
    // By way of a search for what it may see.
    for path in [
        "/fhir/Observation?_include=Observation:subject",
        "/fhir/Observation?_include=*",
        "/fhir?_type=Observation,Patient",
        "/fhir/Observation?_revinclude=*",
    ] {
        let answer = house.get(&reading, path);
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!text.contains(r#""resourceType":"Patient""#), "{path}");
    }
    // A user's scopes are worth nothing to a patient's token, and a system's nothing to a user's.
    let (as_user, _) = house.tokens(&mut house.signed_in("doc"), &app, "user/Observation.rs");
    assert_eq!(house.get(&as_user, "/fhir/Observation/of-bob").status, 200);
    assert_eq!(house.get(&as_user, "/fhir/Patient/bob").status, 403);
    // In a patient's context a physician's app sees that patient.
    let mut doc = house.signed_in("doc");
    let page = doc.get(&house.asking(&app, "patient/Observation.rs", &[]));
    let answer = doc.fill(&page, &[("ward_patient", "ann"), ("ward_decision", "allow")]);
    let (launched, _) = both(&house.redeem(&app, &answer.parameter("code").expect("a code"), &[]));
    assert_eq!(house.get(&launched, "/fhir/Observation/of-ann").status, 200);
    assert_eq!(house.get(&launched, "/fhir/Observation/of-bob").status, 404);
}

#[test]
fn an_update_makes_what_is_not_there_and_a_create_scope_is_needed_for_all_else() {
    let house = House::usual();
    let body = |id: &str, patient: &str| {
        let id = if id.is_empty() { String::new() } else { format!(r#""id":"{id}","#) };
        format!(
            r#"{{"resourceType":"Observation",{id}"status":"final","code":{{"text":"x"}},"subject":{{"reference":"Patient/{patient}"}}}}"#
        )
    };
    let put = |token: &str, id: &str, patient: &str| {
        house.with(token, "PUT", &format!("/fhir/Observation/{id}"), &[], body(id, patient).as_bytes()).status
    };
    let post = |token: &str| house.with(token, "POST", "/fhir/Observation", &[], body("", "ann").as_bytes()).status;
    let updates = house.token(&["--scope", "system/Observation.ru system/Patient.r"]);
    assert_eq!((put(&updates, "by-update", "ann"), put(&updates, "by-update", "ann")), (201, 200), "SMART: upserts are updates");
    assert_eq!(post(&updates), 403, "the server makes no id for it");
    let conditional = house.with(&updates, "PUT", "/fhir/Observation?code=nothing", &[], body("", "ann").as_bytes());
    assert_eq!(conditional.status, 403, "nor by a condition, which is a search");
    for scope in ["system/Observation.r", "system/Observation.rs", "system/Observation.rd", "system/Patient.ru"] {
        let token = house.token(&["--scope", &format!("{scope} system/Patient.r")]);
        assert_eq!(put(&token, "by-another", "ann"), 403, "{scope}");
    }
    let patients = house.token(&["--patient", "ann", "--scope", "patient/Observation.ru patient/Patient.r"]);
    assert_ne!(put(&patients, "of-somebody", "bob"), 201, "a record of another patient");
    assert_eq!(post(&patients), 403);
}

#[test]
fn an_encounter_is_told_of_that_is_the_patients_and_may_be_seen() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app("launch/patient launch/encounter offline_access patient/*.rs");
    let house = prepared.open(&[]);
    let writing = house.token(&["--scope", "system/*.cruds"]);
    let put = |id: &str, patient: &str, status: &str, start: &str| {
        let body = format!(
            r#"{{"resourceType":"Encounter","id":"{id}","status":"{status}","class":{{"code":"AMB"}},"subject":{{"reference":"Patient/{patient}"}},"period":{{"start":"{start}"}}}}"#
        );
        let answer = house.with(&writing, "PUT", &format!("/fhir/Encounter/{id}"), &[], body.as_bytes());
        assert_eq!(answer.status, 201, "{id}");
    };
    put("ann-now", "ann", "in-progress", "2025-01-01");
    for month in 1..=12 {
        put(&format!("ann-{month}"), "ann", "finished", &format!("2026-{month:02}-01"));
        put(&format!("ann-old-{month}"), "ann", "finished", &format!("2024-{month:02}-01"));
    }
    put("bob-now", "bob", "in-progress", "2026-01-01");
    let scope = "launch/patient launch/encounter offline_access patient/*.rs";
    let mut doc = house.signed_in("doc");
    let page = doc.get(&house.asking(&app, scope, &[]));
    let page = doc.fill(&page, &[("ward_patient", "ann"), ("ward_decision", "allow")]);
    assert_eq!(page.status, 200, "{}", page.text);
    let offered = |page: &crate::attacks::browser::Page| {
        let inputs = page.text.split("name=\"ward_encounter\" value=\"").skip(1);
        inputs.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect::<Vec<_>>()
    };
    let first = offered(&page);
    assert_eq!(
        (first.len(), &*first[0], &*first[1], &*first[12]),
        (22, "ann-now", "ann-12", "ann-1"),
        "what goes on, then the newest first"
    );
    let older = doc.fill(&page, &[("ward_decision", "more")]);
    assert_eq!(offered(&older), ["ann-old-4", "ann-old-3", "ann-old-2", "ann-old-1", "-none-"]);
    for forged in ["bob-now", "none", "Encounter/ann-now", "ann-now,bob-now", "ann-now&patient=bob"] {
        let answer = doc.fill(&page, &[("ward_encounter", forged), ("ward_decision", "allow")]);
        assert_eq!((answer.status, answer.parameter("code")), (422, None), "{forged}");
    }
    // The page of one patient's encounters, asked for another's.
    let mixed = doc.fill(&page, &[("ward_patient", "bob"), ("ward_encounter", "ann-now"), ("ward_decision", "allow")]);
    assert_eq!((mixed.status, mixed.parameter("code")), (422, None));
    let answer = doc.fill(&older, &[("ward_encounter", "ann-old-2"), ("ward_decision", "allow")]);
    let answer = house.redeem(&app, &answer.parameter("code").expect("a code"), &[]);
    assert_eq!((answer.json().text("patient"), answer.json().text("encounter")), (Some("ann"), Some("ann-old-2")));
    let again = house.refresh(&app, &both(&answer).1, &[]);
    assert_eq!(again.json().text("encounter"), Some("ann-old-2"));
    // Who may see none is offered none, and gets none by its id: a patient sees their own alone.
    let mut ann = house.signed_in("ann");
    let page = ann.get(&house.asking(&app, scope, &[]));
    let page = ann.fill(&page, &[("ward_decision", "allow")]);
    assert!(offered(&page).iter().all(|id| id.starts_with("ann-") || id == "-none-"), "{:?}", offered(&page));
    let forged = ann.fill(&page, &[("ward_encounter", "bob-now"), ("ward_decision", "allow")]);
    assert_eq!((forged.status, forged.parameter("code")), (422, None));
    let without = ann.fill(&page, &[("ward_encounter", "-none-"), ("ward_decision", "allow")]);
    let answer = house.redeem(&app, &without.parameter("code").expect("a code"), &[]);
    assert_eq!((answer.json().text("encounter"), granted(&answer).as_str()), (None, "launch/patient offline_access patient/*.rs"));
}
