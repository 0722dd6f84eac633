//! What is open beside patient and encounter: `fhirContext`.

use oauth::authorize::{Decision, Done};
use oauth::launch::{Item, Opened};

use crate::house::{Endpoint, House, START, at, param, text};

#[test]
fn items_are_read_and_given_back_as_smart_has_them() {
    let text = r#"[{"reference":"ImagingStudy/i-1"},{"canonical":"http://a.example/Questionnaire/q|1","type":"Questionnaire","role":"https://a.example/roles/fill"},{"identifier":{"system":"urn:mrn","value":"7"},"type":"Patient","role":"https://a.example/roles/donor"},{"reference":"Encounter/e","role":"https://a.example/roles/before"},{"reference":"ImagingStudy/i-2","role":"launch"}]"#;
    let items = Item::list(text).unwrap();
    let json: Vec<String> = items.iter().map(|item| fhir::json::to_string(&item.json())).collect();
    assert_eq!(format!("[{}]", json.join(",")), text);
    assert_eq!(Item::list("").unwrap(), []);
    assert_eq!(Item::list("[]").unwrap(), []);
}

#[test]
fn what_smart_does_not_allow_is_refused_with_the_rule() {
    for (wrong, rule) in [
        ("{}", "array"),
        ("[1]", "object"),
        ("nothing", "no JSON"),
        (r#"[{}]"#, "at least one"),
        (r#"[{"type":"ImagingStudy"}]"#, "at least one"),
        (r#"[{"reference":"Patient/1"}]"#, "beside `launch`"),
        (r#"[{"reference":"Patient/1","role":"launch"}]"#, "beside `launch`"),
        (r#"[{"reference":"Encounter/1"}]"#, "beside `launch`"),
        (r#"[{"identifier":{"value":"7"},"type":"Patient"}]"#, "beside `launch`"),
        (r#"[{"reference":"ImagingStudy/1","role":""}]"#, "1 to 1000"),
        (r#"[{"reference":"ImagingStudy/1","role":"mine"}]"#, "absolute"),
        (r#"[{"reference":"ImagingStudy/1","role":":x"}]"#, "absolute"),
        (r#"[{"reference":"ImagingStudy/1","type":"Patient"}]"#, "that of its reference"),
        (r#"[{"canonical":"http://a","type":"Nothing"}]"#, "R4 has"),
        (r#"[{"reference":"Nothing/1"}]"#, "a type of R4"),
        (r#"[{"reference":"ImagingStudy/../Patient/1"}]"#, "a type of R4"),
        (r#"[{"reference":"https://evil.example/ImagingStudy/1"}]"#, "a type of R4"),
        (r#"[{"reference":"ImagingStudy/"}]"#, "a type of R4"),
        (r#"[{"reference":1}]"#, "a text"),
        (r#"[{"reference":"ImagingStudy/1","display":"<b>"}]"#, "has of"),
        (r#"[{"identifier":{"system":"a"}}]"#, "has a value"),
        (r#"[{"identifier":{"value":"7","use":"x"}}]"#, "has a value"),
    ] {
        let refusal = Item::list(wrong).unwrap_err();
        assert!(refusal.error() == "invalid_request" && refusal.why.contains(rule), "{wrong}: {}", refusal.why);
    }
    let many = format!("[{}]", vec![r#"{"reference":"ImagingStudy/1"}"#; 21].join(","));
    assert!(Item::list(&many).is_err());
}

async fn granted(house: &House, client: &str, scope: &str, context: &str) -> Result<oauth::Reply, String> {
    let opened = Opened {
        patient: Some("pat-9".to_owned()),
        encounter: None,
        others: Item::list(context).unwrap(),
        intent: None,
        needs_banner: true,
    };
    let address = house.provider.launch(&house.site, client, "ada", opened).await.unwrap();
    let launch = param(&address, "launch").unwrap();
    let asked = house.begin(client, &[("scope", scope), ("launch", &launch)]).await.map_err(|denied| format!("{denied:?}"))?;
    let decision = Decision { scopes: asked.scopes.clone(), patient: None, encounter: None };
    let done = house.provider.finish(&house.site, &asked, &house.ada, START, &decision).await;
    let Ok(Done::Redirect(address)) = done else { return Err(format!("{done:?}")) };
    Ok(house.redeem(client, &param(&address, "code").unwrap()).await)
}

#[tokio::test]
async fn a_scope_for_context_is_granted_when_something_open_answers_it() {
    let house = House::new().await;
    let scope = "launch launch/imagingstudy launch/diagnosticreport launch/encounter patient/*.rs";
    let (client, _) = house.client(|client| scope.clone_into(&mut client.scope)).await;
    let context = r#"[{"reference":"ImagingStudy/i-1","role":"https://a.example/roles/prior"}]"#;
    let asks = "launch launch/imagingstudy?role=https://a.example/roles/now launch/diagnosticreport launch/encounter patient/*.rs";
    let reply = granted(&house, &client, asks, context).await.unwrap();
    assert_eq!(text(&reply, "scope"), "launch launch/imagingstudy?role=https://a.example/roles/now patient/*.rs");
    let told = at(&reply, "fhirContext").unwrap().as_array().unwrap();
    assert_eq!(
        (told.len(), told[0].text("reference"), told[0].text("role")),
        (1, Some("ImagingStudy/i-1"), Some("https://a.example/roles/prior"))
    );
    assert_eq!(text(&reply, "tenant"), "1");
    // Where nothing is open, nothing is said to be.
    let asked = house.begin(&client, &[("scope", "launch/imagingstudy patient/*.rs")]).await.unwrap();
    assert_eq!((asked.scopes, asked.left_out), (vec!["patient/*.rs".to_owned()], vec!["launch/imagingstudy".to_owned()]));
    assert!(house.begin(&client, &[("scope", "launch/imagingstudy")]).await.is_err());
    // A type that the client is not registered for, and what is none.
    for other in ["launch/observation", "launch/nothing", "launch/ImagingStudy"] {
        let asked = house.begin(&client, &[("scope", &format!("{other} patient/*.rs"))]).await.unwrap();
        assert_eq!(asked.left_out, [other], "{other}");
    }
}

#[tokio::test]
async fn a_device_is_told_of_nothing_that_is_open() {
    let house = House::new().await;
    let scope = "launch launch/imagingstudy launch/patient patient/*.rs";
    let device = |client: &mut oauth::Client| {
        scope.clone_into(&mut client.scope);
        client.grants = vec![oauth::GrantType::DeviceCode];
        client.redirect_uris = Vec::new();
        client.launch_uri = None;
    };
    let (client, _) = house.client(device).await;
    let reply = house.post(Endpoint::Device, &[("client_id", &client), ("scope", scope)]).await;
    let asked = house.provider.device_asked(&house.site, &text(&reply, "user_code")).await.unwrap();
    assert_eq!(asked.scopes, ["launch/patient", "patient/*.rs"]);
    assert_eq!(asked.left_out, ["launch", "launch/imagingstudy"]);
}

#[tokio::test]
async fn nobody_in_the_records_grants_no_fhir_user() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    house.change_user("ada", |user| user.memberships[0].fhir_user = None).await;
    let code = house.code(&client, &[("scope", "openid fhirUser patient/*.rs")]).await;
    assert_eq!(text(&house.redeem(&client, &code).await, "scope"), "openid patient/*.rs");
    let asked = house.begin(&client, &[("scope", "fhirUser")]).await.unwrap();
    assert_eq!(crate::house::told(house.grant(&asked, &house.ada).await.unwrap_err()), "access_denied");
}
