//! Signing keys: made once, replaced in time, published as long as anything that they signed holds.

use fhir::{Value, json};

use crate::house::{House, at, text};
use crate::signer::decoded;

const DAY: i64 = 86_400;

async fn published(house: &House) -> Vec<String> {
    let reply = house.provider.jwks().await;
    assert_eq!((reply.status, reply.max_age_seconds), (200, Some(300)), "{}", reply.text());
    let keys = at(&reply, "keys").and_then(Value::as_array).unwrap();
    keys.iter().map(|key| key.text("kid").unwrap().to_owned()).collect()
}

/// Which key signs.
async fn signs(house: &House, client: &str) -> String {
    let code = house.code(client, &[]).await;
    let token = text(&house.redeem(client, &code).await, "id_token");
    let header = json::parse(&decoded(token.split('.').next().unwrap())).unwrap();
    header.text("kid").unwrap().to_owned()
}

#[tokio::test]
async fn the_next_key_is_known_an_hour_before_it_signs_and_the_old_one_after() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.id_token_alg = oauth::IdTokenAlg::Rs256).await;
    let first = signs(&house, &client).await;
    assert_eq!(published(&house).await, std::slice::from_ref(&first));
    house.clock.move_seconds(90 * DAY - 3600);
    assert_eq!(signs(&house, &client).await, first);
    let both = published(&house).await;
    assert_eq!(both.len(), 2);
    house.clock.move_seconds(3599);
    assert_eq!(signs(&house, &client).await, first);
    house.clock.move_seconds(1);
    let second = signs(&house, &client).await;
    assert!(second != first && both.contains(&second));
    house.clock.move_seconds(899);
    assert_eq!(published(&house).await.len(), 2);
    house.clock.move_seconds(1);
    assert_eq!(published(&house).await, [second]);
}

#[tokio::test]
async fn a_key_that_may_be_known_is_replaced_at_once() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.id_token_alg = oauth::IdTokenAlg::Rs256).await;
    let first = signs(&house, &client).await;
    house.provider.rotate_keys().await.unwrap();
    let second = signs(&house, &client).await;
    assert_ne!(first, second);
    assert_eq!(published(&house).await.len(), 2);
    house.provider.withdraw_keys().await.unwrap();
    assert_eq!(published(&house).await, [second]);
}

#[tokio::test]
async fn a_server_that_restarts_signs_with_the_same_key() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.id_token_alg = oauth::IdTokenAlg::Rs256).await;
    let first = signs(&house, &client).await;
    assert_eq!(house.restarted().jwks().await.text(), house.provider.jwks().await.text());
    assert_eq!(published(&house).await, [first]);
}
