//! Clocks that are off by an hour, here or there.

use oauth::{GrantType, Proof};

use crate::house::{Endpoint, House, START, error, text};
use crate::signer::{Curve, Says};

#[tokio::test]
async fn a_client_whose_clock_is_off_by_an_hour_is_told_so() {
    let house = House::new().await;
    let key = Curve::new();
    let service = |client: &mut oauth::Client| {
        client.proof = Proof::Keys { jwks: Some(key.jwks.clone()), jwks_uri: None };
        client.grants = vec![GrantType::ClientCredentials];
        client.redirect_uris = Vec::new();
        client.scope = "system/*.rs".to_owned();
    };
    let (client, _) = house.client(service).await;
    for (off, works) in [(-3600, false), (3600, false), (-300, false), (-299, true), (30, true), (31, false)] {
        let assertion = key.sign(&Says::honest("ES384", &client, &format!("j{off}"), START / 1000 + off));
        let pairs = [
            ("grant_type", "client_credentials"),
            ("scope", "system/*.rs"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ];
        let reply = house.post(Endpoint::Token, &pairs).await;
        assert_eq!(reply.status == 200, works, "{off}: {}", reply.text());
    }
}

#[tokio::test]
async fn when_the_clock_here_jumps_forward_what_has_ended_has_ended() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    let code = house.code(&client, &[]).await;
    assert!(house.works(&access).await);
    house.clock.move_seconds(3600);
    assert!(!house.works(&access).await);
    assert_eq!(error(&house.redeem(&client, &code).await), "invalid_grant");
    assert_eq!(house.refresh(&client, &refresh).await.status, 200);
}

#[tokio::test]
async fn when_the_clock_here_falls_back_nothing_that_was_used_is_good_again() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let code = house.code(&client, &[]).await;
    let reply = house.redeem(&client, &code).await;
    let next = house.refresh(&client, &text(&reply, "refresh_token")).await;
    house.clock.move_seconds(-3600);
    assert_eq!(house.refresh(&client, &text(&next, "refresh_token")).await.status, 200, "what holds goes on");
    assert_eq!(error(&house.redeem(&client, &code).await), "invalid_grant");
    assert!(!house.works(&text(&next, "access_token")).await);
}
