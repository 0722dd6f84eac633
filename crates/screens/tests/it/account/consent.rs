//! What apps are allowed: asked of the user, scope by scope, and about which patient.

use oauth::{Client, GrantType, IdTokenAlg, Params, Proof, Request, Site};
use store::commit::Tenant;

use crate::browser::{Browser, House, ORIGIN, PASSWORD, Page};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "https://app.example:8443/back";

async fn client(house: &House) -> String {
    let client = Client {
        tenant: 1,
        name: "Growth <chart>".into(),
        proof: Proof::Public,
        redirect_uris: vec![BACK.into()],
        post_logout_redirect_uris: Vec::new(),
        origins: Vec::new(),
        launch_uri: None,
        scope: "openid fhirUser launch/patient offline_access patient/*.rs".into(),
        grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::DeviceCode],
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

fn asking(client: &str, changes: &[(&str, &str)]) -> String {
    let mut members = vec![
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", BACK),
        ("scope", "openid launch/patient patient/Observation.rs patient/Patient.r user/*.cud"),
        ("state", "s 1&x"),
        ("aud", "https://ward.test/fhir"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    members.retain(|(name, _)| changes.iter().all(|(other, _)| other != name));
    members.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    oauth::params::append("/auth/authorize", &members)
}

/// What a token request answers.
pub(super) async fn redeem(house: &House, client: &str, location: &str) -> oauth::Reply {
    let query = location.split('?').nth(1).expect("a query");
    let code = query.split('&').find_map(|pair| pair.strip_prefix("code=")).expect("a code").to_owned();
    let pairs =
        [("grant_type", "authorization_code"), ("client_id", client), ("redirect_uri", BACK), ("code", &code), ("code_verifier", VERIFIER)];
    let params = Params::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).expect("parameters");
    house.provider.token(&Site::new(Tenant(1), ORIGIN, "https://ward.test/fhir"), Request { params: &params, authorization: None }).await
}

async fn asked(house: &House, client: &str) -> (Browser, Page) {
    let mut browser = house.signed_in("ada").await;
    let page = browser.get(&asking(client, &[])).await;
    assert_eq!(page.status, 200, "{}", page.text);
    (browser, page)
}

#[tokio::test]
async fn asks_scope_by_scope_and_for_a_patient() {
    let house = House::new();
    house.user("ada").await;
    let client = client(&house).await;
    let (mut browser, page) = asked(&house, &client).await;
    assert!(page.text.contains("Growth &lt;chart&gt;") && page.text.contains("Ada &lt;b&gt;Lovelace"), "{}", page.text);
    assert!(
        page.text.contains("user/*.cud") && !page.text.contains("value=\"user/*.cud\""),
        "what it may not have is told, and not offered"
    );
    assert!(page.text.contains("Most apps cannot sign you in without it."), "what an app needs is explained: {}", page.text);
    assert!(page.text.contains("Allow only some of it") && page.text.contains("|vital-signs"), "{}", page.text);
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.ends_with("form-action 'self' https://app.example:8443"), "{policy}");
    let none = browser.fill(&page, &[("ward_decision", "allow")]).await;
    assert!(none.status == 422 && none.text.contains("Choose a patient"), "{}", none.text);
    let searched = browser.fill(&page, &[("ward_decision", "search"), ("ward_search", "Babbage")]).await;
    assert!(searched.status == 200 && searched.text.contains("Babbage") && !searched.text.contains("Lovelace"), "{}", searched.text);
    // One of the scopes is taken away.
    let form = searched.forms()[0].replace("checked>", ">").replace(" checked", "");
    let filled =
        [("ward_scope", "launch/patient"), ("ward_scope", "patient/Observation.rs"), ("ward_patient", "p2"), ("ward_decision", "allow")];
    let answer = browser.fill_form(&form, &filled).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert!(
        answer.location().starts_with(&format!("{BACK}?code=")) && answer.location().contains("state=s%201%26x"),
        "{}",
        answer.location()
    );
    let reply = redeem(&house, &client, answer.location()).await;
    let body = reply.body.expect("a body");
    assert_eq!((reply.status, body.text("patient")), (200, Some("p2")));
    assert_eq!(body.text("scope"), Some("launch/patient patient/Observation.rs"));
    assert_eq!(redeem(&house, &client, answer.location()).await.status, 400, "a code is used once");
}

#[tokio::test]
async fn grants_no_more_than_was_asked_for() {
    let house = House::new();
    house.user("ada").await;
    let client = client(&house).await;
    let (mut browser, page) = asked(&house, &client).await;
    let wide = [("ward_scope", "user/*.cruds"), ("ward_patient", "p1"), ("ward_decision", "allow")];
    let answer = browser.fill(&page, &wide).await;
    assert!(answer.status == 303 && answer.location().contains("error=access_denied"), "{}", answer.location());
    let hidden = browser.fill(&page, &[("ward_patient", "p3"), ("ward_decision", "allow")]).await;
    assert!(hidden.status == 422 && hidden.text.contains("whom you may see"), "{}", hidden.text);
    let refused = browser.fill(&page, &[("ward_decision", "refuse")]).await;
    assert!(refused.status == 303 && refused.location().contains("error=access_denied") && refused.location().contains("state="));
}

#[tokio::test]
async fn lets_an_app_ask_with_a_form_and_decides_nothing_by_it() {
    let house = House::new();
    house.user("ada").await;
    let client = client(&house).await;
    let mut browser = house.signed_in("ada").await;
    let asking = asking(&client, &[]);
    let mut pairs = search::url::query_pairs(asking.split_once('?').expect("a query").1).expect("pairs");
    for decided in [("ward_scope", "patient/Observation.rs"), ("ward_patient", "p1"), ("ward_decision", "allow"), ("ward_began", "1")] {
        pairs.push((decided.0.to_owned(), decided.1.to_owned()));
    }
    let answer = browser.post("/auth/authorize", &pairs, &[("origin", "https://app.example:8443")]).await;
    assert_eq!((answer.status, answer.location()), (303, &*asking));
    assert_eq!(browser.get(answer.location()).await.status, 200);
    pairs.push(("form_token".to_owned(), "0".repeat(64)));
    assert_eq!(browser.post("/auth/authorize", &pairs, &[("origin", "https://app.example:8443")]).await.status, 403);
}

#[tokio::test]
async fn tells_an_app_that_nobody_knows_nothing() {
    let house = House::new();
    house.user("ada").await;
    let client = client(&house).await;
    let mut browser = house.signed_in("ada").await;
    for changes in [
        [("client_id", "nobody")],
        [("redirect_uri", "https://evil.example/back")],
        [("redirect_uri", "https://app.example:8443/back/../x")],
        [("redirect_uri", "https://app.example:8443/back?x")],
        [("redirect_uri", "")],
    ] {
        let page = browser.get(&asking(&client, &changes)).await;
        assert_eq!((page.status, page.location()), (400, ""), "{changes:?}");
    }
    let twice = format!("{}&client_id={client}", asking(&client, &[]));
    assert_eq!(browser.get(&twice).await.status, 400);
    let page = browser.get(&asking(&client, &[("code_challenge", "")])).await;
    assert!(
        page.status == 303 && page.location().starts_with(BACK) && page.location().contains("error=invalid_request"),
        "{}",
        page.location()
    );
}

#[tokio::test]
async fn lets_the_user_sign_in_first_and_comes_back() {
    let house = House::new();
    house.user("ada").await;
    let client = client(&house).await;
    let mut browser = house.browser();
    let away = browser.get(&asking(&client, &[("login_hint", "ada")])).await;
    assert!(away.status == 303 && away.location().starts_with("/auth/sign-in?next="), "{}", away.location());
    let page = browser.get(away.location()).await;
    assert!(page.text.contains("value=\"ada\""), "{}", page.text);
    let back = browser.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await;
    assert!(back.location().starts_with("/auth/authorize?response_type=code&"), "{}", back.location());
    assert_eq!(browser.get(back.location()).await.status, 200);
    // Whoever has to sign in anew is asked once, and not for ever.
    house.advance_s(5);
    let away = browser.get(&asking(&client, &[("prompt", "login")])).await;
    let page = browser.get(away.location()).await;
    let back = browser.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await;
    assert_eq!(browser.get(back.location()).await.status, 200);
    let none = browser.get(&asking(&client, &[("prompt", "none")])).await;
    assert!(none.location().contains("error=consent_required"), "{}", none.location());
}

#[tokio::test]
async fn connects_a_device_and_takes_back_what_was_allowed() {
    let house = House::new();
    house.user("ada").await;
    let client = client(&house).await;
    let site = Site::new(Tenant(1), ORIGIN, "https://ward.test/fhir");
    let pairs = [("client_id", client.as_str()), ("scope", "openid patient/*.rs offline_access")];
    let params = Params::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).expect("parameters");
    let reply = house.provider.device_authorization(&site, Request { params: &params, authorization: None }).await;
    let body = reply.body.expect("a body");
    let (shown, secret) = (body.text("user_code").expect("a code").to_owned(), body.text("device_code").expect("a code").to_owned());
    let mut browser = house.browser();
    assert!(browser.get("/auth/device").await.location().starts_with("/auth/sign-in"));
    let mut browser2 = house.signed_in("ada").await;
    let page = browser2.get(&format!("/auth/device?user_code={shown}")).await;
    assert!(page.text.contains(&format!("value=\"{shown}\"")));
    let wrong = browser2.fill(&page, &[("user_code", "BBBB-BBBB")]).await;
    assert!(wrong.status == 400 && wrong.text.contains("No device waits"), "{}", wrong.text);
    let question = browser2.fill(&page, &[("user_code", &shown.to_lowercase())]).await;
    assert!(question.status == 200 && question.text.contains("Growth &lt;chart&gt;"), "{}", question.text);
    let done = browser2
        .fill(
            &question,
            &[("ward_scope", "patient/*.rs"), ("ward_scope", "offline_access"), ("ward_patient", "p1"), ("ward_decision", "allow")],
        )
        .await;
    assert!(done.status == 200 && done.text.contains("go back to your device"), "{}", done.text);
    house.advance_s(10);
    let pairs = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", &client), ("device_code", &secret)];
    let params = Params::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).expect("parameters");
    let reply = house.provider.token(&site, Request { params: &params, authorization: None }).await;
    let token = reply.body.as_ref().and_then(|body| body.text("access_token")).expect("a token").to_owned();
    assert!(house.provider.bearer(Tenant(1), &token).await.is_ok());
    let apps = browser2.get("/auth/apps").await;
    assert!(apps.text.contains("Growth &lt;chart&gt;"), "{}", apps.text);
    let id = crate::browser::attribute(apps.text.split("name=\"end\"").nth(1).expect("a button"), "value").expect("an id");
    assert_eq!(browser2.fill(&apps, &[("end", &id)]).await.status, 303);
    assert!(house.provider.bearer(Tenant(1), &token).await.is_err(), "it is worth nothing any more");
}

/// An app that asks for an encounter, too, with the patient chosen: the page that asks for it.
async fn asked_for_an_encounter(house: &House) -> (String, Browser, Page) {
    let client = client(house).await;
    let kept = house.provider.find_client(Tenant(1), &client).await.expect("a directory").expect("a client");
    let wider = Client { scope: format!("{} launch/encounter", kept.record.scope), ..kept.record.clone() };
    house.provider.change_client(&kept, &wider).await.expect("changed");
    let mut browser = house.signed_in("ada").await;
    let page = browser.get(&asking(&client, &[("scope", "launch/patient launch/encounter patient/Patient.r")])).await;
    assert!(page.status == 200 && !page.text.contains("ward_encounter"), "the patient comes first: {}", page.text);
    let page = browser.fill(&page, &[("ward_patient", "p2"), ("ward_decision", "allow")]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    (client, browser, page)
}

#[tokio::test]
async fn asks_for_an_encounter_of_the_patient_page_by_page() {
    let house = House::new();
    house.user("ada").await;
    let (client, mut browser, page) = asked_for_an_encounter(&house).await;
    assert!(page.text.contains("value=\"p2-now\"") && page.text.contains("Emergency &lt;ER&gt;"), "{}", page.text);
    let none = browser.fill(&page, &[("ward_decision", "allow")]).await;
    assert!(none.status == 422 && none.text.contains("go on without one"), "{}", none.text);
    let older = browser.fill(&page, &[("ward_decision", "more")]).await;
    assert!(older.status == 200 && older.text.contains("p2-first") && !older.text.contains("p2-now"), "{}", older.text);
    assert!(!older.text.contains("Older ones"), "{}", older.text);
    let answer = browser.fill(&older, &[("ward_encounter", "p2-first"), ("ward_decision", "allow")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let body = redeem(&house, &client, answer.location()).await.body.expect("a body");
    assert_eq!((body.text("patient"), body.text("encounter")), (Some("p2"), Some("p2-first")));
    assert_eq!(body.text("scope"), Some("launch/patient launch/encounter patient/Patient.r"));
}

#[tokio::test]
async fn goes_on_without_an_encounter_and_refuses_one_of_another_patient() {
    let house = House::new();
    house.user("ada").await;
    let (client, mut browser, page) = asked_for_an_encounter(&house).await;
    for forged in ["p1-now", "hidden", "../p2-now", "p2-now/_history/1"] {
        let answer = browser.fill(&page, &[("ward_encounter", forged), ("ward_decision", "allow")]).await;
        assert!(answer.status == 422 && answer.text.contains("Choose an encounter of this patient"), "{forged}: {}", answer.text);
    }
    let unknown = browser.fill(&page, &[("ward_after", "nonsense"), ("ward_decision", "more")]).await;
    assert!(unknown.status == 422 && unknown.text.contains("could not be looked up"), "{}", unknown.text);
    let refused = browser.fill(&page, &[("ward_encounter", "p2-now"), ("ward_decision", "refuse")]).await;
    assert!(refused.location().contains("error=access_denied"), "{}", refused.location());
    let answer = browser.fill(&page, &[("ward_encounter", "-none-"), ("ward_decision", "allow")]).await;
    let body = redeem(&house, &client, answer.location()).await.body.expect("a body");
    assert_eq!((body.text("encounter"), body.text("scope")), (None, Some("launch/patient patient/Patient.r")));
    // Without the scope ticked, nobody is asked.
    let mut page = browser.get(&asking(&client, &[("scope", "launch/patient launch/encounter")])).await;
    page.text = page.text.replace("checked>", ">").replace(" checked", "");
    let filled = [("ward_scope", "launch/patient"), ("ward_patient", "p2"), ("ward_decision", "allow")];
    assert_eq!(browser.fill(&page, &filled).await.status, 303);
}
