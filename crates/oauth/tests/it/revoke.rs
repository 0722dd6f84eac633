//! Revocation: both tokens end together, and only one's own.

use oauth::{GrantType, Proof};

use crate::house::{Endpoint, House, error, text};

#[tokio::test]
async fn either_token_takes_the_other_with_it() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    for which in [0, 1] {
        let (access, refresh) = house.tokens(&client).await;
        let token = [&access, &refresh][which];
        let reply = house.post(Endpoint::Revoke, &[("client_id", &client), ("token", token), ("token_type_hint", "access_token")]).await;
        assert_eq!((reply.status, reply.body.is_none()), (200, true));
        assert!(!house.works(&access).await);
        assert_eq!(error(&house.refresh(&client, &refresh).await), "invalid_grant");
    }
}

#[tokio::test]
async fn what_there_is_not_is_revoked_already() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, _) = house.tokens(&client).await;
    for token in ["ward_at_0", &access, &access] {
        assert_eq!(house.post(Endpoint::Revoke, &[("client_id", &client), ("token", token)]).await.status, 200);
    }
    assert_eq!(error(&house.post(Endpoint::Revoke, &[("client_id", &client)]).await), "invalid_request");
}

#[tokio::test]
async fn nobody_revokes_what_is_anothers() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (other, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    for token in [&access, &refresh] {
        assert_eq!(error(&house.post(Endpoint::Revoke, &[("client_id", &other), ("token", token)]).await), "unauthorized_client");
        assert_eq!(house.post(Endpoint::Revoke, &[("client_id", "c-none"), ("token", token)]).await.status, 401);
        assert_eq!(house.post(Endpoint::Revoke, &[("token", token)]).await.status, 401);
    }
    assert!(house.works(&access).await);
}

#[tokio::test]
async fn a_service_revokes_its_own() {
    let house = House::new().await;
    let service = |client: &mut oauth::Client| {
        client.proof = Proof::Secret { hashes: Vec::new() };
        client.grants = vec![GrantType::ClientCredentials];
        client.redirect_uris = Vec::new();
        client.scope = "system/*.rs".to_owned();
    };
    let (client, secret) = house.client(service).await;
    let secret = secret.unwrap();
    let who = [("client_id", &*client), ("client_secret", &*secret)];
    let reply = house.post(Endpoint::Token, &[who[0], who[1], ("grant_type", "client_credentials"), ("scope", "system/*.rs")]).await;
    let access = text(&reply, "access_token");
    assert!(house.works(&access).await);
    assert_eq!(house.post(Endpoint::Revoke, &[who[0], ("token", &access)]).await.status, 401);
    assert_eq!(house.post(Endpoint::Revoke, &[who[0], who[1], ("token", &access)]).await.status, 200);
    assert!(!house.works(&access).await);
}
