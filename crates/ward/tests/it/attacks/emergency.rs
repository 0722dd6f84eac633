//! Emergency access: taken without a code or by whoever has none to take, kept beyond its patient, its session or its end, and reviewed by whoever took it.

use crate::attacks::factors::Factor;
use crate::attacks::house::{House, Prepared};

const REASON: &str = "unconscious, no kin to ask";

/// Of both patients something that only a broken glass shows.
const RESTRICTED: [&str; 2] = [
    r#"{"resourceType":"Observation","id":"v-ann","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]},"status":"final","code":{"text":"v"},"subject":{"reference":"Patient/ann"}}"#,
    r#"{"resourceType":"Observation","id":"v-bob","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]},"status":"final","code":{"text":"v"},"subject":{"reference":"Patient/bob"}}"#,
];

/// How often each code was told in the audit trail, once all that is told of so far is there.
fn told(house: &House, code: &str) -> usize {
    let token = house.token(&["--scope", "system/AuditEvent.rs"]);
    let answer = house.get(&token, &format!("/fhir/AuditEvent?subtype={code}&_summary=count"));
    let total = answer.json().get("total").and_then(|total| total.as_number()).map(str::to_owned);
    total.and_then(|total| total.parse().ok()).unwrap_or(0)
}

#[test]
fn it_is_for_one_patient_one_session_and_a_while() {
    let prepared =
        Prepared::new().usual_people().people(&[("eve", "auditor", "Practitioner/doc"), ("clerk", "biller", "Practitioner/doc")]);
    let app = prepared.app("user/*.rs");
    let house = prepared.open(&[]);
    let all = house.token(&[]);
    for text in RESTRICTED {
        assert_eq!(house.with(&all, "POST", "/fhir/Observation", &[], text.as_bytes()).status, 201);
    }
    let ids = house.get(&all, "/fhir/Observation?_security=V&_elements=subject").json();
    let of = |patient: &str| {
        let found = ids
            .list("entry")
            .filter_map(|entry| entry.get("resource"))
            .find(|resource| resource.get("subject").and_then(|subject| subject.text("reference")) == Some(patient));
        found.and_then(|found| found.text("id")).map(|id| format!("/fhir/Observation/{id}")).expect("it was written")
    };
    let (ann, bob) = (of("Patient/ann"), of("Patient/bob"));

    let mut browser = house.signed_in("doc");
    let mut factor = Factor::set_up(&mut browser);
    let (token, _) = house.tokens(&mut browser, &app, "user/*.rs");
    let mut elsewhere = house.browser();
    elsewhere.sign_in("doc", crate::attacks::house::PASSWORD);
    let second = elsewhere.get("/auth/second-factor");
    assert_eq!(elsewhere.fill(&second, &[("code", &factor.recovery[0])]).status, 303);
    let (other, _) = house.tokens(&mut elsewhere, &app, "user/*.rs");
    for token in [&token, &other] {
        assert_eq!([house.get(token, &ann).status, house.get(token, &bob).status], [404, 404]);
    }

    // Nobody takes it without all that it takes.
    let page = browser.get("/auth/break-glass");
    let asked = [("act", "break"), ("patient", "ann"), ("reason", REASON), ("code", "000000")];
    assert_eq!(browser.fill(&page, &asked).status, 403, "a guessed code");
    let mut clerk = house.signed_in("clerk");
    assert!(clerk.get("/auth/break-glass").text.contains("Your roles allow nothing more"));
    assert_eq!(house.get(&token, &ann).status, 404);

    let code = factor.next();
    let done = browser.fill(&page, &[("act", "break"), ("patient", "ann"), ("reason", REASON), ("code", &code)]);
    assert_eq!((done.status, done.location()), (303, "/auth/break-glass"), "{}", done.text);
    let shown = house.get(&token, &ann);
    assert_eq!((shown.status, shown.header("ward-emergency").starts_with("until=")), (200, true));
    assert_eq!(house.get(&token, &bob).status, 404, "for one patient");
    assert_eq!([house.get(&other, &ann).status, house.get(&other, &bob).status], [404, 404], "in one session");
    assert!(house.get(&other, "/fhir/Patient/ann").header("ward-emergency").is_empty());

    // Whoever took it reviews nothing, and takes it no longer than they say.
    assert_eq!(browser.get("/auth/reviews").status, 403);
    let page = browser.get("/auth/break-glass");
    assert!(page.text.contains("The glass is broken"), "{}", page.text);
    assert_eq!(browser.fill(&page, &[("act", "mend")]).status, 303);
    assert_eq!(house.get(&token, &ann).status, 404, "it was given back");
    let mut eve = house.signed_in("eve");
    let queue = eve.get("/auth/reviews");
    assert!(queue.text.contains(REASON), "{}", queue.text);
    assert_eq!(eve.fill(&queue, &[("verdict", "justified"), ("note", "brought in alone at night")]).status, 303);
    assert!(eve.get("/auth/reviews").text.contains("Nothing waits"));

    // All of it is told.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    // The guess is told of in the journal, and becomes an event a little later.
    while told(&house, "step-up") < 2 && std::time::Instant::now() < deadline {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!((told(&house, "110127"), told(&house, "110138")), (1, 1), "begun and ended");
    assert!(told(&house, "110122") >= 5, "sign-ins");
    assert_eq!(told(&house, "step-up"), 2, "one refused, one done");
}
