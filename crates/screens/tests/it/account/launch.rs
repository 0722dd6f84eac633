//! Apps that are opened from the record.

use oauth::{Client, GrantType, IdTokenAlg, Proof};

use crate::browser::House;

const LAUNCH: &str = "https://app.example:8443/launch";

async fn client(house: &House, launch_uri: Option<&str>) -> String {
    let client = Client {
        tenant: 1,
        name: "Growth <chart>".into(),
        proof: Proof::Public,
        redirect_uris: vec!["https://app.example:8443/back".into()],
        post_logout_redirect_uris: Vec::new(),
        origins: Vec::new(),
        launch_uri: launch_uri.map(str::to_owned),
        scope: "openid launch patient/*.rs".into(),
        grants: vec![GrantType::AuthorizationCode],
        logo_uri: None,
        roles: Vec::new(),
        preapproved: false,
        id_token_alg: IdTokenAlg::default(),
        self_registered: false,
        active: true,
        created: 0,
    };
    house.provider.register_client(client).await.expect("registered").id
}

#[tokio::test]
async fn opens_an_app_with_what_is_open() {
    let house = House::new();
    house.user("ada").await;
    let (app, other) = (client(&house, Some(LAUNCH)).await, client(&house, None).await);
    let mut browser = house.signed_in("ada").await;
    let list = browser.get("/auth/launch?patient=p2&encounter=e1").await;
    assert!(list.text.contains("Growth &lt;chart&gt;") && list.text.contains(&app) && !list.text.contains(&other), "{}", list.text);
    let page = browser.get(&format!("/auth/launch?app={app}&patient=p2&encounter=e1")).await;
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.ends_with("form-action 'self' https://app.example:8443"), "{policy}");
    let answer = browser.fill(&page, &[("act", "open")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert!(answer.location().starts_with(&format!("{LAUNCH}?iss=https%3A%2F%2Fward.test%2Ffhir&launch=")), "{}", answer.location());
    let token = answer.location().rsplit('=').next().expect("a launch");
    let asking = oauth::params::append(
        "/auth/authorize",
        &[
            ("response_type", "code"),
            ("client_id", &app),
            ("redirect_uri", "https://app.example:8443/back"),
            ("scope", "launch patient/*.rs"),
            ("aud", "https://ward.test/fhir"),
            ("launch", token),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ],
    );
    let asked = browser.get(&asking).await;
    assert!(asked.status == 200 && !asked.text.contains("ward_patient"), "the patient is known: {}", asked.text);
}

#[tokio::test]
async fn asks_which_patient_and_takes_none_who_may_not_be_seen() {
    let house = House::new();
    house.user("ada").await;
    let app = client(&house, Some(LAUNCH)).await;
    let mut browser = house.signed_in("ada").await;
    let page = browser.get(&format!("/auth/launch?app={app}")).await;
    let none = browser.fill(&page, &[("act", "open")]).await;
    assert!(none.status == 422 && none.text.contains("Choose a patient."), "{}", none.text);
    for (patient, encounter) in [("hidden", ""), ("../p1", ""), ("p1", "a b")] {
        let answer = browser.fill(&page, &[("act", "open"), ("ward_patient", patient), ("encounter", encounter)]).await;
        assert_eq!(answer.status, 422, "{patient} {encounter}: {}", answer.location());
    }
    let searched = browser.fill(&page, &[("ward_decision", "search"), ("ward_search", "Babbage")]).await;
    assert!(searched.status == 200 && searched.text.contains("Babbage") && !searched.text.contains("Lovelace"), "{}", searched.text);
    assert_eq!(browser.fill(&searched, &[("act", "open"), ("ward_patient", "p2")]).await.status, 303);
}

#[tokio::test]
async fn opens_nothing_for_strangers_and_no_app_that_cannot_be() {
    let house = House::new();
    house.user("ada").await;
    let (app, other) = (client(&house, Some(LAUNCH)).await, client(&house, None).await);
    let away = house.browser().get(&format!("/auth/launch?app={app}")).await;
    assert!(away.status == 303 && away.location().starts_with("/auth/sign-in?next="), "{}", away.location());
    let mut browser = house.signed_in("ada").await;
    for unknown in [other.as_str(), "c-nobody"] {
        assert_eq!(browser.get(&format!("/auth/launch?app={unknown}")).await.status, 404, "{unknown}");
    }
    let pairs = [("app".to_owned(), app), ("act".to_owned(), "open".to_owned()), ("ward_patient".to_owned(), "p1".to_owned())];
    let forged = browser.post("/auth/launch", &pairs, &[("origin", "https://evil.example")]).await;
    assert_eq!(forged.status, 403);
}

#[tokio::test]
async fn tells_what_else_is_open_and_what_for() {
    let house = House::new();
    house.user("ada").await;
    let app = client(&house, Some(LAUNCH)).await;
    let mut browser = house.signed_in("ada").await;
    let context = r#"[{"reference":"ImagingStudy/i-1","role":"https://a.example/prior"}]"#;
    let address = |context: &str| {
        let members = [
            ("app", app.as_str()),
            ("patient", "p2"),
            ("fhirContext", context),
            ("intent", "reconcile-medications"),
            ("need_patient_banner", "false"),
        ];
        oauth::params::append("/auth/launch", &members)
    };
    // What is open goes along when an app is chosen in the list.
    let list = browser.get(&oauth::params::append("/auth/launch", &[("fhirContext", context), ("intent", "x")])).await;
    assert!(list.text.contains("fhirContext=%5B%7B%22reference") && list.text.contains("intent=x"), "{}", list.text);
    let page = browser.get(&address(context)).await;
    assert!(page.text.contains("ImagingStudy/i-1") && page.text.contains("reconcile-medications"), "{}", page.text);
    let answer = browser.fill(&page, &[("others", "DiagnosticReport/d-1 Task/t"), ("act", "open")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let token = answer.location().rsplit('=').next().expect("a launch");
    let asking = oauth::params::append(
        "/auth/authorize",
        &[
            ("response_type", "code"),
            ("client_id", &app),
            ("redirect_uri", "https://app.example:8443/back"),
            ("scope", "launch patient/*.rs"),
            ("aud", "https://ward.test/fhir"),
            ("launch", token),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ],
    );
    let question = browser.get(&asking).await;
    let answer = browser.fill(&question, &[("ward_decision", "allow")]).await;
    let body = super::consent::redeem(&house, &app, answer.location()).await.body.expect("a body");
    let told: Vec<String> = body.list("fhirContext").map(fhir::json::to_string).collect();
    let expected =
        [&context[1..context.len() - 1], r#"{"reference":"DiagnosticReport/d-1"}"#, r#"{"reference":"Task/t"}"#].map(str::to_owned);
    assert_eq!(told, expected);
    assert_eq!((body.text("intent"), body.text("tenant"), body.text("patient")), (Some("reconcile-medications"), Some("1"), Some("p2")));
    assert_eq!(body.get("need_patient_banner"), Some(&fhir::Value::Bool(false)));
    assert!(body.text("smart_style_url").is_some_and(|address| address.ends_with("/auth/smart-style.json")));
    // What SMART does not allow is told to whoever opens the app, and nothing is opened.
    for wrong in ["[1]", r#"[{"reference":"Patient/p1"}]"#, r#"[{"reference":"ImagingStudy/1","role":"x"}]"#] {
        let page = browser.get(&address(wrong)).await;
        let answer = browser.fill(&page, &[("act", "open")]).await;
        assert!(answer.status == 422 && answer.text.contains("fhirContext"), "{wrong}: {}", answer.text);
    }
    let page = browser.get(&address("")).await;
    for (name, wrong) in [("others", "Patient/p1"), ("others", "../x"), ("intent", "two words")] {
        let answer = browser.fill(&page, &[(name, wrong), ("act", "open")]).await;
        assert!((400..500).contains(&answer.status), "{name} {wrong}: {}", answer.location());
    }
}
