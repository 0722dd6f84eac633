//! Fifty at once, each planned on what was there before the first: one wins, and what it won ends, as one of two who come with the same thing has stolen it.

use std::sync::Arc;

use oauth::authorize::{Decision, Done};
use oauth::{GrantType, Proof, Reply};

use crate::house::{Endpoint, House, text};
use crate::signer::{Curve, Says};

const MANY: usize = 50;

/// What fifty get who send the same form.
async fn all_at_once(house: &Arc<House>, pairs: Vec<(&'static str, String)>) -> Vec<Reply> {
    let barrier = Arc::new(tokio::sync::Barrier::new(MANY));
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..MANY {
        let (house, pairs, barrier) = (house.clone(), pairs.clone(), barrier.clone());
        running.spawn(async move {
            barrier.wait().await;
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
            house.post(Endpoint::Token, &pairs).await
        });
    }
    running.join_all().await
}

fn winners(replies: &[Reply]) -> Vec<&Reply> {
    assert!(replies.iter().all(|reply| reply.status == 200 || text(reply, "error").starts_with("invalid_")), "{replies:?}");
    replies.iter().filter(|reply| reply.status == 200).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_one_code() {
    let house = Arc::new(House::gathering("redeem-code", MANY).await);
    let (client, _) = house.client(|_| {}).await;
    let code = house.code(&client, &[("scope", "launch/patient offline_access patient/*.rs")]).await;
    let pairs = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", client.clone()),
        ("code", code),
        ("redirect_uri", crate::house::BACK.to_owned()),
        ("code_verifier", crate::house::VERIFIER.to_owned()),
    ];
    let replies = all_at_once(&house, pairs).await;
    let won = winners(&replies);
    assert_eq!(won.len(), 1);
    assert!(!house.works(&text(won[0], "access_token")).await);
    assert_eq!(house.refresh(&client, &text(won[0], "refresh_token")).await.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_one_refresh_token() {
    let house = Arc::new(House::gathering("refresh", MANY).await);
    let (client, _) = house.client(|_| {}).await;
    let (before, refresh) = house.tokens(&client).await;
    let pairs = vec![("grant_type", "refresh_token".to_owned()), ("client_id", client.clone()), ("refresh_token", refresh)];
    let replies = all_at_once(&house, pairs).await;
    let won = winners(&replies);
    assert_eq!(won.len(), 1);
    assert!(!house.works(&before).await);
    assert!(!house.works(&text(won[0], "access_token")).await);
    assert_eq!(house.refresh(&client, &text(won[0], "refresh_token")).await.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_one_assertion() {
    let house = Arc::new(House::gathering("client-assertion", MANY).await);
    let key = Curve::new();
    let service = |client: &mut oauth::Client| {
        client.proof = Proof::Keys { jwks: Some(key.jwks.clone()), jwks_uri: None };
        client.grants = vec![GrantType::ClientCredentials];
        client.redirect_uris = Vec::new();
        client.scope = "system/*.rs".to_owned();
    };
    let (client, _) = house.client(service).await;
    let pairs = vec![
        ("grant_type", "client_credentials".to_owned()),
        ("scope", "system/*.rs".to_owned()),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
        ("client_assertion", key.sign(&Says::honest("ES384", &client, "j-1", crate::house::START / 1000))),
    ];
    let replies = all_at_once(&house, pairs).await;
    let won = winners(&replies);
    assert_eq!(won.len(), 1);
    assert!(house.works(&text(won[0], "access_token")).await, "the others had nothing to take from it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_one_device() {
    let house = Arc::new(House::gathering("redeem-device", MANY).await);
    let (client, _) = house.client(|client| client.grants.push(GrantType::DeviceCode)).await;
    let codes = house.post(Endpoint::Device, &[("client_id", &client), ("scope", "launch/patient patient/*.rs")]).await;
    let asked = house.provider.device_asked(&house.site, &text(&codes, "user_code")).await.unwrap();
    house.grant(&asked, &house.ada).await.unwrap();
    let pairs =
        vec![("grant_type", GrantType::DeviceCode.code().to_owned()), ("client_id", client), ("device_code", text(&codes, "device_code"))];
    let replies = all_at_once(&house, pairs).await;
    let won = winners(&replies);
    assert_eq!(won.len(), 1);
    assert!(!house.works(&text(won[0], "access_token")).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_one_launch() {
    let house = Arc::new(House::gathering("authorize", MANY).await);
    let (client, _) = house.client(|_| {}).await;
    let opened = oauth::launch::Opened { patient: Some("pat-9".to_owned()), ..Default::default() };
    let address = house.provider.launch(&house.site, &client, "ada", opened).await.unwrap();
    let launch = crate::house::param(&address, "launch").unwrap();
    let asked = house.begin(&client, &[("launch", &launch), ("scope", "launch patient/*.rs")]).await.unwrap();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..MANY {
        let (house, asked) = (house.clone(), asked.clone());
        running.spawn(async move {
            let decision = Decision { scopes: asked.scopes.clone(), patient: None, encounter: None };
            house.provider.finish(&house.site, &asked, &house.ada, crate::house::START, &decision).await
        });
    }
    let done = running.join_all().await;
    assert_eq!(done.iter().filter(|done| matches!(done, Ok(Done::Redirect(_)))).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_first_key_is_made_once() {
    let house = Arc::new(House::new().await);
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let house = house.clone();
        running.spawn(async move { house.provider.jwks().await });
    }
    for reply in running.join_all().await {
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let keys = house.provider.jwks().await;
    assert_eq!(crate::house::at(&keys, "keys").unwrap().as_array().unwrap().len(), 1);
}
