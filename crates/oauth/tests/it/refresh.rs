//! Refresh tokens: each once, bound to its client, never wider, dead with what they came from.

use oauth::Proof;

use crate::house::{Endpoint, House, error, text};

#[tokio::test]
async fn each_is_good_once_and_brings_the_next() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (_, mut refresh) = house.tokens(&client).await;
    for _ in 0..5 {
        house.clock.move_seconds(86_400);
        let reply = house.refresh(&client, &refresh).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(text(&reply, "patient"), "pat-1");
        assert!(house.works(&text(&reply, "access_token")).await);
        assert_ne!(text(&reply, "refresh_token"), refresh);
        refresh = text(&reply, "refresh_token");
    }
}

#[tokio::test]
async fn one_that_was_used_ends_its_whole_family() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (first, refresh) = house.tokens(&client).await;
    let second = house.refresh(&client, &refresh).await;
    let third = house.refresh(&client, &text(&second, "refresh_token")).await;
    assert_eq!(third.status, 200);
    assert_eq!(error(&house.refresh(&client, &refresh).await), "invalid_grant");
    assert_eq!(error(&house.refresh(&client, &text(&third, "refresh_token")).await), "invalid_grant");
    for token in [first, text(&second, "access_token"), text(&third, "access_token")] {
        assert!(!house.works(&token).await);
    }
}

#[tokio::test]
async fn another_client_gets_nothing_for_it_and_does_no_harm() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (other, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    assert_eq!(error(&house.refresh(&other, &refresh).await), "invalid_grant");
    assert_eq!(error(&house.refresh(&client, &access).await), "invalid_grant");
    assert_eq!(error(&house.refresh(&client, "ward_rt_0").await), "invalid_grant");
    assert_eq!(house.refresh(&client, &refresh).await.status, 200);
}

#[tokio::test]
async fn a_public_client_need_not_say_who_it_is_and_others_must() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    let anonymous = async |token: &str| house.post(Endpoint::Token, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await;
    let next = anonymous(&refresh).await;
    assert_eq!((next.status, &*text(&next, "patient")), (200, "pat-1"), "{}", next.text());
    assert_eq!(error(&anonymous(&access).await), "invalid_client");
    assert_eq!(error(&anonymous(&refresh).await), "invalid_grant", "it was used");
    assert!(!house.works(&text(&next, "access_token")).await);
    let (secretive, secret) = house.client(|client| client.proof = Proof::Secret { hashes: Vec::new() }).await;
    let code = house.code(&secretive, &[]).await;
    let pairs = [
        ("grant_type", "authorization_code"),
        ("client_id", &*secretive),
        ("client_secret", secret.as_deref().unwrap()),
        ("redirect_uri", crate::house::BACK),
        ("code", &*code),
        ("code_verifier", crate::house::VERIFIER),
    ];
    let given = house.post(Endpoint::Token, &pairs).await;
    assert_eq!(given.status, 200, "{}", given.text());
    assert_eq!(error(&anonymous(&text(&given, "refresh_token")).await), "invalid_client");
}

#[tokio::test]
async fn it_never_gives_more_and_may_give_less() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (_, refresh) = house.tokens(&client).await;
    let narrow = |scope: &'static str, token: String| {
        let (house, client) = (&house, &client);
        async move {
            let pairs = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", &*token), ("scope", scope)];
            house.post(Endpoint::Token, &pairs).await
        }
    };
    for wider in ["patient/*.cruds", "user/*.rs", "system/*.rs", "openid profile", "launch"] {
        assert_eq!(error(&narrow(wider, refresh.clone()).await), "invalid_scope", "{wider}");
    }
    let less = narrow("patient/Observation.r", refresh).await;
    assert_eq!(text(&less, "scope"), "patient/Observation.r");
    let all = house.refresh(&client, &text(&less, "refresh_token")).await;
    assert_eq!(text(&all, "scope"), "openid fhirUser launch/patient offline_access patient/*.rs");
}

#[tokio::test]
async fn what_was_taken_from_the_client_since_is_not_given_again() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (_, refresh) = house.tokens(&client).await;
    let kept = house.provider.find_client(house.site.tenant, &client).await.unwrap().unwrap();
    let mut less = kept.record.clone();
    less.scope = "openid offline_access patient/Observation.rs".to_owned();
    house.provider.change_client(&kept, &less).await.unwrap();
    assert_eq!(text(&house.refresh(&client, &refresh).await, "scope"), "openid offline_access patient/Observation.rs");
}

#[tokio::test]
async fn it_lasts_for_three_months_from_each_use_and_ends_when_it_is_not_used() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (_, mut refresh) = house.tokens(&client).await;
    for _ in 0..3 {
        house.clock.move_seconds(99 * 86_400);
        let reply = house.refresh(&client, &refresh).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert!(house.works(&text(&reply, "access_token")).await);
        refresh = text(&reply, "refresh_token");
    }
    house.clock.move_seconds(100 * 86_400);
    assert_eq!(error(&house.refresh(&client, &refresh).await), "invalid_grant");
}

#[tokio::test]
async fn while_the_user_is_there_means_while_the_session_is() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let code = house.code(&client, &[("scope", "openid online_access launch/patient patient/*.rs")]).await;
    let reply = house.redeem(&client, &code).await;
    let again = house.refresh(&client, &text(&reply, "refresh_token")).await;
    assert_eq!(again.status, 200);
    let session = house.directory.get::<identity::session::Session>("session-ada").await.unwrap().unwrap();
    house
        .directory
        .apply(identity::directory::Changes::new("sign-out", identity::chronicle::Told::Nothing("a test")).remove(&session))
        .await
        .unwrap();
    assert!(!house.works(&text(&again, "access_token")).await);
    assert_eq!(error(&house.refresh(&client, &text(&again, "refresh_token")).await), "invalid_grant");
}

#[tokio::test]
async fn a_session_that_is_over_is_over_for_apps_too() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let code = house.code(&client, &[("scope", "online_access launch/patient patient/*.rs")]).await;
    let reply = house.redeem(&client, &code).await;
    house.clock.move_seconds(12 * 3600 - 60);
    let next = house.refresh(&client, &text(&reply, "refresh_token")).await;
    assert!(house.works(&text(&next, "access_token")).await);
    house.clock.move_seconds(61);
    assert!(!house.works(&text(&next, "access_token")).await);
    assert_eq!(error(&house.refresh(&client, &text(&next, "refresh_token")).await), "invalid_grant");
}

#[tokio::test]
async fn offline_access_outlives_the_session_and_ends_when_all_are_ended() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    let session = house.directory.get::<identity::session::Session>("session-ada").await.unwrap().unwrap();
    house
        .directory
        .apply(identity::directory::Changes::new("sign-out", identity::chronicle::Told::Nothing("a test")).remove(&session))
        .await
        .unwrap();
    assert!(house.works(&access).await);
    let next = house.refresh(&client, &refresh).await;
    assert_eq!(next.status, 200);
    house.change_user("ada", |user| user.generation += 1).await;
    assert!(!house.works(&text(&next, "access_token")).await);
    assert_eq!(error(&house.refresh(&client, &text(&next, "refresh_token")).await), "invalid_grant");
}

#[tokio::test]
async fn a_confidential_client_proves_itself_each_time() {
    let house = House::new().await;
    let (client, secret) = house.client(|client| client.proof = Proof::Secret { hashes: Vec::new() }).await;
    let secret = secret.unwrap();
    let code = house.code(&client, &[]).await;
    let pairs = [
        ("grant_type", "authorization_code"),
        ("client_id", &client),
        ("client_secret", &secret),
        ("code", &code),
        ("redirect_uri", crate::house::BACK),
        ("code_verifier", crate::house::VERIFIER),
    ];
    let reply = house.post(Endpoint::Token, &pairs).await;
    assert_eq!(reply.status, 200);
    assert_eq!(error(&house.refresh(&client, &text(&reply, "refresh_token")).await), "invalid_client");
}
