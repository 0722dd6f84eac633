//! Codes: bound to verifier, client, address and tenant; for a minute; once.

use oauth::{GrantType, Params, Proof, Request, Site};
use store::commit::Tenant;

use crate::house::{BACK, CHALLENGE, Endpoint, House, VERIFIER, error, text};

async fn redeem(house: &House, changes: &[(&str, &str)], client: &str, code: &str) -> String {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    pairs.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    pairs.extend(changes.iter().filter(|(_, value)| *value != "(none)"));
    error(&house.post(Endpoint::Token, &pairs).await)
}

#[tokio::test]
async fn a_verifier_that_is_missing_blank_wrong_or_the_challenge_gets_nothing() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let code = house.code(&client, &[]).await;
    let wrong = VERIFIER.replace('d', "e");
    let long = format!("{VERIFIER}{}", "x".repeat(100));
    for verifier in ["(none)", "", " ", &wrong, CHALLENGE, &VERIFIER[1..], &long, &VERIFIER.to_lowercase(), &format!("{VERIFIER}=")] {
        assert_eq!(redeem(&house, &[("code_verifier", verifier)], &client, &code).await, "invalid_grant", "{verifier}");
    }
    assert_eq!(redeem(&house, &[], &client, &code).await, "");
}

#[tokio::test]
async fn who_sends_the_challenge_as_a_verifier_gets_nothing_even_when_it_fits_plain() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    // A challenge that is a well-formed verifier: with `plain` it would do.
    let code = house.code(&client, &[("code_challenge", CHALLENGE)]).await;
    assert_eq!(redeem(&house, &[("code_verifier", CHALLENGE)], &client, &code).await, "invalid_grant");
}

#[tokio::test]
async fn a_code_is_worth_nothing_with_another_address_client_or_tenant() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.redirect_uris.push("https://app.example/other".to_owned())).await;
    let (other, _) = house.client(|_| {}).await;
    let code = house.code(&client, &[]).await;
    assert_eq!(redeem(&house, &[("redirect_uri", "https://app.example/other")], &client, &code).await, "invalid_grant");
    assert_eq!(redeem(&house, &[("redirect_uri", "(none)")], &client, &code).await, "invalid_request");
    assert_eq!(redeem(&house, &[], &other, &code).await, "invalid_grant");
    assert_eq!(redeem(&house, &[("client_id", "c-none")], &client, &code).await, "invalid_client");
    assert_eq!(redeem(&house, &[("code", "ward_ac_0")], &client, &code).await, "invalid_grant");
    let there = Site::new(Tenant(2), "https://two.example", "https://two.example/fhir");
    let pairs = [
        ("grant_type", "authorization_code"),
        ("client_id", &*client),
        ("code", &*code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    let params = Params::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
    let reply = house.provider.token(&there, Request { params: &params, authorization: None }).await;
    assert_eq!(error(&reply), "invalid_client");
    assert_eq!(redeem(&house, &[], &client, &code).await, "");
}

#[tokio::test]
async fn a_code_holds_for_a_minute() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (early, late) = (house.code(&client, &[]).await, house.code(&client, &[]).await);
    house.clock.move_seconds(59);
    assert_eq!(redeem(&house, &[], &client, &early).await, "");
    house.clock.move_seconds(1);
    assert_eq!(redeem(&house, &[], &client, &late).await, "invalid_grant");
}

#[tokio::test]
async fn a_code_that_comes_again_ends_what_it_gave() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let code = house.code(&client, &[]).await;
    let reply = house.redeem(&client, &code).await;
    let (access, refresh) = (text(&reply, "access_token"), text(&reply, "refresh_token"));
    let newer = house.refresh(&client, &refresh).await;
    assert!(house.works(&access).await);
    house.clock.move_seconds(500);
    assert_eq!(redeem(&house, &[], &client, &code).await, "invalid_grant");
    assert!(!house.works(&access).await);
    assert!(!house.works(&text(&newer, "access_token")).await);
    assert_eq!(error(&house.refresh(&client, &text(&newer, "refresh_token")).await), "invalid_grant");
}

#[tokio::test]
async fn who_may_not_redeem_codes_and_what_is_no_grant() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let code = house.code(&client, &[]).await;
    assert_eq!(redeem(&house, &[("grant_type", "password")], &client, &code).await, "unsupported_grant_type");
    assert_eq!(redeem(&house, &[("grant_type", "implicit")], &client, &code).await, "unsupported_grant_type");
    assert_eq!(redeem(&house, &[("grant_type", "(none)")], &client, &code).await, "invalid_request");
    assert_eq!(redeem(&house, &[("grant_type", "client_credentials")], &client, &code).await, "unauthorized_client");
    assert_eq!(redeem(&house, &[("code", "(none)")], &client, &code).await, "invalid_request");
}

#[tokio::test]
async fn a_confidential_client_proves_itself_too() {
    let house = House::new().await;
    let (client, secret) = house.client(|client| client.proof = Proof::Secret { hashes: Vec::new() }).await;
    let secret = secret.unwrap();
    let code = house.code(&client, &[]).await;
    assert_eq!(redeem(&house, &[], &client, &code).await, "invalid_client");
    assert_eq!(redeem(&house, &[("client_secret", "guess")], &client, &code).await, "invalid_client");
    assert_eq!(redeem(&house, &[("client_secret", ""), ("code_verifier", "")], &client, &code).await, "invalid_client");
    assert_eq!(redeem(&house, &[("client_secret", &secret), ("code_verifier", "(none)")], &client, &code).await, "invalid_grant");
    assert_eq!(redeem(&house, &[("client_secret", &secret)], &client, &code).await, "");
}

#[tokio::test]
async fn without_a_scope_for_it_or_leave_there_is_no_refresh_token() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let code = house.code(&client, &[("scope", "launch/patient patient/*.rs")]).await;
    assert_eq!(text(&house.redeem(&client, &code).await, "refresh_token"), "");
    let (client, _) = house.client(|client| client.grants = vec![GrantType::AuthorizationCode]).await;
    let code = house.code(&client, &[]).await;
    let reply = house.redeem(&client, &code).await;
    assert_eq!(text(&reply, "refresh_token"), "");
    assert_eq!(text(&reply, "scope"), "openid fhirUser launch/patient patient/*.rs");
}
