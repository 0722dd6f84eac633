//! Launches from the record system: for one client and one user, for five minutes, once.

use oauth::authorize::{Decision, Done};
use oauth::launch::{Item, Opened};

use crate::house::{House, START, at, is_shown, param, text, told};

const ASKS: (&str, &str) = ("scope", "openid fhirUser launch patient/*.rs");

fn opened() -> Opened {
    Opened {
        patient: Some("pat-9".to_owned()),
        encounter: Some("enc-3".to_owned()),
        others: Item::list(r#"[{"reference":"ImagingStudy/i-1"}]"#).unwrap(),
        intent: Some("reconcile-medications".to_owned()),
        needs_banner: false,
    }
}

async fn launch(house: &House, client: &str, user: &str) -> String {
    let address = house.provider.launch(&house.site, client, user, opened()).await.unwrap();
    assert!(address.starts_with("https://app.example/launch?iss=https%3A%2F%2Fward.example%2Ffhir&launch="), "{address}");
    param(&address, "launch").unwrap()
}

#[tokio::test]
async fn the_client_is_told_what_was_open() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let token = launch(&house, &client, "ada").await;
    let asked = house.begin(&client, &[ASKS, ("launch", &token)]).await.unwrap();
    let decision = Decision { scopes: asked.scopes.clone(), patient: Some("pat-evil".to_owned()), encounter: None };
    let Ok(Done::Redirect(address)) = house.provider.finish(&house.site, &asked, &house.ada, START, &decision).await else { panic!() };
    let reply = house.redeem(&client, &param(&address, "code").unwrap()).await;
    assert_eq!(text(&reply, "patient"), "pat-9");
    assert_eq!(text(&reply, "encounter"), "enc-3");
    assert_eq!(text(&reply, "intent"), "reconcile-medications");
    assert_eq!(text(&reply, "smart_style_url"), "https://ward.example/auth/smart-style.json");
    assert_eq!(at(&reply, "need_patient_banner").unwrap().as_bool(), Some(false));
    let others = at(&reply, "fhirContext").unwrap().as_array().unwrap();
    assert_eq!(others[0].text("reference"), Some("ImagingStudy/i-1"));
    let principal = house.provider.bearer(house.site.tenant, &text(&reply, "access_token")).await.unwrap();
    assert_eq!((principal.patient.as_deref(), principal.encounter.as_deref()), (Some("pat-9"), Some("enc-3")));
}

#[tokio::test]
async fn a_launch_of_another_client_or_time_or_none_gets_no_code() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (other, _) = house.client(|_| {}).await;
    let token = launch(&house, &client, "ada").await;
    assert_eq!(told(house.begin(&other, &[ASKS, ("launch", &token)]).await.unwrap_err()), "invalid_request");
    assert_eq!(told(house.begin(&client, &[ASKS, ("launch", "guess")]).await.unwrap_err()), "invalid_request");
    assert_eq!(told(house.begin(&client, &[("launch", &token)]).await.unwrap_err()), "invalid_request");
    house.clock.move_seconds(300);
    assert_eq!(told(house.begin(&client, &[ASKS, ("launch", &token)]).await.unwrap_err()), "invalid_request");
}

#[tokio::test]
async fn a_launch_is_its_users_alone() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let token = launch(&house, &client, "ada").await;
    let asked = house.begin(&client, &[ASKS, ("launch", &token)]).await.unwrap();
    assert_eq!(told(asked.step(&house.site, Some(&house.pat), START, START).unwrap_err()), "access_denied");
    assert_eq!(told(house.grant(&asked, &house.pat).await.unwrap_err()), "access_denied");
}

#[tokio::test]
async fn a_patient_is_not_launched_into_the_chart_of_another() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let token = launch(&house, &client, "pat").await;
    let asked = house.begin(&client, &[ASKS, ("launch", &token)]).await.unwrap();
    let decision = Decision { scopes: asked.scopes.clone(), patient: None, encounter: None };
    let denied = house.provider.finish(&house.site, &asked, &house.pat, START, &decision).await.unwrap_err();
    assert_eq!(told(denied), "access_denied");
}

#[tokio::test]
async fn a_launch_is_good_once() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let token = launch(&house, &client, "ada").await;
    let asked = house.begin(&client, &[ASKS, ("launch", &token)]).await.unwrap();
    assert!(house.grant(&asked, &house.ada).await.is_ok());
    let again = house.grant(&asked, &house.ada).await.unwrap_err();
    assert!(!is_shown(&again));
    assert_eq!(told(again), "invalid_request");
    assert_eq!(told(house.begin(&client, &[ASKS, ("launch", &token)]).await.unwrap_err()), "invalid_request");
}

#[tokio::test]
async fn a_client_without_a_launch_uri_is_not_launched() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.launch_uri = None).await;
    assert!(house.provider.launch(&house.site, &client, "ada", opened()).await.is_err());
    assert!(house.provider.launch(&house.site, "c-none", "ada", opened()).await.is_err());
}
