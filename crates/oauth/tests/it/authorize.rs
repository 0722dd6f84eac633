//! Authorization requests: what is understood, what is refused, and who is told.

use oauth::authorize::{Denied, Done, Step};
use oauth::{Fault, GrantType, Params, Proof, Site};
use store::commit::Tenant;

use crate::house::{CHALLENGE, House, START, VERIFIER, is_shown, param, text, told};

#[tokio::test]
async fn a_code_goes_back_with_state_and_issuer_and_becomes_tokens() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[]).await.unwrap();
    assert_eq!(asked.step(&house.site, None, START, START), Ok(Step::SignIn));
    assert_eq!(asked.step(&house.site, Some(&house.ada), START, START), Ok(Step::Ask { patient: true }));
    let Ok(Done::Redirect(address)) = house.grant(&asked, &house.ada).await else { panic!() };
    assert!(address.starts_with("https://app.example/back?code=ward_ac_"), "{address}");
    assert_eq!(param(&address, "state").as_deref(), Some("s-1"));
    assert_eq!(param(&address, "iss").as_deref(), Some("https://ward.example"));
    let reply = house.redeem(&client, &param(&address, "code").unwrap()).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.max_age_seconds, None);
    assert_eq!(text(&reply, "token_type"), "Bearer");
    assert_eq!(text(&reply, "scope"), "openid fhirUser launch/patient offline_access patient/*.rs");
    assert_eq!(text(&reply, "patient"), "pat-1");
    assert_eq!(text(&reply, "id_token").split('.').count(), 3);
    assert_eq!(reply.body.as_ref().unwrap().get("expires_in").unwrap().as_number(), Some("900"));
    assert!(!text(&reply, "refresh_token").is_empty());
}

#[tokio::test]
async fn nobody_is_sent_to_an_unknown_client_or_address() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    assert!(is_shown(&house.begin("c-nobody", &[]).await.unwrap_err()));
    assert!(is_shown(&house.begin("../Patient", &[]).await.unwrap_err()));
    assert!(is_shown(&house.begin(&client, &[("client_id", "")]).await.unwrap_err()));
    assert!(is_shown(&house.begin(&client, &[("redirect_uri", "")]).await.unwrap_err()));
    assert!(is_shown(&house.begin(&client, &[("redirect_uri", "https://evil.example/back")]).await.unwrap_err()));
    // Also when something else is wrong.
    let both = [("redirect_uri", "https://evil.example/back"), ("response_type", "token")];
    assert!(is_shown(&house.begin(&client, &both).await.unwrap_err()));
}

#[tokio::test]
async fn a_client_of_another_tenant_or_one_that_is_switched_off_is_unknown() {
    let house = House::new().await;
    let (elsewhere, _) = house.client(|client| client.tenant = 2).await;
    assert!(is_shown(&house.begin(&elsewhere, &[]).await.unwrap_err()));
    let (off, _) = house.client(|client| client.active = false).await;
    assert!(is_shown(&house.begin(&off, &[]).await.unwrap_err()));
    let other = Site::new(Tenant(2), "https://two.example", "https://two.example/fhir");
    let (client, _) = house.client(|_| {}).await;
    let params = [("response_type", "code"), ("client_id", &client), ("redirect_uri", "https://app.example/back")];
    let params = Params::new(params.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
    assert!(is_shown(&house.provider.begin(&other, &params).await.unwrap_err()));
}

#[tokio::test]
async fn whatever_else_is_wrong_is_told_to_the_client() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let long = "x".repeat(2001);
    for (changes, error) in [
        (&[("response_type", "token")][..], "unsupported_response_type"),
        (&[("response_type", "code id_token")], "unsupported_response_type"),
        (&[("response_type", "")], "invalid_request"),
        (&[("response_mode", "fragment")], "invalid_request"),
        (&[("request", "eyJ")], "request_not_supported"),
        (&[("request_uri", "https://app.example/r")], "request_uri_not_supported"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("code_challenge", VERIFIER), ("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge", CHALLENGE), ("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "s256")], "invalid_request"),
        (&[("aud", "")], "invalid_request"),
        (&[("aud", "https://evil.example/fhir")], "invalid_request"),
        (&[("aud", "https://ward.example/fhir/../x")], "invalid_request"),
        (&[("aud", "https://ward.example/FHIR")], "invalid_request"),
        (&[("aud", "https://ward.example/t/two/fhir")], "invalid_request"),
        (&[("resource", "https://evil.example/fhir")], "invalid_request"),
        (&[("scope", "")], "invalid_request"),
        (&[("scope", "patient/Observation.sr")], "invalid_scope"),
        (&[("scope", "system/*.rs")], "invalid_scope"),
        (&[("scope", "everything")], "invalid_scope"),
        (&[("scope", "launch patient/*.rs")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("prompt", "dance")], "invalid_request"),
        (&[("max_age", "-1")], "invalid_request"),
        (&[("max_age", "soon")], "invalid_request"),
        (&[("state", &long)], "invalid_request"),
        (&[("nonce", &long)], "invalid_request"),
    ] {
        assert_eq!(told(house.begin(&client, changes).await.unwrap_err()), error, "{changes:?}");
    }
}

#[tokio::test]
async fn what_the_client_is_told_has_its_state_and_the_issuer() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let state = [("response_type", "token"), ("state", "a&code=stolen\r\nSet-Cookie: x=\"1\"")];
    let Denied::Redirect(address, refusal) = house.begin(&client, &state).await.unwrap_err() else { panic!() };
    assert_eq!(param(&address, "state").as_deref(), Some("a&code=stolen\r\nSet-Cookie: x=\"1\""));
    assert_eq!(param(&address, "iss").as_deref(), Some("https://ward.example"));
    assert_eq!(param(&address, "code"), None);
    assert!(address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"'), "{address}");
    assert!(param(&address, "error_description").unwrap().ends_with("(WARD-1408)"));
    assert_eq!(refusal.fault, Fault::UnsupportedResponse);
}

#[tokio::test]
async fn a_slash_after_the_audience_is_no_difference_and_sign_in_alone_needs_none() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    assert!(house.begin(&client, &[("aud", "https://ward.example/fhir/")]).await.is_ok());
    assert!(house.begin(&client, &[("aud", ""), ("resource", "https://ward.example/fhir")]).await.is_ok());
    assert!(house.begin(&client, &[("aud", ""), ("scope", "openid profile")]).await.is_ok());
    assert_eq!(told(house.begin(&client, &[("aud", ""), ("scope", "openid user/Patient.r")]).await.unwrap_err()), "invalid_request");
}

#[tokio::test]
async fn a_service_asks_no_user() {
    let house = House::new().await;
    let service = |client: &mut oauth::Client| {
        client.proof = Proof::Secret { hashes: Vec::new() };
        client.grants = vec![GrantType::ClientCredentials];
        client.redirect_uris = Vec::new();
    };
    let (client, _) = house.client(service).await;
    assert!(is_shown(&house.begin(&client, &[]).await.unwrap_err()));
}

#[tokio::test]
async fn who_registered_themselves_are_told_nothing_before_a_user_has_decided() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.self_registered = true).await;
    assert!(is_shown(&house.begin(&client, &[("response_type", "token")]).await.unwrap_err()));
    let asked = house.begin(&client, &[("prompt", "none")]).await.unwrap();
    assert!(is_shown(&asked.step(&house.site, None, START, START).unwrap_err()));
    assert_eq!(told(house.provider.refuse(&house.site, &asked).await.unwrap_err()), "access_denied");
}
