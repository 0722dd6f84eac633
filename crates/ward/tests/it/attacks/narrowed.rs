//! Scopes that the user has narrowed: what was left out, sought by every way to read, by writing the category otherwise, at a refresh, and at the form.

use crate::attacks::browser::{Browser, Page};
use crate::attacks::house::{Client, House, Prepared, both, error_of};

const SCOPE: &str =
    "launch/patient patient/Observation.rs patient/Condition.read patient/DiagnosticReport.rs patient/Patient.rs offline_access";
const VITAL: &str = "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs";
const LABORATORY: &str = "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory";
const PROBLEM: &str = "patient/Condition.rs?category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item";

/// What the app must not learn of, as an answer would have it.
const HIDDEN: &str = r#""code":"labsecret""#;

const RECORDS: [&str; 5] = [
    r#"{"resourceType":"Observation","id":"vital","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"urn:c","code":"pulse"}]},"subject":{"reference":"Patient/ann"}}"#,
    r#"{"resourceType":"Observation","id":"lab","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],"code":{"coding":[{"system":"urn:c","code":"labsecret"}]},"subject":{"reference":"Patient/ann"}}"#,
    r#"{"resourceType":"DiagnosticReport","id":"report","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ann"},"result":[{"reference":"Observation/vital"},{"reference":"Observation/lab"}]}"#,
    r#"{"resourceType":"Condition","id":"lasting","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"problem-list-item"}]}],"code":{"coding":[{"system":"urn:c","code":"asthma"}]},"subject":{"reference":"Patient/ann"}}"#,
    r#"{"resourceType":"Condition","id":"visit","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"encounter-diagnosis"}]}],"code":{"coding":[{"system":"urn:c","code":"labsecret"}]},"subject":{"reference":"Patient/ann"}}"#,
];

fn house() -> (House, Client) {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    let house = prepared.open(&[]);
    let all = house.token(&[]);
    for record in RECORDS {
        let json = fhir::json::parse(record.as_bytes()).expect("JSON");
        let path = format!("/fhir/{}/{}", json.resource_type().expect("a type"), json.text("id").expect("an id"));
        assert_eq!(house.with(&all, "PUT", &path, &[], record.as_bytes()).status, 201, "{path}");
    }
    (house, app)
}

/// A part of a scope, as the box of the form has it.
fn part(whole: &str, part: &str) -> String {
    format!("{whole} {part}")
}

/// What the user narrows at the form: vital signs of the observations, and the list of problems.
fn narrowed(browser: &mut Browser, page: &Page) -> Page {
    let (vital, problem) = (part("patient/Observation.rs", VITAL), part("patient/Condition.read", PROBLEM));
    browser.fill(page, &[("ward_part", &vital), ("ward_part", &problem), ("ward_decision", "allow")])
}

/// The tokens of whoever narrows so, and the scope that is told.
fn tokens(house: &House, browser: &mut Browser, app: &Client) -> (String, String, String) {
    let page = browser.get(&house.asking(app, SCOPE, &[]));
    let answer = narrowed(browser, &page);
    let code = answer.parameter("code").unwrap_or_else(|| panic!("a code: {} {}", answer.location(), answer.text));
    let answer = house.redeem(app, &code, &[]);
    assert_eq!(answer.status, 200);
    let (access, refresh) = both(&answer);
    (access, refresh, answer.json().text("scope").expect("a scope").to_owned())
}

fn told() -> String {
    format!("launch/patient {VITAL} {PROBLEM} patient/DiagnosticReport.rs patient/Patient.rs offline_access")
}

#[test]
fn what_was_left_out_is_not_there_by_any_way() {
    let (house, app) = house();
    let mut browser = house.signed_in("ann");
    let (token, _, scope) = tokens(&house, &mut browser, &app);
    assert_eq!(scope, told(), "the app is told what was granted");
    let total = |path: &str| {
        let answer = house.get(&token, path);
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        assert!(!String::from_utf8_lossy(&answer.body).contains(HIDDEN), "{path}");
        let json = answer.json();
        let shown = json.list("entry").count();
        (json.get("total").and_then(fhir::Value::as_number).map(|total| total.parse::<usize>().expect("a number")), shown)
    };
    for (path, status) in [
        ("Observation/vital", 200),
        ("Observation/lab", 404),
        ("Observation/lab/_history", 404),
        ("Observation/lab/_history/1", 404),
        ("Condition/lasting", 200),
        ("Condition/visit", 404),
        ("Observation/of-ann", 404),
    ] {
        assert_eq!(house.get(&token, &format!("/fhir/{path}")).status, status, "{path}");
    }
    for (path, count) in [
        ("Observation?_total=accurate", 1),
        ("Observation?_total=accurate&category=laboratory", 0),
        ("Observation?_total=accurate&category:not=vital-signs", 0),
        ("Observation?_total=accurate&category=vital-signs,laboratory", 1),
        ("Observation?_total=accurate&_id=lab,vital,of-ann", 1),
        ("Observation?_total=accurate&code=urn:c|labsecret", 0),
        ("Observation?_total=accurate&patient=ann", 1),
        ("Patient/ann/Observation?_total=accurate", 1),
        ("Condition?_total=accurate", 1),
        ("Patient?_total=accurate&_has:Observation:subject:code=urn:c|labsecret", 0),
        ("Patient?_total=accurate&_has:Observation:subject:code=urn:c|pulse", 1),
        ("Patient?_total=accurate&_has:Condition:subject:code=urn:c|labsecret", 0),
        ("DiagnosticReport?_total=accurate&result.code=urn:c|labsecret", 0),
        ("DiagnosticReport?_total=accurate&result.code=urn:c|pulse", 1),
    ] {
        assert_eq!(total(&format!("/fhir/{path}")), (Some(count), count), "{path}");
    }
    assert_eq!(total("/fhir/Observation?_summary=count").0, Some(1));
    assert_eq!(total("/fhir/DiagnosticReport?_include=DiagnosticReport:result").1, 2, "the report, and one of two results");
    assert_eq!(total("/fhir/Patient?_id=ann&_revinclude=Observation:subject&_revinclude=Condition:subject").1, 3);
    assert_eq!(total("/fhir/Observation/_history").1, 1);
    let batch = r#"{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Observation/lab"}},{"request":{"method":"GET","url":"Observation?patient=ann"}},{"request":{"method":"GET","url":"Condition/visit"}}]}"#;
    let answer = house.with(&token, "POST", "/fhir", &[], batch.as_bytes());
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(answer.status == 200 && text.contains("pulse") && !text.contains(HIDDEN), "{text}");
    let graph = r#"{"query":"{ ObservationList { id code { coding { code } } } ConditionList { id code { coding { code } } } }"}"#;
    let answer = house.with(&token, "POST", "/fhir/$graphql", &[("Content-Type", "application/json")], graph.as_bytes());
    assert!(!String::from_utf8_lossy(&answer.body).contains(HIDDEN));
    let everything = house.get(&token, "/fhir/Patient/ann/$everything");
    assert!(!String::from_utf8_lossy(&everything.body).contains(HIDDEN));
}

#[test]
fn no_refresh_brings_it_back() {
    let (house, app) = house();
    let mut browser = house.signed_in("ann");
    let (_, refresh, _) = tokens(&house, &mut browser, &app);
    let answer = house.refresh(&app, &refresh, &[]);
    assert_eq!((answer.status, answer.json().text("scope")), (200, Some(told().as_str())));
    let (access, mut refresh) = both(&answer);
    assert_eq!(house.get(&access, "/fhir/Observation/lab").status, 404);
    let twice = format!("{VITAL}&category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory");
    for (asked, status) in [
        ("patient/Observation.rs", 400),
        (LABORATORY, 400),
        ("patient/Observation.rs?category=vital-signs", 400),
        ("patient/Observation.rs?category:not=laboratory", 400),
        (SCOPE, 400),
        (VITAL, 200),
        // Both at once are less than one.
        (&twice, 200),
    ] {
        let answer = house.refresh(&app, &refresh, &[("scope", asked)]);
        assert_eq!(answer.status, status, "{asked}: {}", String::from_utf8_lossy(&answer.body));
        match status {
            200 => (_, refresh) = both(&answer),
            _ => assert_eq!(error_of(&answer), "invalid_scope", "{asked}"),
        }
    }
}

#[test]
fn no_form_grants_a_part_that_is_none() {
    let (house, app) = house();
    let mut browser = house.signed_in("ann");
    let page = browser.get(&house.asking(&app, SCOPE, &[]));
    for (of, wider) in [
        ("patient/Observation.rs", "patient/Observation.cruds"),
        ("patient/Observation.rs", "user/Observation.rs"),
        ("patient/Observation.rs", "patient/*.rs"),
        ("patient/Observation.rs", "patient/Immunization.rs"),
        ("patient/Observation.rs", "system/Observation.rs"),
        ("patient/Immunization.rs", "patient/Immunization.rs"),
        ("patient/Condition.read", "patient/Condition.cruds?category=a"),
    ] {
        let answer = browser.fill(&page, &[("ward_part", &part(of, wider)), ("ward_decision", "allow")]);
        assert_eq!(answer.parameter("error").as_deref(), Some("access_denied"), "{wider} of {of}: {}", answer.location());
    }
    // A part of what is not ticked is not granted.
    let vital = part("patient/Observation.rs", VITAL);
    let answer = browser.fill(&page, &[("ward_scope", "patient/Patient.rs"), ("ward_part", &vital), ("ward_decision", "allow")]);
    let code = answer.parameter("code").expect("a code");
    assert_eq!(house.redeem(&app, &code, &[]).json().text("scope"), Some("patient/Patient.rs"));
}

#[test]
fn the_next_question_shows_what_was_chosen_and_grants_nothing_by_itself() {
    let (house, app) = house();
    let mut browser = house.signed_in("ann");
    let asking = house.asking(&app, SCOPE, &[]);
    let first = browser.get(&asking);
    assert_eq!(first.text.matches("checked").count(), 6, "all scopes, and no part: {}", first.text);
    let vital = part("patient/Observation.rs", VITAL);
    let kept = ["launch/patient", "patient/Observation.rs", "patient/Patient.rs"];
    let mut filled: Vec<(&str, &str)> = kept.iter().map(|scope| ("ward_scope", *scope)).collect();
    filled.extend([("ward_part", vital.as_str()), ("ward_decision", "allow")]);
    assert!(browser.fill(&first, &filled).parameter("code").is_some());
    let next = browser.get(&asking);
    let checked: Vec<String> = next
        .text
        .split("<input ")
        .filter(|tag| tag.split('>').next().is_some_and(|tag| tag.contains(" checked")))
        .filter_map(|tag| crate::attacks::browser::attribute(tag, "value"))
        .collect();
    assert_eq!(checked, ["launch/patient", "patient/Observation.rs", vital.as_str(), "patient/Patient.rs"]);
    // What the app has not asked for before is ticked, and marked.
    let other = browser.get(&house.asking(&app, "patient/DiagnosticReport.rs patient/Observation.rs", &[]));
    assert!(!other.text.contains("New: "), "both were asked for before");
    // Somebody else has chosen nothing; and when they have, what is asked for beyond that is new, and ticked.
    let mut bob = house.signed_in("bob");
    assert_eq!(bob.get(&asking).text.matches("checked").count(), 6);
    let small = bob.get(&house.asking(&app, "patient/Patient.rs", &[]));
    assert!(bob.fill(&small, &[("ward_decision", "allow")]).parameter("code").is_some());
    let larger = bob.get(&asking).text;
    assert_eq!((larger.matches("checked").count(), larger.matches("New: ").count()), (6, 5), "{larger}");
}
